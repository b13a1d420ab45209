"""The academy of the access matrix: its staff, and what is theirs to see."""

from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.tenancy import in_public
from shared_apps.accounts.models import StaffRole
from shared_apps.accounts.sessions import SECOND_FACTOR_KEY
from shared_apps.emergency.models import ReportedMessage, Switch
from shared_apps.lifecycle.models import Ending
from shared_apps.maintenance.models import Change, Incident, Window
from shared_apps.mobility.models import MovingStaff, Posting
from shared_apps.onboarding import services as onboarding
from shared_apps.onboarding import texts
from shared_apps.onboarding.models import Case, Convention, WaveAct
from shared_apps.onboarding.services import adhesions, lists, waves
from shared_apps.reference import refreshing
from shared_apps.reference.loading import SHIPPED
from shared_apps.reference.models import CalendarDay, ReferenceAct, RefSchool
from shared_apps.statistics.models import UsageMonth
from shared_apps.statistics.usage import services as usage
from shared_apps.statistics.usage.tally import Tally
from shared_apps.support import services as helpdesk
from shared_apps.support.models import AccessRequest, TicketHeader
from shared_apps.training.services import feeds
from tenants.models import Commune
from tests.isolation.place import Place, called_of, device_of, notice_of, token_of
from tests.shared_apps.onboarding import factories as academy
from tests.shared_apps.training import factories as training

Role = StaffRole.Role


def academie() -> Place:
    """Narbonne has a drafted convention. The reference data must be there."""
    with in_public():
        place = Place(academy.HOST)
        roles: dict[str, tuple[Any, str]] = {
            "newcomer": (None, ""),
            "inspector": (Role.INSPECTOR, "0111012R"),
            "dasen": (Role.DASEN, "34"),
            **{str(role): (role, "") for role in Role if role not in (Role.INSPECTOR, Role.DASEN)},
            "one_factor": (Role.ADMINISTRATOR, ""),
        }
        for profile, (role, scope) in roles.items():
            place.people[profile] = academy.staff(profile.replace("_", "-"), "Essai", role=role, scope=scope)
            place.session[profile] = {} if profile == "one_factor" else {SECOND_FACTOR_KEY: True}
        academy.drafted(place.people["deployment"])
        place.objects |= {
            "commune": academy.NARBONNE,
            "new": academy.COURSAN,
            "who": "maire",
            "member": place.people["trainer"].pk,
            "uai": academy.uais(academy.NARBONNE)[0],
            "party": "guardian",
            "token": token_of(place.people["deployment"]),
            **_moving(place.people["deployment"]),
            "notice": notice_of(place.people["deployment"]),
            "kind": "onde_pupils",
            "number": 0,
            "key": "faux",
        }
        place.objects |= {"form": "csv", "aude": "11"}
        place.objects["device"] = device_of(place.people["deployment"]).pk
        place.objects["called"] = called_of(place.people["deployment"]).pk
        place.objects |= _follow_up(place.people["deployment"])
        session = training.session(district_id="0110041K")
        place.objects |= {
            "session": session.pk,
            "wide": training.session().pk,
            "walk_in": training.walk_in(session).pk,
            "training": session.training_id,
            "feed": feeds.make_feed(actor=place.people["trainer"]),
        }
        place.objects |= _announced(place.people["deployment"])
        place.objects |= _deposited(place.people["deployment"])
        place.objects |= _used()
        place.objects |= {
            "convention": Convention.objects.get(case__commune=academy.NARBONNE).number,
            "side": "commune",
            "model": "convention",
            "version": texts.SHIPPED_VERSION,
        }
        place.objects |= _helpdesk(place.people["support"])
        facts = {"level": "commune", "code": academy.NARBONNE, "name": "Narbonne", "departments": ["11"]}
        switch = Switch.objects.create(reason="Essai de coupure", starts_at=timezone.now(), **facts)
        place.objects["switch"] = switch.pk
        narbonne = Commune.objects.get(insee=academy.NARBONNE)
        place.objects["reported"] = ReportedMessage.objects.create(commune=narbonne, heads=0).pk
    return place


