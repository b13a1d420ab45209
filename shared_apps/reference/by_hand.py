"""Between two official files: a school opens or closes, a name changes, communes become one, a day moves."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.text import sort_key
from shared_apps.audit import services as audit
from shared_apps.reference.models import CalendarDay, RefCommune, ReferenceAct, RefSchool
from shared_apps.reference.refreshing import check
from shared_apps.reference.uai import is_uai
from tenants.models import Commune, Domain

What = ReferenceAct.What


def _keep(actor: Any, what: str, code: str, words: str, reason: str) -> None:
    ReferenceAct.objects.create(what=what, code=code, words=words[:300], reason=reason, done_by=actor)
    audit.record(actor=actor, action=f"reference.{what}", code=code)


# --- schools


@transaction.atomic
def open_school(*, actor: Any, uai: str, reason: str, **facts: Any) -> RefSchool:
    """`facts`: name, kind, sector, commune, district, opened_on."""
    check(actor)
    if not is_uai(uai):
        raise DomainError(_("Ce numéro UAI est faux : sa lettre ne correspond pas à ses chiffres."), code="uai")
    if RefSchool.objects.filter(uai=uai).exists():
        raise DomainError(_("Cette école est déjà connue : ouvrez sa page pour la rouvrir."), code="known")
    school = RefSchool.objects.create(uai=uai, sort_name=sort_key(facts["name"]), **facts)
    _keep(actor, What.OPENED, uai, school.name, reason)
    return school


@transaction.atomic
def close_school(*, actor: Any, school: RefSchool, on: date, reason: str) -> None:
    """It leaves the counts and stays readable in the conventions that name it."""
    check(actor)
    school = RefSchool.objects.select_for_update(of=("self",)).get(pk=school.pk)
    if school.removed_on is not None:
        raise DomainError(_("Cette école est déjà fermée."), code="closed")
    if on > timezone.localdate():
        raise DomainError(_("Cette date est à venir : fermez l’école ce jour-là."), code="future")
    school.removed_on = on
    school.save(update_fields=["removed_on", "updated_at"])
    _keep(actor, What.CLOSED, school.uai, school.name, reason)


@transaction.atomic
def reopen_school(*, actor: Any, school: RefSchool, reason: str) -> None:
    check(actor)
    school = RefSchool.objects.select_for_update(of=("self",)).get(pk=school.pk)
    if school.removed_on is None:
        raise DomainError(_("Cette école est déjà ouverte."), code="open")
    school.removed_on = None
    school.save(update_fields=["removed_on", "updated_at"])
    _keep(actor, What.REOPENED, school.uai, school.name, reason)


@transaction.atomic
def rename(*, actor: Any, row: RefSchool | RefCommune, name: str, reason: str) -> None:
    """The name of the commune's space and its address don't follow by themselves: people know them."""
    check(actor)
    before = row.name
    row.name, row.sort_name = name, sort_key(name)
    row.save(update_fields=["name", "sort_name", "updated_at"])
    code = row.uai if isinstance(row, RefSchool) else row.insee
    _keep(actor, What.RENAMED, code, _("%(before)s → %(after)s") % {"before": before, "after": name}, reason)


# --- communes nouvelles


@transaction.atomic
def merge_communes(
    *, actor: Any, into: RefCommune, absorbed: Sequence[RefCommune], name: str, on: date, reason: str
) -> None:
    """The absorbed ones leave the counts on that day; their schools become the successor's. Spaces, addresses, cases
    and conventions are left as they are: what becomes of them is decided by people.
    """
    check(actor)
    codes = [row.insee for row in absorbed]
    locked = {
        row.insee: row
        for row in RefCommune.objects.select_for_update(of=("self",)).filter(insee__in=[into.insee, *codes])
    }
    into = locked[into.insee]
    rows = [locked[code] for code in codes]
    _check_merge(into, rows, on)
    for row in rows:
        row.successor, row.merged_on, row.removed_on = into, on, on
        row.save(update_fields=["successor", "merged_on", "removed_on", "updated_at"])
    RefSchool.objects.filter(commune__in=codes, former_commune=None).update(former_commune=F("commune"))
    RefSchool.objects.filter(commune__in=codes).update(commune=into, updated_at=timezone.now())
    into.population += sum(row.population for row in rows)
    into.postal_codes = " ".join(dict.fromkeys(" ".join([into.postal_codes, *(r.postal_codes for r in rows)]).split()))
    into.name, into.sort_name = name, sort_key(name)
    into.save(update_fields=["population", "postal_codes", "name", "sort_name", "updated_at"])
    words = _("%(absorbed)s → %(into)s") % {"absorbed": ", ".join(row.name for row in rows), "into": name}
    _keep(actor, What.MERGED, into.insee, words, reason)


def _check_merge(into: RefCommune, absorbed: Sequence[RefCommune], on: date) -> None:
    if not absorbed or into.insee in {row.insee for row in absorbed}:
        raise DomainError(_("Une commune ne se réunit pas à elle-même."), code="itself")
    if on > timezone.localdate():
        raise DomainError(_("Cette date est à venir : réunissez-les ce jour-là."), code="future")
    for row in [into, *absorbed]:
        if row.removed_on is not None:
            raise DomainError(_("%(name)s n’est plus dans le référentiel.") % {"name": row.name}, code="gone")


def consequences(rows: Sequence[RefCommune]) -> list[dict[str, Any]]:
    """What a merge does, and does not do, to each commune: read before it is confirmed."""
    spaces = {c.insee: c for c in Commune.objects.filter(insee__in=[row.insee for row in rows])}
    domains = dict(
        Domain.objects.filter(tenant__in=spaces.values(), is_primary=True).values_list("tenant__insee", "domain")
    )
    found = RefCommune.objects.filter(pk__in=[row.pk for row in rows]).select_related("case")
    return [
        {"commune": row, "words": _consequence(row, domains.get(row.insee))}
        for row in found.order_by("sort_name", "id")
    ]


def _consequence(row: RefCommune, domain: str | None) -> list[str]:
    case = getattr(row, "case", None)
    if case is None:
        return [_("N’a pas adhéré : ses écoles passent à la commune nouvelle, rien d’autre ne change.")]
    words = [
        _("Dossier « %(state)s » : il reste à son nom, avec sa convention, jusqu’à un avenant ou une autre signature.")
        % {"state": case.get_state_display()}
    ]
    if domain:
        words.append(
            _(
                "Son espace reste ouvert à l’adresse %(domain)s : personne ne change d’adresse ni de mot de passe. "
                "Réunir deux espaces est décidé par les deux mairies, jamais par ce formulaire."
            )
            % {"domain": domain}
        )
    return words


# --- calendar


@transaction.atomic
def save_day(*, actor: Any, day: CalendarDay | None, reason: str, **facts: Any) -> CalendarDay:
    check(actor)
    if facts["ends_on"] < facts["starts_on"]:
        raise DomainError(_("Le dernier jour doit suivre le premier."), code="order")
    day = day or CalendarDay(zone="C")
    for name, value in facts.items():
        setattr(day, name, value)
    twins = CalendarDay.objects.filter(zone="C", school_year=day.school_year, kind=day.kind, label=day.label)
    if twins.exclude(pk=day.pk).exists():
        raise DomainError(_("Ce libellé existe déjà cette année-là : modifiez-le."), code="twin")
    day.removed_on = None
    day.save()
    _keep(actor, What.DAY, "", _("%(label)s : %(first)s – %(last)s") % _of(day), reason)
    return day


@transaction.atomic
def remove_day(*, actor: Any, day: CalendarDay, reason: str) -> None:
    check(actor)
    day.removed_on = timezone.localdate()
    day.save(update_fields=["removed_on", "updated_at"])
    _keep(actor, What.DAY, "", _("%(label)s : retiré") % _of(day), reason)


def _of(day: CalendarDay) -> dict[str, Any]:
    return {"label": day.label, "first": day.starts_on.isoformat(), "last": day.ends_on.isoformat()}
