"""A commune of the access matrix: two have the same people and the same objects."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from core.tenancy import in_public, in_schema
from shared_apps.accounts.models import CodeLot, User
from shared_apps.bounds.vocabulary import Cell, Scope
from shared_apps.files.models import StoredFile
from shared_apps.signatures.models import Slot
from shared_apps.signatures.services import open_request
from tenant_apps.agenda import services as agenda
from tenant_apps.agenda.models import AppointmentSlot, Booking, Event, Lesson
from tenant_apps.attendance.models import Announcement, Mark, RollCall
from tenant_apps.departures.models import Archive
from tenant_apps.imports.models import ImportLine, ImportPlan
from tenant_apps.liaison.models import Reply, ReplyReport
from tenant_apps.links.models import AccountLink, PostedAssignment
from tenant_apps.messages import services as write
from tenant_apps.messages.models import Report
from tenant_apps.people import services as people
from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil, PupilGroup, PupilSupport, StaffAssignment
from tenant_apps.people.pairs import PersonPair
from tenant_apps.report_cards.models import ReportCard, ReportPeriod
from tenant_apps.rights import services as rights
from tenant_apps.schools.models import SchoolYear
from tenant_apps.support.models import SupportAccess, Ticket
from tenant_apps.year_change.models import DraftClass, YearDraft
from tests.isolation.place import Place, called_of, device_of, notice_of, token_of
from tests.shared_apps.training import factories as training
from tests.tenant_apps.homework import factories as diary
from tests.tenant_apps.liaison import factories
from tests.tenant_apps.messages import factories as messages
from tests.tenant_apps.news import factories as papers
from tests.tenant_apps.outings import factories as trips
from tests.tenant_apps.progress_notebook import factories as notebooks
from tests.tenant_apps.pupil_access.factories import codes_of_an_open_class
from tests.tenant_apps.surveys import factories as polls

SIGNALLED = timezone.localdate().replace(day=1)
CALLED = {"state": "validated", "validated_at": timezone.now()}


def commune(host: str, schema: str) -> Place:
    with in_schema(schema):
        room = factories.classroom()
        other = factories.classroom(uai="0110358E", label="CM2", prefix="b")
        note = factories.consent(room)
        place = Place(host, objects=codes_of_an_open_class(room))
        place.people |= {
            "guardian": room.guardians["Sophie"],
            "pupil": _pupil(room),
            "teacher": room.teacher,
            "head": room.head,
            "colleague": other.teacher,
            "stranger": other.guardians["Sophie"],
            "town": _municipal(),
            "far_head": other.head,
        }
        place.objects |= {
            "note": note.pk,
            "draft": factories.note(room).pk,
            "slot": _slot(note, room, "Sophie"),
            "other_slot": _slot(note, room, "Laure"),
            "file": _file_of(note, room).pk,
            "child": room.pupils["Inès"].pk,
            "link": room.pupils["Inès"].guardianships.get(guardian__account=room.guardians["Sophie"]).pk,
            "adult": _person_of(room.guardians["Sophie"]),
            "assignment": StaffAssignment.objects.get(person__account=room.teacher).pk,
            "class": room.school_class.pk,
            "school": room.school.pk,
            "party": "guardian",
            "entry": _rule(room),
            "place": room.pupils["Inès"].enrollments.get().pk,
            "year": room.school_class.year_id,
            "token": token_of(room.guardians["Sophie"]),
        }
        place.objects |= _doubles(room)
        place.objects |= _neighbours(room)
        place.objects |= _said(room, note, place.objects["next_note"])
        place.objects |= _groups(room, place.objects)
        place.objects["help"] = _helped(room).pk
        place.objects["gone"] = _gone(room)
        place.objects |= _import(room) | {
            "form": "csv",
            "notice": notice_of(room.guardians["Sophie"]),
        }
        place.objects |= _directory(room)
        place.objects |= _absences(place.objects)
        place.objects["posted"] = _posted(room)
        place.objects |= _links(room.guardians["Sophie"], elsewhere="c_11203" if schema == "c_11262" else "c_11262")
        place.objects |= _next_year(room)
        kid = room.pupils["Inès"].person
        archive = Archive.objects.create(person=kid, requested_by=room.guardians["Sophie"])
        place.objects |= {"kid": kid.pk, "archive": archive.pk}
        place.objects["lot"] = CodeLot.objects.create(place_id=room.school.pk, title="Essai").pk
        place.objects["device"] = device_of(room.guardians["Sophie"]).pk
        place.objects["called"] = called_of(room.guardians["Sophie"]).pk
        place.objects |= _training(room)
        place.objects |= _support(room, place.people["pupil"])
        place.objects |= _messages(room)
        place.objects["homework"] = diary.homework(room).pk
        place.objects |= _homework_of_groups(room, place.objects)
        place.objects |= _agenda(room, place.objects)
        place.objects |= trips.of_the_world(room, place.objects["next_class"])
        place.objects |= polls.of_the_world(room, place.objects["next_class"])
        place.objects |= papers.of_the_world(room, place.people["town"], place.objects["next_class"])
        place.objects |= _reports(room, place.objects)
        place.objects |= notebooks.of_the_world(room, place.objects["next_class"])
    return place


def _training(room: factories.ClassRoom) -> dict[str, Any]:
    """A session on offer; the teacher has a place in another, and followed a third."""
    with in_public():
        session = training.session()
    coming, followed = training.registered(room), training.registered(room, state="present", certificate="2026-00001")
    return {"training_session": session.pk, "registration": coming.pk, "followed": followed.pk}


def _absences(objects: dict[str, Any]) -> dict[str, Any]:
    """What the families of three children announced, the calls that found them away, a half-day of an address."""
    today = timezone.localdate()
    facts = {"starts_on": today, "ends_on": today + timedelta(days=1), "reason": "child_illness"}
    children = {"announced": "child", "mate_announced": "classmate", "next_announced": "next_child"}
    made = {name: Announcement.objects.create(pupil_id=objects[child], **facts) for name, child in children.items()}
    rolls = {name: _roll(objects[where], today) for name, where in {"roll": "class", "next_roll": "next_class"}.items()}
    marked = {"mark": ("roll", "child"), "mate_mark": ("roll", "classmate"), "next_mark": ("next_roll", "next_child")}
    made |= {
        name: Mark.objects.create(roll_call=rolls[roll], pupil_id=objects[child], kind="absent")
        for name, (roll, child) in marked.items()
    }
    for days in range(4):  # and Inès at the threshold of a signalling
        roll = _roll(objects["class"], SIGNALLED.replace(day=1 + days), half="am")
        Mark.objects.create(roll_call=roll, pupil_id=objects["child"], kind="absent")
    words = {"day": str(today), "half": "am", "month": f"{SIGNALLED:%Y-%m}"}
    return {name: one.pk for name, one in (made | rolls).items()} | words


def _roll(class_id: Any, day: date, half: str = "pm") -> RollCall:
    return RollCall.objects.create(school_class_id=class_id, day=day, half=half, **CALLED)


def _support(room: factories.ClassRoom, pupil: Any) -> dict[str, Any]:
    """A guardian's request at the school, a pupil's problem in the class, two accesses that wait."""
    facts = {"scope": "school", "school": room.school, "category": "notes", "taken_at": timezone.now()}
    asking = {"agent": uuid4(), "reason": "other", "minutes": 60}
    sophie = room.guardians["Sophie"]
    return {
        "ticket": Ticket.objects.create(author=sophie, profile="guardian", level="school", **facts).pk,
        "problem": Ticket.objects.create(author=pupil, profile="pupil", level="class", **facts).pk,
        "access": SupportAccess.objects.create(scope="school", school=room.school, **asking).pk,
        "town_access": SupportAccess.objects.create(scope="town", **asking).pk,
    }


def _messages(room: factories.ClassRoom) -> dict[str, Any]:
    """The teacher wrote to Sophie, who reported it; a draft, a message that waits, a saved list of the teacher's."""
    sophie = messages.person(room.guardians["Sophie"])
    message = messages.left(room.teacher, sophie)
    report = Report.objects.create(message=message, school=room.school, reporter=room.guardians["Sophie"])
    later = timezone.now() + timedelta(days=1)
    return {
        "message": message.pk,
        "message_draft": messages.draft(room.teacher, sophie).pk,
        "message_queued": messages.queued(room.teacher, sophie, scheduled_at=later).pk,
        "message_list": write.save_list(actor=room.teacher, name="Essai", to=[sophie]).pk,
        "report": report.pk,
    }


