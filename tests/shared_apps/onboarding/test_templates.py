"""The words of conventions, by version; who signs for a commune when it isn't its mayor; the API."""

import pytest

from shared_apps.onboarding import documents, texts
from shared_apps.onboarding.models import Convention, ConventionTemplate, SignatoryParty
from tests.shared_apps.onboarding import factories, online
from tests.shared_apps.onboarding.factories import NARBONNE
from tests.shared_apps.onboarding.pages import text, url

pytestmark = pytest.mark.django_db
WORDS = {"articles": "## Article 1. Objet\n\nPour {commune} : {ecoles}.", "privacy": "## Durées\n\nTrois mois."}


@pytest.fixture
def writer(reference, academy):
    return academy(factories.staff("Bruno", "Castel", role=factories.Role.CONVENTIONS))


def write(browser, **changes):
    return browser.post(url("write_template", "convention"), WORDS | {"reason": "Plus court"} | changes)


def said(convention) -> str:
    return str(documents.document(convention)["articles"])


def test_a_new_version_is_for_the_drafts_to_come(writer, officer):
    before = factories.drafted(officer).convention
    write(writer)
    after = factories.drafted(officer, factories.LEZIGNAN).convention
    assert (before.template_version, after.template_version) == ("2026.1", "2026.2")
    assert "Pour Lézignan-Corbières" in said(after)
    assert "Article 9" in said(before)


def test_an_earlier_version_may_be_in_force_again(writer):
    write(writer)
    write(writer, articles="## Autre\n\nMots.", reason="Essai")
    writer.post(url("choose_template", "convention", "2026.2"))
    assert texts.current("initial").version == "2026.2"
    assert list(ConventionTemplate.objects.filter(is_current=True).values_list("version", flat=True)) == ["2026.2"]


@pytest.mark.parametrize(
    ("articles", "words"),
    [
        ("Pas de titre.", "Commencez par un titre"),
        ("## Titre\n\nBonjour {prenom}", "« {prenom} » n’est pas connu"),
        ("## Titre\n\nBonjour {commune", "Une accolade est seule"),
    ],
    ids=["no title", "unknown placeholder", "stray brace"],
)
def test_words_that_would_not_print_are_refused_with_the_reason(writer, articles, words):
    assert words in text(write(writer, articles=articles))
    assert not ConventionTemplate.objects.exists()


def test_the_same_words_are_no_new_version(writer):
    shipped = texts.shipped("initial")
    answer = write(writer, articles=shipped.articles.replace("\n", "\r\n"), privacy=shipped.privacy)
    assert "Rien n’a changé" in text(answer)


def test_words_are_never_read_as_a_program(writer, officer):
    write(writer, articles='## Titre #panic("x")\n\n#read("/etc/passwd") $ * _ ` {commune}')
    convention = factories.drafted(officer).convention
    assert '#read("/etc/passwd")' in said(convention)
    assert documents.convention_pdf(convention).startswith(b"%PDF-")


def test_the_preview_shows_the_words_and_keeps_nothing(writer, officer):
    factories.drafted(officer)
    answer = write(writer, act="preview", reason="")
    assert answer["Content-Type"] == "application/pdf"
    assert not ConventionTemplate.objects.exists()


def test_each_version_has_its_pdf(writer, officer):
    factories.drafted(officer)
    write(writer)
    for version in ("2026.1", "2026.2"):
        assert writer.get(url("template_pdf", "convention", version)).content.startswith(b"%PDF-")
    assert writer.get(url("template_pdf", "convention", "2026.9")).status_code == 404


def test_the_list_tells_which_version_is_in_force(writer):
    write(writer)
    page = text(writer.get(url("templates")))
    assert "2026.2" in page
    assert "Plus court" in page


# --- who signs


def draft(browser, **fields):
    facts = {"uais": factories.uais(NARBONNE)[:2], "drafted_on": factories.days_ago(3).isoformat()}
    return browser.post(url("draft", NARBONNE), facts | fields)


def test_the_president_of_the_epci_signs_for_several_communes(browser, officer):
    factories.contacted(officer)
    draft(browser, signatory="epci")
    party = SignatoryParty.objects.get()
    assert party.kind == "epci"
    data = documents.document(Convention.objects.get())
    assert data["party"]["siren"] == party.siren
    assert party.name in text(browser.get(url("convention", Convention.objects.get().number)))


def test_a_syndicat_is_one_row_for_all_its_communes(browser, officer):
    facts = {"signatory": "syndicat", "party_name": "SIVU des écoles", "party_siren": "251100017"}
    for insee in (NARBONNE, factories.LEZIGNAN):
        factories.contacted(officer, insee)
        uais = factories.uais(insee)[:1]
        facts |= {"uais": uais, "drafted_on": factories.days_ago(3).isoformat()}
        browser.post(url("draft", insee), facts)
    assert SignatoryParty.objects.get().conventions.count() == 2


def test_a_syndicat_needs_a_name_and_nine_digits(browser, officer):
    factories.contacted(officer)
    assert "Nommez le syndicat" in text(draft(browser, signatory="syndicat"))
    assert "neuf chiffres" in text(draft(browser, signatory="syndicat", party_name="S", party_siren="12"))


# --- the API


def test_the_api_gives_conventions_and_their_signatures(browser, officer):
    convention = factories.deliberated(officer).convention
    online.sign_as_mayor(browser, convention)
    told = browser.get(f"/api/v1/conventions/{convention.number}/").json()
    assert told["commune"] == NARBONNE
    assert told["sha256"] == online.fresh(convention).sealed.sha256
    assert [(s["side"], s["is_electronic"]) for s in told["signatures"]] == [("commune", True)]
    assert told["in_force_on"] is None


def test_the_api_asks_no_more_questions_for_more_conventions(browser, officer, django_assert_max_num_queries):
    factories.drafted(officer)
    factories.drafted(officer, factories.LEZIGNAN)
    factories.drafted(officer, factories.COURSAN)
    with django_assert_max_num_queries(12):
        rows = browser.get("/api/v1/conventions/?department=11").json()["results"]
    assert len(rows) == 3
    assert browser.get("/api/v1/conventions/?kind=amendment").json()["results"] == []
