"""A nursery class, and what is noted of its children: call inside a commune."""

import io
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from tenant_apps.people.models import Enrollment, Guardianship, Pupil
from tenant_apps.progress_notebook.contents import content_of
from tenant_apps.progress_notebook.domains import LINES
from tenant_apps.progress_notebook.models import Edition, Notebook, Observation, Period
from tenant_apps.progress_notebook.services import notebooks, observations
from tenant_apps.progress_notebook.services.notebooks import SIGNED
from tenant_apps.progress_notebook.services.observations import Noted
from tests.tenant_apps.homework.factories import SOUND
from tests.tenant_apps.liaison import factories as people
from tests.tenant_apps.liaison.factories import ClassRoom


def nursery(room: ClassRoom, grade: str = "GS") -> ClassRoom:
    """The same class, younger."""
    Enrollment.objects.filter(school_class=room.school_class).update(grade=grade)
    return room


def photo(*, width: int = 40, height: int = 30, form: str = "JPEG", **saved: Any) -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(content, form, **saved)
    return SimpleUploadedFile("IMG_0042.jpg", content.getvalue(), "image/jpeg")


def sound() -> SimpleUploadedFile:
    return SimpleUploadedFile("son.mp3", SOUND, "audio/mpeg")


def observed(room: ClassRoom, *children: str, shared: bool = True, uploads: Any = None, **facts: Any) -> Observation:
    noted = Noted(**{"domain": "MATHS", "seen_on": timezone.localdate(), "words": "Compte jusqu’à dix."} | facts)
    made = observations.observe(
        actor=room.teacher,
        school_class=room.school_class,
        pupils=[room.pupils[name] for name in children],
        noted=noted,
        uploads=uploads,
        is_shared=shared,
    )
    return made[0]


def period(room: ClassRoom, kind: str = "notebook", **facts: Any) -> Period:
    today = timezone.localdate()
    dates = {"starts_on": today - timedelta(days=60), "ends_on": today + timedelta(days=30)}
    names = {"label": "Premier semestre" if kind == "notebook" else "Synthèse", "kind": kind}
    return Period.objects.create(school=room.school, year=room.school_class.year, **dates | names | facts)


def written(room: ClassRoom, when: Period, child: str, **typed: Any) -> Notebook:
    line = notebooks.line_of(room.school_class, when, room.pupils[child].pk)
    facts = {"version": line.notebook.version, "appreciation": "Un bon début d’année."} | typed
    return notebooks.write(
        actor=room.teacher,
        school_class=room.school_class,
        period=when,
        pupil_id=room.pupils[child].pk,
        typed=notebooks.Typed(**facts),
    )


def full_summary(room: ClassRoom, when: Period, child: str, **typed: Any) -> Notebook:
    return written(room, when, child, positions=dict.fromkeys(LINES, 3), **typed)


def long_ago() -> date:
    return timezone.localdate() - timedelta(weeks=5)


def of_the_world(room: ClassRoom, next_class: Any) -> dict[str, Any]:
    """Three children of the last year of nursery school: Sophie's and another in the class, one in the class next
    door; what was noted of each, and their notebook.
    """
    when, found = period(room), {}
    for prefix, child, adult, where in (
        ("", "Lou", "Sophie", room.school_class.pk),
        ("mate_", "Max", "Laure", room.school_class.pk),
        ("next_", "Eva", "Éric", next_class),
    ):
        pupil = Pupil.objects.create(person=people.person(child, "Marty"))
        Enrollment.objects.create(pupil=pupil, school_class_id=where, grade="GS", starts_on=date(2020, 9, 1))
        Guardianship.objects.create(pupil=pupil, guardian=room.guardians[adult].person)
        facts = {"pupil": pupil, "school_class_id": where, "author": room.teacher, "seen_on": date(2020, 9, 2)}
        one = Observation.objects.create(domain="ARTS", words="Essai", shared_at=timezone.now(), **facts)
        notebook = Notebook.objects.create(
            period=when, pupil=pupil, school_class_id=where, grade="GS", validated_at=timezone.now()
        )
        signed = {"digest": "0" * 64, "validated_at": notebook.validated_at, "validated_by_id": room.head.pk}
        edition = Edition.objects.create(notebook=notebook, number=1, content=content_of(notebook), **signed)
        SIGNED.ask(actor=room.head, edition=edition, needs_each=False, due_on=when.year.ends_on)
        found |= {f"{prefix}young": pupil.pk, f"{prefix}observation": one.pk, f"{prefix}edition": edition.pk}
        if not prefix:
            draft = Observation.objects.create(domain="ARTS", words="Essai", **facts)
            found |= {"observation_draft": draft.pk, "gesture": one.lot}
    return found | {"notebook_period": when.pk}