SAID = ("pupil", "school", "class", "grade", "period", "year")


def _reports(room: factories.ClassRoom, objects: dict[str, Any]) -> dict[str, Any]:
    """Validated reports of Inès, of Noé and of the class next door; one of Inès that is still written."""
    facts = {"school": room.school, "year": room.school_class.year}
    dates = {"starts_on": date(2020, 9, 1), "ends_on": date(2020, 12, 1)}
    period = ReportPeriod.objects.create(label="1er trimestre", **facts, **dates)
    later = ReportPeriod.objects.create(label="2e trimestre", **facts, **dates)
    whose = {
        "report_card": (period, "child", "class"),
        "mate_report": (period, "classmate", "class"),
        "next_report": (period, "next_child", "next_class"),
        "report_draft": (later, "child", "class"),
    }
    made = {"report_period": period.pk}
    for name, (when, child, where) in whose.items():
        told = {"period": when, "pupil_id": objects[child], "school_class_id": objects[where], "grade": "CE2"}
        report = ReportCard.objects.create(**told, validated_at=None if when is later else timezone.now())
        made[name] = report.pk
        if report.is_validated:
            signed = {"validated_at": report.validated_at, "validated_by_id": room.head.pk}
            content = {"results": [], "appreciation": ""} | dict.fromkeys(SAID, "Essai")
            edition = report.editions.create(number=1, content=content, **signed)
            open_request(actor=room.head, purpose="report_cards.report", object_id=edition.pk, slots=[])
    return made


