"""The words of conventions, by version: one writes the next, no version changes."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit import services as audit
from shared_apps.onboarding import texts
from shared_apps.onboarding.models import Convention, ConventionTemplate, SignatoryParty


def write_template(*, actor: Any, kind: str, articles: str, privacy: str, reason: str) -> ConventionTemplate:
    """The next version, in force at once for the drafts to come.

    Raises DomainError: no_title, unknown_placeholder, stray_brace, unchanged.
    """
    for text in filter(None, (articles, privacy)):
        texts.check(kind, text)
    before = texts.current(kind)
    if (_plain(articles), _plain(privacy)) == (_plain(before.articles), _plain(before.privacy)):
        raise DomainError(_("Rien n’a changé : la version en vigueur dit déjà cela."), code="unchanged")
    try:
        with transaction.atomic():
            template = ConventionTemplate.objects.create(
                kind=kind,
                version=_next_version(kind),
                articles=articles,
                privacy=privacy,
                reason=reason,
                created_by=actor,
            )
            _put_in_force(actor, template)
    except IntegrityError:
        raise DomainError(_("Quelqu’un vient d’écrire une version : relisez-la."), code="raced") from None
    return template


def choose_template(*, actor: Any, template: ConventionTemplate) -> None:
    """An earlier version is in force again, for the drafts to come."""
    with transaction.atomic():
        _put_in_force(actor, template)


def _put_in_force(actor: Any, template: ConventionTemplate) -> None:
    now = timezone.now()
    ConventionTemplate.objects.filter(kind=template.kind, is_current=True).update(is_current=False, updated_at=now)
    ConventionTemplate.objects.filter(pk=template.pk).update(is_current=True, updated_at=now)
    audit.record(actor=actor, action="onboarding.template_chosen", obj=template, version=template.version)


def _next_version(kind: str) -> str:
    """« 2026.2 » after « 2026.1 », the shipped one counted."""
    year = timezone.localdate().year
    versions = [*ConventionTemplate.objects.filter(kind=kind).values_list("version", flat=True), texts.SHIPPED_VERSION]
    of_year = [int(v.partition(".")[2]) for v in versions if v.startswith(f"{year}.")]
    return f"{year}.{max(of_year, default=0) + 1}"


def _plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def known_party(*, kind: str, name: str, siren: str) -> SignatoryParty:
    """The EPCI or the syndicat, one row for all its communes."""
    party, _created = SignatoryParty.objects.update_or_create(siren=siren, defaults={"kind": kind, "name": name})
    return party


def kinds() -> list[tuple[str, Any]]:
    return list(Convention.Kind.choices)
