"""What a case's page says: the steps made and to come, what is missing, the next act."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.words import short_day
from shared_apps.onboarding import late
from shared_apps.onboarding.models import Case, CaseContact, CaseEvent
from shared_apps.signing import keys

State = Case.State
LATE_AFTER = 30  # days without a step before a case is shown as late

# The road to the opening, in the order of the page.
ROAD: dict[str, Any] = {
    State.PROSPECT: gettext_lazy("Prospect"),
    State.CONTACTED: gettext_lazy("Contactée"),
    State.DRAFTED: gettext_lazy("Projet de convention"),
    State.DELIBERATED: gettext_lazy("Délibération"),
    State.SIGNED_BY_COMMUNE: gettext_lazy("Signée par la commune"),
    State.SIGNED_BY_BOTH: gettext_lazy("Signée par l’académie"),
    State.PROVISIONING: gettext_lazy("Ouverture"),
    State.OPEN: gettext_lazy("Ouverte"),
}


@dataclass(frozen=True, slots=True)
class Act:
    """The one filled button: its words, where it leads, what is missing until it is done, when to do it."""

    label: Any
    url_name: str
    waits_for: Any
    help: Any
    permission: str = "onboarding.manage_case"
    is_online: bool = False  # its page is the convention's


ACTS: dict[str, Act] = {
    State.PROSPECT: Act(
        gettext_lazy("Noter le premier contact"),
        "onboarding:contacted",
        gettext_lazy("La commune n’a pas encore été contactée."),
        gettext_lazy("Dès que la mairie a été jointe, par téléphone ou par courrier."),
    ),
    State.CONTACTED: Act(
        gettext_lazy("Rédiger la convention"),
        "onboarding:draft",
        gettext_lazy("La convention n’est pas rédigée."),
        gettext_lazy("Choisissez les écoles : la convention et ses annexes sont prêtes aussitôt."),
    ),
    State.DRAFTED: Act(
        gettext_lazy("Enregistrer la délibération"),
        "onboarding:deliberation",
        gettext_lazy("Le conseil municipal n’a pas délibéré."),
        gettext_lazy("Quand l’extrait du registre du conseil municipal arrive."),
    ),
    State.DELIBERATED: Act(
        gettext_lazy("Enregistrer la signature de la commune"),
        "onboarding:sign_commune",
        gettext_lazy("La commune n’a pas signé."),
        gettext_lazy("Quand l’exemplaire signé par le maire revient."),
    ),
    State.SIGNED_BY_COMMUNE: Act(
        gettext_lazy("Enregistrer la signature de l’académie"),
        "onboarding:sign_academy",
        gettext_lazy("L’académie n’a pas signé."),
        gettext_lazy("C’est le dernier acte avant l’ouverture."),
    ),
}

# Instead, where the platform has a seal, or once the commune has signed online.
ONLINE: dict[str, Act] = {
    State.DELIBERATED: Act(
        gettext_lazy("Envoyer à la signature en ligne"),
        "onboarding:invite",
        ACTS[State.DELIBERATED].waits_for,
        gettext_lazy("La mairie reçoit un lien et signe sur son écran ; l’académie signe ensuite le même fichier."),
        is_online=True,
    ),
    State.SIGNED_BY_COMMUNE: Act(
        gettext_lazy("Signer pour l’académie"),
        "onboarding:sign",
        ACTS[State.SIGNED_BY_COMMUNE].waits_for,
        gettext_lazy("La commune a signé en ligne : votre signature s’ajoute au même fichier."),
        is_online=True,
    ),
}


def act_of(case: Case) -> Act | None:
    found = late.next_of(case)
    if found is None:
        return (ONLINE if _goes_online(case) else ACTS).get(case.state)
    url_name, label, help_text, permission = found.act
    return Act(label, url_name, found.what, help_text, permission)


def _goes_online(case: Case) -> bool:
    convention = case.convention
    can_start = case.state == State.DELIBERATED and keys.is_configured()
    return convention is not None and case.state in ONLINE and (can_start or convention.is_electronic)


TAGS: dict[str, tuple[str, str]] = {
    State.PROSPECT: ("neutral", "flag"),
    State.CONTACTED: ("neutral", "phone"),
    State.DRAFTED: ("info", "file-text"),
    State.DELIBERATED: ("info", "scales"),
    State.SIGNED_BY_COMMUNE: ("info", "signature"),
    State.SIGNED_BY_BOTH: ("ok", "seal-check"),
    State.PROVISIONING: ("warn", "hourglass-medium"),
    State.OPEN: ("ok", "check-circle"),
}


def tag(case: Case | None) -> dict[str, str]:
    """How the state of a commune is shown: a word, an icon, a tone."""
    if case is None:
        return {"label": _("pas de dossier"), "tone": "neutral", "icon": ""}
    tone, icon = TAGS.get(case.state, ("warn", "info"))
    return {"label": case.get_state_display(), "tone": tone, "icon": icon}


def steps(case: Case) -> list[dict[str, Any]]:
    """For the component: done with date and person, the one in hand, those to come."""
    events = _since_its_return(case)
    reached = [state for state in ROAD if state in events]
    current = _current(case, reached)
    return [
        {
            "label": label,
            "state": "current" if state == current else "done" if state in events else "waiting",
            "date": short_day(events[state].on) if state in events else "",
            "detail": _detail(events.get(state)),
        }
        for state, label in ROAD.items()
    ]


def _since_its_return(case: Case) -> dict[str, CaseEvent]:
    """A commune that came back is on a road of its own."""
    events: dict[str, CaseEvent] = {}
    for event in case.events.all():
        events = {} if event.state == State.PROSPECT else events
        events[event.state] = event
    return events


def _current(case: Case, reached: list[str]) -> str | None:
    if case.state == State.PROVISIONING:
        return case.state
    road = list(ROAD)
    after = road.index(reached[-1]) + 1 if reached else 0
    return road[after] if after < len(road) else None


def _detail(event: CaseEvent | None) -> str:
    if event is None:
        return ""
    return event.detail or (event.recorded_by.get_full_name() if event.recorded_by else "")


def gaps(case: Case) -> list[str]:
    """What the commune's first day would miss. It opens all the same."""
    is_before = case.state in ROAD and case.state != State.OPEN
    return _missing_contacts(case) if is_before else []