def _agenda(room: factories.ClassRoom, objects: dict[str, Any]) -> dict[str, Any]:
    """A date of each reach, an hour of each class, the teacher's private address."""
    next_class = objects["next_class"]
    groups = {name: PupilGroup.objects.get(pk=objects[name]) for name in ("group", "next_group")}
    today = timezone.localdate()
    facts = {"title": "Essai", "author": room.teacher, "starts_on": today, "ends_on": today}
    reaches: dict[str, dict[str, Any]] = {
        "event": {"school": room.school, "school_class": room.school_class},
        "next_event": {"school": room.school, "school_class_id": next_class},
        "school_event": {"school": room.school},
        "town_event": {},
        "group_event": {"school": room.school, "group": groups["group"]},
        "next_group_event": {"school": room.school, "group": groups["next_group"]},
    }
    made = {name: Event.objects.create(**facts, **reach).pk for name, reach in reaches.items()}
    hour = {"weekday": 1, "begins_at": "08:30", "ends_at": "09:30", "label": "Lecture"}
    for name, pk in {"lesson": room.school_class.pk, "next_lesson": next_class}.items():
        made[name] = Lesson.objects.create(school_class_id=pk, **hour).pk
    made["agenda_token"] = agenda.make_feed(actor=room.teacher)
    return made | _appointments(room, next_class)


def _appointments(room: factories.ClassRoom, next_class: Any) -> dict[str, Any]:
    """Slots of the teacher, free and taken by two families; one of the class next door."""
    tomorrow = timezone.now() + timedelta(days=1)
    slots = []
    for number, (host, school_class) in enumerate(
        [(room.teacher, room.school_class.pk)] * 3 + [(room.head, next_class)]
    ):
        starts = tomorrow + timedelta(minutes=10 * number)
        ends = starts + timedelta(minutes=10)
        slots.append(
            AppointmentSlot.objects.create(host=host, school_class_id=school_class, starts_at=starts, ends_at=ends)
        )
    taken = {"booking": (slots[1], "Inès", "Sophie"), "mate_booking": (slots[2], "Noé", "Laure")}
    found = {
        name: Booking.objects.create(slot=slot, pupil=room.pupils[child], guardian=room.guardians[adult]).pk
        for name, (slot, child, adult) in taken.items()
    }
    return found | {"meeting": slots[0].pk, "next_meeting": slots[3].pk}


def _directory(room: factories.ClassRoom) -> dict[str, Any]:
    """Who left the class, who comes at the gate, an agent of the town, functions and links that ended."""
    factories.add_family(room, "Théo", "Robert", [])
    departed = room.pupils["Théo"].enrollments.get()
    departed.ends_on = timezone.localdate()
    departed.save()
    former = factories.person("Jacques", "Cabanel")
    agent = factories.person("Rachid", "Amrani", user=factories.account("Rachid", "Amrani", activated=False))
    where = {"school": room.school, "starts_on": date(2020, 1, 1)}
    ines, gate = room.pupils["Inès"], {"name": "Ginette", "relation": "grand-mère", "phone": "06"}
    return {
        "departed": departed.pk,
        "ended": StaffAssignment.objects.create(
            person=former, role="teacher", ends_on=timezone.localdate(), **where
        ).pk,
        "ended_link": ines.guardianships.create(guardian=former, ended_on=date(2020, 1, 1)).pk,
        "pickup": ines.pickups.create(starts_on=date(2020, 1, 1), **gate).pk,
        "agent": StaffAssignment.objects.create(person=agent, role="canteen_agent", **where).pk,
        "agent_person": agent.pk,
    }


