"""A nursery school since September: what children succeed in, with drawings and a few sounds; a first notebook that
half of the families signed, a second one being written, the summaries of the oldest begun. Through the services.
"""

import io
import itertools
import math
import random
import struct
import wave
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, ImageDraw

from provisioning.demo.clock import at, moment
from provisioning.demo.people import nursery_guardian
from shared_apps.signatures import services as signatures
from shared_apps.signatures.models import Slot
from tenant_apps.people.models import Person, StaffAssignment
from tenant_apps.progress_notebook.attachments import PHOTO, SOUND
from tenant_apps.progress_notebook.domains import DOMAINS, LAST_GRADE, LINES
from tenant_apps.progress_notebook.models import Period
from tenant_apps.progress_notebook.querysets import PURPOSE
from tenant_apps.progress_notebook.services import notebooks, observations
from tenant_apps.schools.models import SchoolYear

HALF = 0.5
FORGOTTEN = 3  # children of each class of whom nothing was noted lately
WITH_PHOTO, WITH_SOUND = 3, 11  # one gesture in so many
SEEN = [
    ("LANGUAGE", "Dit de mémoire une comptine", "« Une poule sur un mur », en entier, devant le groupe."),
    ("MATHS", "Compte et montre une petite quantité", "Va chercher cinq jetons sans se tromper."),
    ("ARTS", "Dessine un bonhomme", "La tête, le corps, les bras : il a même des doigts."),
    ("PHYSICAL", "Traverse un parcours sans aide", "La poutre, le tunnel, puis le saut dans le cerceau."),
    ("WORLD", "Observe et décrit un animal, une plante", "Les escargots du jardin : « il a quatre cornes »."),
    ("LANGUAGE", "Raconte une histoire entendue", "Le Petit Chaperon rouge, avec la voix du loup."),
    ("MATHS", "Continue une suite de formes", "Rond, carré, rond, carré… jusqu’au bout de la bande."),
    ("WORLD", "Se repère dans la journée", "Sait dire ce qui vient après la cantine."),
    ("LANGUAGE", "Reconnaît son prénom écrit", ""),
    ("PHYSICAL", "Joue avec les autres en suivant la règle", "Au jeu des déménageurs."),
    ("ARTS", "Réalise une composition et en parle", "« C’est la mer et là c’est le bateau de papi. »"),
    ("MATHS", "Range du plus petit au plus grand", "Les six poupées, puis les vérifie une à une."),
    ("LANGUAGE", "Écrit son prénom", "En capitales, avec le modèle."),
    ("WORLD", "Découpe, colle, assemble", "Une voiture en carton, avec des roues qui tournent."),
]
WORDS = [
    "Un bon début d’année : les journées sont longues mais la curiosité est là.",
    "Participe volontiers et aide les plus petits à s’habiller.",
    "Prend confiance de semaine en semaine ; ose parler devant le groupe.",
]


def seed(school: Any, school_days: list[date]) -> None:
    """Safe to repeat: a school with a period is left as it is."""
    if Period.objects.filter(school=school).exists():
        return
    rng = random.Random(school.uai)  # noqa: S311  (invented data, the same each time)
    staff = StaffAssignment.objects.on().filter(school=school, person__account__isnull=False)
    staff = staff.select_related("person__account", "school_class__school").order_by("pk")
    head = staff.filter(role="head")[0].person.account
    teachers = list(staff.filter(role="teacher").exclude(school_class=None))
    with transaction.atomic():  # one commit: the disk is what takes time
        first, second, summary = _periods(head, school, school_days)
        for teacher in teachers:
            _observe(teacher, school_days, rng)
            _write(teacher, first, rng)
        with at(moment(school_days[2], 18, 0)):
            for teacher in teachers:
                notebooks.validate(actor=head, school_class=teacher.school_class, period=first)
        with at(moment(school_days[1], 19, 30)):
            _sign(rng)
        for teacher in teachers:
            _write(teacher, second, rng, some=4)
            _begin_summaries(teacher, summary, rng)


def _periods(head: Any, school: Any, school_days: list[date]) -> Iterator[Period]:
    """The first one ended some days ago, so that its notebooks are out whatever day the demo starts."""
    year = SchoolYear.objects.current()[0]
    ended = school_days[min(3, len(school_days) - 1)]
    spring = ended + timedelta(days=1)
    spans = [
        ("Premier carnet de l’année", Period.Kind.NOTEBOOK, year.starts_on, ended),
        ("Second carnet de l’année", Period.Kind.NOTEBOOK, spring, year.ends_on),
        ("Synthèse de grande section", Period.Kind.SUMMARY, year.starts_on, year.ends_on),
    ]
    for label, kind, starts_on, ends_on in spans:
        period = Period(school=school, year=year, label=label, kind=kind, starts_on=starts_on, ends_on=ends_on)
        yield notebooks.save_period(actor=head, period=period)


def _observe(teacher: StaffAssignment, school_days: list[date], rng: random.Random) -> None:
    """A gesture or two a day of school: most of one child, some of a small group; the last days still drafts."""
    pupils = [row.pupil for row in observations.enrolled_in(teacher.school_class)]
    lately = pupils[:-FORGOTTEN]
    turns = itertools.cycle([lately[at : at + 4] for at in range(0, len(lately), 4)])
    for number, day in enumerate(reversed(school_days[:24])):
        domain, milestone, words = SEEN[number % len(SEEN)]
        children = next(turns) if number % 2 else [rng.choice(lately if day in school_days[:12] else pupils)]
        uploads = _recorded(number, rng) if len(children) == 1 else {}
        with at(moment(day, 10, 20)):
            observations.observe(
                actor=teacher.person.account,
                school_class=teacher.school_class,
                pupils=children,
                noted=observations.Noted(domain, day, milestone, words),
                uploads=uploads,
                is_shared=day not in school_days[:2],
            )
    _of_the_shown_family(teacher, pupils, school_days, rng)