def _follow_up(officer: Any) -> dict[str, Any]:
    """What hangs on Narbonne's case, a wave with an act that ended, a list to review."""
    case = Case.objects.get(commune_id=academy.NARBONNE)
    task = onboarding.add_task(actor=officer, case=case, title="Rappeler", due_on=timezone.localdate())
    wave = waves.form_wave(actor=officer, name="Essai", insees=[academy.NARBONNE])
    act = WaveAct.objects.create(wave=wave, kind="start", state=WaveAct.State.DONE, asked_by=officer)
    upload = SimpleUploadedFile("liste.csv", b"Code INSEE\n11106\n")
    return {
        "case_id": case.pk,
        "case_task": task.pk,
        "case_note": onboarding.write_note(actor=officer, case=case, text="Vu").pk,
        "wave": wave.pk,
        "wave_act": act.pk,
        "act_kind": "due",
        "commune_list": lists.give_list(actor=officer, upload=upload).pk,
        "adhesions": adhesions.keep_file(
            actor=officer, upload=SimpleUploadedFile("adhesions.csv", b"uai;date\n0110427E;2022-03-01\n")
        ).pk,
        "ending": _given_up(case).pk,
    }


def _given_up(case: Case) -> Ending:
    """An end that a renewal undid: nothing of the case is changed."""
    days = dict.fromkeys(("ended_on", "readable_until", "erase_by"), date(2026, 9, 1))
    return Ending.objects.create(case=case, is_termination=False, schema_name="c_11262", state="given_up", **days)


def _deposited(officer: Any) -> dict[str, Any]:
    """An official file that waits for approval, a public holiday, an act by hand, a circonscription."""
    days = dict.fromkeys(("starts_on", "ends_on"), date(2026, 11, 11))
    day = CalendarDay.objects.create(school_year="2026-2027", kind="public_holiday", label="Armistice", **days)
    content = (SHIPPED / "calendrier-zone-c.csv").read_bytes()
    load = refreshing.propose(actor=officer, kind="calendar", file_name="calendrier.csv", content=content)
    act = ReferenceAct.objects.create(what="day", words="Armistice", reason="Essai", done_by=officer)
    return {"load": load.pk, "day": day.pk, "act": act.pk, "district": "0110041K"}


def _announced(officer: Any) -> dict[str, Any]:
    """An intervention in a month, an incident of one commune without school here, a draft of « Ce qui change »."""
    month, now = timezone.now() + timedelta(days=30), timezone.now()
    days = {"starts_at": month, "ends_at": month + timedelta(hours=1), "announced_from": month}
    window = Window.objects.create(title="Essai", access="open", communes=["34172"], created_by=officer, **days)
    facts = {"title": "Essai", "severity": "minor", "started_at": now, "communes": ["34172"]}
    incident = Incident.objects.create(created_by=officer, **facts)
    return {
        "window": window.pk,
        "incident": incident.pk,
        "change": Change.objects.create(title="Essai", body="Essai", created_by=officer).pk,
    }


def _used() -> dict[str, Any]:
    """Narbonne was visited today."""
    today = timezone.localdate()
    usage.store_day(insee=academy.NARBONNE, day=today, figures={"0110427E": Tally(visits=9, visitors=9)})
    usage.sum_month(today)
    month = UsageMonth.objects.get(level="commune", code=academy.NARBONNE)
    return {"level": "commune", "format": "csv", "usage_month": month.pk}


def _helpdesk(agent: Any) -> dict[str, Any]:
    """A request of a school of Narbonne at the academy, an access asked there, a text kept ready."""
    commune, now = Commune.objects.get(insee=academy.NARBONNE), timezone.now()
    facts = {"category": "notes", "priority": "normal", "state": "new", "level": "academy", "profile": "guardian"}
    times = dict.fromkeys(("opened_at", "taken_at", "answer_due_at", "solve_due_at"), now)
    header = TicketHeader.objects.create(commune=commune, uai="0110427E", **facts, **times)
    asking = {"scope": "town", "reason": "other", "minutes": 60}
    canned = helpdesk.write_canned(actor=agent, title="Code", category="sign_in", body="Demandez un code.")
    return {
        "ticket": header.pk,
        "access": AccessRequest.objects.create(agent=agent, commune=commune, **asking).pk,
        "canned": canned.answer_id,
    }


def _moving(officer: Any) -> dict[str, Any]:
    """Camille, posted by the officer in a school of Narbonne."""
    user = academy.staff("Camille", "Fabre", role=None)
    staff = MovingStaff.objects.create(user=user, added_by=officer)
    commune, school = Commune.objects.get(insee=academy.NARBONNE), RefSchool.objects.get(uai="0110427E")
    facts = {"role": Posting.Role.RASED, "starts_on": timezone.localdate()}
    posting = Posting.objects.create(staff=staff, commune=commune, school=school, **facts)
    return {"moving": staff.pk, "posting": posting.pk}