def _next_year(room: factories.ClassRoom) -> dict[str, Any]:
    """Next year in preparation, shown to nobody but its head."""
    start = room.school_class.year.starts_on.year + 1
    facts = {"starts_on": date(start, 9, 1), "ends_on": date(start + 1, 8, 31)}
    year = SchoolYear.objects.get_or_create(label=f"{start}-{start + 1}", defaults=facts)[0]
    draft = YearDraft.objects.create(school=room.school, year=year)
    return {"next_year": draft.pk, "room": DraftClass.objects.create(draft=draft, label="CM1", grades=["CM1"]).pk}


def _neighbours(room: factories.ClassRoom) -> dict[str, Any]:
    """Noé, of Inès's class; the class next door with its teacher, a family and a note."""
    next_door = factories.next_class(room)
    noe, next_child = room.pupils["Noé"], next_door.pupils["Inès"]
    note = factories.consent(next_door)
    return {
        "classmate": noe.pk,
        "mate_link": noe.guardianships.get(guardian__first_name="Laure").pk,
        "mate_adult": _person_of(room.guardians["Laure"]),
        "mate_kid": noe.person_id,
        "next_kid": next_child.person_id,
        "mate_place": noe.enrollments.get().pk,
        "next_class": next_door.school_class.pk,
        "next_child": next_child.pk,
        "next_link": next_child.guardianships.first().pk,
        "next_adult": _person_of(next_door.guardians["Sophie"]),
        "next_place": next_child.enrollments.get().pk,
        "next_assignment": StaffAssignment.objects.get(person__account=next_door.teacher).pk,
        "next_note": note.pk,
        "next_homework": diary.homework(next_door).pk,
        "next_slot": _slot(note, next_door, "Sophie"),
    }


def _said(room: factories.ClassRoom, note: Any, next_note: Any) -> dict[str, Any]:
    """What three families wrote about notes, what the teacher answered, a report of the first to the head."""
    next_pupil = Pupil.objects.get(enrollments__school_class__liaison_notes=next_note, person__first_name="Inès")
    families = {
        "said": (note.pk, room.pupils["Inès"], room.guardians["Sophie"]),
        "mate_said": (note.pk, room.pupils["Noé"], room.guardians["Laure"]),
        "next_said": (
            next_note,
            next_pupil,
            next_pupil.guardianships.get(guardian__first_name="Sophie").guardian.account,
        ),
    }
    facts = {"body": "Une question.", "sent_at": timezone.now()}
    made = {
        name: Reply.objects.create(note_id=about, pupil=pupil, author=author, **facts)
        for name, (about, pupil, author) in families.items()
    }
    answer = {"note": note, "pupil": room.pupils["Inès"], "author": room.teacher, "is_from_school": True}
    made["answered"] = Reply.objects.create(**answer, **facts)
    reported = ReplyReport.objects.create(reply=made["said"], school=room.school, reporter=room.teacher)
    return {name: one.pk for name, one in made.items()} | {"said_report": reported.pk}


def _helped(room: factories.ClassRoom) -> PupilSupport:
    """Inès, by an AESH of the school."""
    names = {"first_name": "Paul", "last_name": "Peyre"}
    assistant = people.add_staff(actor=room.head, role="support_assistant", school=room.school, **names).person
    return people.add_support(actor=room.head, pupil=room.pupils["Inès"], person=assistant)


def _groups(room: factories.ClassRoom, objects: dict[str, Any]) -> dict[str, Any]:
    """One that the teacher leads, where Inès is; one of the class next door, led by its own teacher."""
    of_next_door = Pupil.objects.filter(pk=objects["next_child"])
    leader = Person.objects.get(assignments=objects["next_assignment"])
    made = {"group": (room.pupils.values(), [room.teacher.person]), "next_group": (of_next_door, [leader])}
    return {
        name: people.make_group(actor=room.head, school=room.school, name=name, pupils=pupils, leaders=leaders).pk
        for name, (pupils, leaders) in made.items()
    }


def _homework_of_groups(room: factories.ClassRoom, objects: dict[str, Any]) -> dict[str, Any]:
    groups = {name: PupilGroup.objects.get(pk=objects[name]) for name in ("group", "next_group")}
    return {
        f"{name}_homework": diary.homework(room, group=group, actor=group.leaders.get().person.account).pk
        for name, group in groups.items()
    }