def _of_the_shown_family(teacher: StaffAssignment, pupils: list[Any], days: list[date], rng: random.Random) -> None:
    """The parent of the front door has a notebook with something in each domain, a photo and a sound."""
    shown = nursery_guardian()
    child = next((one for one in pupils if shown and one.guardianships.filter(guardian=shown).exists()), None)
    if child is None:
        return
    for number, domain in enumerate(DOMAINS):
        milestone, words = [(title, words) for code, title, words in SEEN if code == domain and words][-1]
        day = days[min(5 + 2 * number, len(days) - 1)]
        uploads = {PHOTO: _drawing(rng)} if domain in {"ARTS", "MATHS"} else {}
        uploads |= {SOUND: _tune(rng)} if domain == "LANGUAGE" else {}
        with at(moment(day, 15, 10)):
            observations.observe(
                actor=teacher.person.account,
                school_class=teacher.school_class,
                pupils=[child],
                noted=observations.Noted(domain, day, milestone, words),
                uploads=uploads,
                is_shared=True,
            )


def _recorded(number: int, rng: random.Random) -> dict[str, ContentFile]:
    found = {PHOTO: _drawing(rng)} if number % WITH_PHOTO == 0 else {}
    return found | ({SOUND: _tune(rng)} if number % WITH_SOUND == 0 else {})


def _write(teacher: StaffAssignment, period: Period, rng: random.Random, some: int | None = None) -> None:
    for line in notebooks.lines_of(teacher.school_class, period)[:some]:
        typed = notebooks.Typed(line.notebook.version, appreciation=rng.choice(WORDS))
        facts = {"school_class": teacher.school_class, "period": period, "pupil_id": line.notebook.pupil_id}
        notebooks.write(actor=teacher.person.account, typed=typed, **facts)


def _begin_summaries(teacher: StaffAssignment, period: Period, rng: random.Random) -> None:
    """Three of the oldest are complete, a fourth is half written."""
    lines = notebooks.lines_of(teacher.school_class, period)
    for number, line in enumerate(one for one in lines[:4] if one.notebook.grade == LAST_GRADE):
        codes = list(LINES)[: None if number else len(LINES) // 2]
        positions = {code: rng.choices([1, 2, 3], [1, 4, 8])[0] for code in codes}
        points = {"LANGUAGE": "Un vocabulaire riche, des phrases longues.", "ATTENTION": "Va au bout de son travail."}
        typed = notebooks.Typed(line.notebook.version, points=points, positions=positions)
        facts = {"school_class": teacher.school_class, "period": period, "pupil_id": line.notebook.pupil_id}
        notebooks.write(actor=teacher.person.account, typed=typed, **facts)


def _sign(rng: random.Random) -> None:
    """Half of the families, but the one that the front door shows."""
    shown = nursery_guardian()
    slots = Slot.objects.filter(request__purpose=PURPOSE).order_by("pk").select_related("request")
    if shown is not None:
        children = shown.guardianships.values("pupil")
        slots = slots.exclude(subject_id__in=children)
    persons = Person.objects.exclude(account=None).select_related("account").in_bulk({one.signer_id for one in slots})
    for slot in slots:
        if slot.signer_id in persons and rng.random() < HALF:
            signatures.sign(actor=persons[slot.signer_id].account, slot=slot)


# --- what a tablet would have taken


def _drawing(rng: random.Random) -> ContentFile:
    """A child's painting: a sky, a sun, a house or a boat, in five colours."""
    picture = Image.new("RGB", (960, 720), rng.choice(["#fdf6e3", "#eaf4fb", "#fff3f0"]))
    pen = ImageDraw.Draw(picture)
    ground, roof, wall = rng.sample(["#5fa87a", "#d9733b", "#3f7fbf", "#b0477c", "#c9a24a"], 3)
    pen.rectangle((0, 560, 960, 720), fill=ground)
    x, y = rng.randint(60, 780), rng.randint(40, 120)
    pen.ellipse((x, y, x + 120, y + 120), fill="#f6c945")
    for number in range(12):
        angle = number * math.pi / 6
        start, end = 72, 104
        middle = (x + 60, y + 60)
        pen.line(
            [(middle[0] + length * math.cos(angle), middle[1] + length * math.sin(angle)) for length in (start, end)],
            fill="#f6c945",
            width=9,
        )
    left = rng.randint(180, 420)
    pen.rectangle((left, 340, left + 300, 600), fill=wall)
    pen.polygon([(left - 40, 345), (left + 150, 200), (left + 340, 345)], fill=roof)
    pen.rectangle((left + 115, 450, left + 185, 600), fill="#5b3a29")
    content = io.BytesIO()
    picture.save(content, "PNG")
    return ContentFile(content.getvalue(), name="dessin.png")


def _tune(rng: random.Random) -> ContentFile:
    """Two seconds of a nursery rhyme, hummed."""
    rate, notes = 8000, rng.choice([(262, 262, 262, 294, 330, 294), (392, 330, 330, 349, 294, 294)])
    samples = [
        int(9000 * math.sin(2 * math.pi * note * n / rate) * min(1, n / 200, (rate // 3 - n) / 400))
        for note in notes
        for n in range(rate // 3)
    ]
    content = io.BytesIO()
    with wave.open(content, "wb") as sound:
        sound.setparams((1, 2, rate, 0, "NONE", ""))
        sound.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return ContentFile(content.getvalue(), name="comptine.wav")
