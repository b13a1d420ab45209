"""A commune whose convention was ended: archived, its packages made, waiting for its erasure and the day of the law."""

from datetime import date, timedelta

from core.tenancy import in_public
from provisioning.demo import academy
from provisioning.demo.clock import at, moment
from shared_apps.lifecycle import packages, services
from shared_apps.lifecycle.models import Ending
from shared_apps.onboarding.models import Case
from shared_apps.reference.models import RefSchool

ARMISSAN = academy.Town(
    "11014", "Marie-Claude Bertrand-Roques", ("Régine", "Pla"), {"0110084G": ("Denis", "Portal")}, weeks=6
)
OPENED, ENDED = timedelta(days=200), timedelta(days=64)  # ago
READ = timedelta(days=61)  # then the door is closed


def seed(today: date) -> None:
    """Where the académie's files are there. Safe to repeat, also after a seed that was killed; one whose history came
    from a file of adhesions is left to that file.
    """
    with in_public():
        cases, schools = Case.objects.for_commune(ARMISSAN.insee), RefSchool.objects.current().public()
        if not schools.of_commune(ARMISSAN.insee).exists() or cases.exclude(imported_on=None).exists():
            return
        officer = academy.staff()[academy.Role.DEPLOYMENT]
        academy.advance(officer, ARMISSAN, today - OPENED, Case.State.SIGNED_BY_BOTH)
        with at(moment(today - OPENED)):
            academy.open_space(officer, ARMISSAN)
        case, ended_on = cases.get(), today - ENDED
        if case.state == Case.State.OPEN:
            reason = "la commune rejoint l’espace numérique de son intercommunalité"
            with at(moment(ended_on)):
                services.terminate(actor=officer, case=case, on=ended_on, reason=reason)
        for ending in Ending.objects.going_on().filter(case=case):
            with at(moment(ended_on + READ)):
                services.archive(ending=ending)
            while packages.build_one():
                pass