def _slot(note: Any, room: factories.ClassRoom, guardian: str) -> Any:
    return Slot.objects.get(request__object_id=note.pk, signer_id=_person_of(room.guardians[guardian])).pk


def _person_of(user: User) -> Any:
    return user.person.pk


def _file_of(note: Any, room: factories.ClassRoom) -> StoredFile:
    """The row alone: the matrix asks who gets a link."""
    return StoredFile.objects.create(
        name="programme.pdf", size=1, purpose="liaison.note", object_id=note.pk, owner=room.teacher
    )


def _links(user: User, elsewhere: str) -> dict[str, Any]:
    """One that holds, one that is being made."""
    facts = {"user": user, "other": elsewhere, "expires_at": timezone.now() + timedelta(minutes=10)}
    link = AccountLink.objects.create(**facts, pair=uuid4(), completed_at=timezone.now())
    return {"account_link": link.pk, "proposal": AccountLink.objects.create(**facts, pair=uuid4()).pk}


def _posted(room: factories.ClassRoom) -> Any:
    """A teacher of the RASED, sent by the academy."""
    person = factories.person("Camille", "Fabre", user=factories.account("Camille", "Fabre"))
    facts = {"role": StaffAssignment.Role.RASED, "school": room.school, "starts_on": timezone.localdate()}
    assignment = StaffAssignment.objects.create(person=person, **facts)
    return PostedAssignment.objects.create(posting=uuid4(), assignment=assignment).pk


def _import(room: factories.ClassRoom) -> dict[str, Any]:
    plan = ImportPlan.objects.create(
        kind=ImportPlan.Kind.ONDE_PUPILS, school=room.school, file_name="eleves.csv", created_by=room.head
    )
    line = ImportLine.objects.create(
        plan=plan,
        number=2,
        status=ImportLine.Status.TO_DECIDE,
        name="Ferrer Inès",
        match_id=room.pupils["Inès"].pk,
    )
    town = ImportPlan.objects.create(kind=ImportPlan.Kind.TOWN_STAFF, school=None, file_name="agents.csv")
    return {"plan": plan.pk, "line": line.pk, "town_plan": town.pk}


def _doubles(room: factories.ClassRoom) -> dict[str, Any]:
    """Two records of one mother, the second linked to nobody; two others already merged."""
    facts = {"email": "nora@example.org", "phone": "06 00 00 00 07"}
    twins = [factories.person("Nora", "Khelifi", **facts) for _turn in range(2)]
    Guardianship.objects.create(pupil=room.pupils["Aya"], guardian=twins[0], has_parental_authority=False)
    kept, other = (factories.person("Nora", "Ancienne") for _turn in range(2))
    Guardianship.objects.create(pupil=room.pupils["Aya"], guardian=kept, has_parental_authority=False)
    moved: dict[str, Any] = {"filled": [], "rows": [], "account": {}, "ended": []}
    merged = PersonPair.objects.create(kept=kept, other=other, state=PersonPair.State.MERGED, moved=moved)
    return {"twin": twins[0].pk, "twin2": twins[1].pk, "merged": merged.pk}


def _rule(room: factories.ClassRoom) -> Any:
    """A change of the matrix of the school, as its history keeps it."""
    rights.change_rules(actor=room.head, school=room.school, wanted={Cell.of("guardian.assistant.write"): Scope.CLASS})
    return rights.history(room.school)[0].pk


def _gone(room: factories.ClassRoom) -> Any:
    """A pupil of the class who left two days ago."""
    left = timezone.localdate() - timedelta(days=2)
    pupil = Pupil.objects.create(person=factories.person("Ilan", "Parti"), withdrawn_on=left)
    facts = {"grade": "CE2", "starts_on": left - timedelta(days=60), "ends_on": left}
    return Enrollment.objects.create(pupil=pupil, school_class=room.school_class, **facts).pk


def _pupil(room: factories.ClassRoom) -> User:
    user = factories.account("Inès", "Ferrer")
    child = room.pupils["Inès"].person
    child.account = user
    child.save()
    return user


def _municipal() -> User:
    user = factories.account("Jean", "Mairie")
    StaffAssignment.objects.create(
        person=factories.person("Jean", "Mairie", user=user),
        role=StaffAssignment.Role.SCHOOL_SERVICE,
        starts_on=date(2020, 1, 1),
    )
    return user