def _missing_contacts(case: Case) -> list[str]:
    contacts = list(case.contacts.all())
    found = []
    if not any(c.role == CaseContact.Role.SCHOOL_SERVICE for c in contacts):
        found.append(_("Personne n’est connu aux affaires scolaires : la mairie n’aura pas de compte."))
    heads = {c.school_id for c in contacts if c.role == CaseContact.Role.HEAD}
    missing = [uai for uai in case.schools if uai not in heads]
    if missing:
        text = ngettext(
            "%(count)s école n’a pas de direction connue : elle n’aura pas de compte.",
            "%(count)s écoles n’ont pas de direction connue : elles n’auront pas de compte.",
            len(missing),
        )
        found.append(text % {"count": len(missing)})
    return found


def waiting_line(case: Case) -> dict[str, Any]:
    """A case among what waits for its owner, on the home page."""
    from shared_apps.onboarding.blocking import blocker

    act, waits, overdue = act_of(case), blocker(case), getattr(case, "late_tasks", 0)
    detail = waits.what if waits else _("Convention signée des deux côtés : la commune peut ouvrir.")
    if overdue:
        words = ngettext("%(count)s tâche en retard", "%(count)s tâches en retard", overdue) % {"count": overdue}
        detail = f"{detail} {words.capitalize()}."
    return {
        "case": case,
        "title": case.commune.name,
        "since": waits.since if waits else case.state_since,
        "who": waits.who if waits else "",
        "late_tasks": overdue,
        "is_late": bool(overdue) or (waits is not None and waits.is_late),
        "detail": detail,
        "act": str(act.label) if act else _("Ouvrir la commune"),
    }
