# One word each: `make help`.
PYTHON := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help setup demo services reset test check fix bench bench-quick messages

help: ## cette liste
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r word what; do \
		printf '  make %-12s %s\n' "$$word" "$$what"; done

setup: ## l’environnement (.venv), fait par les autres commandes quand il le faut
	@infra/setup.sh

demo: setup ## la plateforme entière sur cette machine (PORT=8000), jusqu’à Ctrl-C
	@PORT='$(PORT)' exec $(PYTHON) infra/run.py demo

services: setup ## base de données et file d’attente seules, pour qui développe
	@PORT='$(PORT)' exec $(PYTHON) infra/run.py services

reset: setup ## efface les données de la démonstration
	@exec $(PYTHON) infra/run.py reset

test: setup ## toute la suite, parcours dans un navigateur compris
	@chromium=$$($(PYTHON) infra/chromium.py) && \
		ENT_CHROMIUM="$$chromium" $(PYTHON) -m pytest -n 2 --dist loadgroup $(ARGS)

check: setup ## style, étages, types, gabarits, catalogue, migrations
	@infra/check.sh

fix: setup ## met le code en forme
	@.venv/bin/ruff check --fix . ; .venv/bin/ruff format .

bench: setup ## mesures contre django-tenants seul (30 minutes au plus)
	@$(PYTHON) -m tests.bench.run

bench-quick: setup ## les mêmes en petit (5 minutes au plus)
	@$(PYTHON) -m tests.bench.run --quick

messages: setup ## recueille les phrases du code dans le catalogue
	@$(PYTHON) infra/catalogue.py update
