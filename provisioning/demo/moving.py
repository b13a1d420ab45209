"""Staff of the académie between two communes: a teacher of the RASED for the year, a substitute for some days."""

from datetime import date, timedelta

from django.utils import timezone

from core.tenancy import in_public, in_schema
from provisioning.demo import academy
from provisioning.demo.clock import at, moment
from provisioning.demo.doors import accept_charters
from shared_apps.accounts.models import StaffRole
from shared_apps.mobility import following, services
from shared_apps.mobility.models import MovingStaff, Posting
from shared_apps.reference.models import RefSchool

DAYS = 12  # of the substitute, from the day the demo is set up
STAFF = (
    ("Camille", "Fabre-Lagarde", "rased", ("0110427E", "0110429G", "0110357D")),
    ("Youssef", "Benali", "brigade", ("0110427E",)),
)


def seed(since: date) -> None:
    """Safe to repeat: who is there is left as it is."""
    with in_public():
        if MovingStaff.objects.exists():
            return
        officer = academy.staff()[StaffRole.Role.DEPLOYMENT]
        for first, last, role, uais in STAFF:
            schools = RefSchool.objects.filter(uai__in=uais).order_by("uai")
            today = timezone.localdate()
            days = {"starts_on": today, "ends_on": today + timedelta(days=DAYS)}
            with at(moment(since, 10)):
                mail = f"{first}.{last}@ac-montpellier.example".lower()
                staff = services.add_staff(actor=officer, first_name=first, last_name=last, email=mail)
            if role == "rased":
                days = {"starts_on": since, "ends_on": date(since.year + (since.month > 8), 9, 1)}
            services.post_staff(actor=officer, staff=staff, schools=schools, role=role, **days)
            following.follow(staff.pk)
            staff.user.activated_at = timezone.now()
            staff.user.save(update_fields=["activated_at"])
        accept_charters()
        schemas = set(Posting.objects.values_list("commune__schema_name", flat=True))
    for schema in schemas:
        with in_schema(schema):
            accept_charters()
