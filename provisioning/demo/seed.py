"""Peoples the demo, relative to the last school day, through the services that people use."""

from collections.abc import Callable
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from core.tenancy import in_public, in_schema
from provisioning.demo import (
    academy,
    adhesions,
    agenda,
    attendance,
    departures,
    directory,
    ended,
    equipment,
    files,
    follow_up,
    groups,
    homework,
    imports,
    life,
    links,
    maintenance,
    messages,
    moving,
    news,
    next_year,
    notes,
    notices,
    outings,
    progress_notebook,
    reference,
    relations,
    report_cards,
    rights,
    support,
    surveys,
    training,
    usage,
)
from provisioning.demo.clock import last_school_day, school_days_before
from shared_apps.notifications.models import OutboxEntry
from shared_apps.reference import calendar
from shared_apps.statistics.services import request_roll_up
from tenant_apps.schools.models import School
from tenants.names import schema_for

Tell = Callable[[str], None]
SCHOOLS = {
    "11262": (directory.LAKANAL, directory.ARAGO, directory.NURSERY),
    "11203": (directory.MISTRAL,),
    "11106": (directory.MIQUEL,),
}
FIRST_MONTH = 9
LATEST_MAILS = 12
SCHOOL_DAYS = 40  # how far back the demo remembers


def seed(*, tell: Tell = lambda message: None) -> None:
    """Safe to repeat: what exists is left as it is."""
    if settings.ENT_DEMO_EMPTY:
        academy.staff()
        return
    cases = adhesions.marking()
    off = days_off()
    today = last_school_day(off)
    year = today.year if today.month >= FIRST_MONTH else today.year - 1
    # Nothing of the demo happens before its school year: in September it remembers little.
    days = [day for day in school_days_before(today, SCHOOL_DAYS, off) if day >= date(year, FIRST_MONTH, 1)]
    academy.seed(today, opened_on=days[-1])
    files.seed_layout()
    follow_up.seed(today)
    tell(_("Académie, conventions, communes ouvertes."))
    for insee, plans in SCHOOLS.items():
        with in_schema(schema_for(insee)):
            schools = [(plan, directory.seed(plan, days, year)) for plan in plans]
            for plan, school in schools:
                if school is not None:
                    notes.seed(school, days, today, is_full=plan is directory.LAKANAL)
                if school is not None and plan is directory.LAKANAL:
                    rights.seed(school)
                    relations.seed(school, days, today)
                    imports.seed(school)
                    departures.seed(school, days[-1])
                    next_year.seed(school)
                    groups.seed(school, days[-1])
                    notes.to_the_choir(school, days)
                    messages.seed(school, days)
                    homework.seed(school, days)
                    agenda.seed(school, today)
                    agenda.of_the_choir(school, today)
                    news.seed(school, days)
                    surveys.seed(school, days)
                    outings.seed(school, days, today)
                    report_cards.seed(school, days)
                    attendance.seed(school, days)
                if school is not None and plan is directory.NURSERY:
                    progress_notebook.seed(school, days)
                if school is not None and plan is directory.ARAGO:
                    relations.two_roles(School.objects.get(uai=directory.LAKANAL.uai), school)
            if directory.LAKANAL in plans:
                files.seed_town(directory.LAKANAL.uai)
            notices.seed()
            equipment.seed()
            _forget_old_mails()
            request_roll_up()
    tell(_("Écoles, familles, mots."))
    usage.seed([schema_for(insee) for insee in SCHOOLS], days)
    links.seed()
    moving.seed(days[-1])
    support.seed(days)
    life.seed()
    ended.seed(today)
    adhesions.mark(cases)
    adhesions.seed(today)
    training.seed()
    maintenance.seed(today)
    reference.seed()


def _forget_old_mails() -> None:
    """The mails of past weeks were read long ago: the worker sends the latest, so that the mail page has some."""
    pending = OutboxEntry.objects.pending().filter(kind="notifications.mail").order_by("-created_at", "-pk")
    latest = list(pending.values_list("pk", flat=True)[:LATEST_MAILS])
    pending.exclude(pk__in=latest).update(delivered_at=timezone.now())


def days_off() -> set[date]:
    """Holidays, public holidays and bridge days of zone C around today."""
    with in_public():
        return calendar.days_off(timezone.localdate() - timedelta(days=400))
