"""What the académie announced: an intervention to come, an incident of last week, ninety days of measures, news."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from core.tenancy import in_public
from provisioning.demo import academy
from provisioning.demo.clock import at, moment
from shared_apps.accounts.models import StaffRole
from shared_apps.maintenance import services, slots, state
from shared_apps.maintenance.models import Change, Incident, Part, PartDay, Window

MINUTES = 90
A_DAY = 24 * 60  # measures
INCIDENT_DAYS_AGO, INCIDENT_MINUTES = 9, 48


def seed(today: date) -> None:
    """Safe to repeat: what is there is left as it is."""
    with in_public():
        people = academy.staff()
        if not Window.objects.exists():
            _window(people[StaffRole.Role.DEPLOYMENT])
        if not Incident.objects.exists():
            _incident(people[StaffRole.Role.ADMINISTRATOR], today - timedelta(days=INCIDENT_DAYS_AGO))
        _measures(today)
        _news(people[StaffRole.Role.ADMINISTRATOR], today)
        state.write_state()


def _window(officer: object) -> None:
    [start] = slots.next_slots(MINUTES, count=1)
    services.plan_window(
        actor=officer,
        title="Nous agrandissons l’espace des documents",
        detail="Les documents déjà déposés ne bougent pas.",
        access=Window.Access.READ_ONLY,
        starts_at=start,
        ends_at=start + timedelta(minutes=MINUTES),
        parts=[Part.FILES],
    )


def _incident(admin: object, day: date) -> None:
    begins = moment(day, 8, 12)
    with at(begins + timedelta(minutes=6)):
        facts = {"title": "Les mots arrivent en retard", "severity": Incident.Severity.MINOR, "started_at": begins}
        words = "Les mots sont enregistrés, mais les familles les reçoivent tard. Nous cherchons. Suite à 8 h 45."
        incident = services.open_incident(actor=admin, parts=[Part.MESSAGES], words=words, **facts)
    with at(begins + timedelta(minutes=INCIDENT_MINUTES)):
        words = "Tout est parti. Aucun mot n’est perdu : rien n’est à refaire."
        cause = "un service d’envoi trop lent, remplacé"
        services.end_incident(actor=admin, incident=incident, words=words, cause=cause)


def _measures(today: date) -> None:
    """Of the days before this one; today is measured for real."""
    if PartDay.objects.exists():
        return
    late = {(Part.MESSAGES, today - timedelta(days=INCIDENT_DAYS_AGO)): INCIDENT_MINUTES}
    late[(Part.MAIL, today - timedelta(days=40))] = 7
    days = [timezone.localdate() - timedelta(days=n) for n in range(1, state.DAYS)]
    PartDay.objects.bulk_create(
        PartDay(part=part, day=day, checks=A_DAY, failures=late.get((part, day), 0), last_at=_evening(day))
        for part in Part
        for day in days
    )


def _evening(day: date) -> datetime:
    return moment(day, 23, 59)


def _news(admin: object, today: date) -> None:
    services.take_shipped_changes()
    drafts = list(Change.objects.filter(published_at=None).exclude(shipped_as="").order_by("shipped_as"))
    for number, change in enumerate(drafts):
        with at(moment(today - timedelta(days=3 * (len(drafts) - number) - 2))):
            services.publish_change(actor=admin, change=change)
