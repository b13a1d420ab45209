"""Weeks of news in a school and from the town, comments, a flash, and what waits for the head. Through the services."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from provisioning.demo.clock import at, moment
from tenant_apps.news import services
from tenant_apps.news.audience import Place
from tenant_apps.news.models import Post, Reach, Thread
from tenant_apps.people.models import Guardianship, StaffAssignment

EVERYBODY = ["guardian", "pupil", "teacher", "head", "municipal"]
OF_THE_SCHOOL = [
    (
        24,
        "Photos de classe",
        "Le photographe vient vendredi matin. Les commandes se font en ligne jusqu’à la fin du mois.",
    ),
    (
        17,
        "Élection des parents",
        "Le dépouillement a eu lieu devant les candidats. Le procès-verbal est affiché au portail.",
    ),
    (10, "La bibliothèque rouvre", "Les parents bénévoles ont couvert deux cents livres. Le prêt reprend lundi."),
    (3, "Le loto de l’école", "Samedi à 14 h, dans le préau. Chaque classe tient un stand de gâteaux."),
]
OF_THE_CLASS = [
    (14, "Nous avons planté des fèves", "Un pot par enfant, arrosé chaque matin. Nous mesurons les tiges le vendredi."),
    (5, "La visite de Narbo Via", "Nous avons lu les inscriptions du mur lapidaire et moulé une lampe à huile."),
]
OF_THE_TOWN = [
    (12, "La cantine passe au bio le jeudi", "Les menus du trimestre sont affichés dans chaque école."),
    (4, "Inscriptions aux centres de loisirs", "Elles ouvrent lundi à 9 h, en mairie ou par courriel."),
]


def seed(school: Any, school_days: list[date]) -> None:
    """Safe to repeat: a commune where something was published is left as it is."""
    if Post.objects.exists():
        return
    with transaction.atomic():  # one commit: the disk is what takes time
        head = _accounts(school, "head")[0].person.account
        teachers = [one for one in _accounts(school, "teacher") if one.school_class_id]
        with at(moment(school_days[-1], 9, 0)):
            life = Thread(school=school, title="Vie de l’école", readers=EVERYBODY)
            services.save_thread(actor=head, thread=life)
            team = Thread(school=school, title="Équipe", readers=["teacher", "head"], is_open_to_teachers=False)
            services.save_thread(actor=head, thread=team)
        for back, title, body in OF_THE_SCHOOL:
            facts = {"thread": life, "takes_comments": True, "is_pinned": back == 3}
            _say(head, _day(school_days, back), [Place(school.pk)], title, body, **facts)
        for one in teachers:
            for back, title, body in OF_THE_CLASS:
                place = Place(school.pk, one.school_class_id)
                _say(one.person.account, _day(school_days, back), [place], title, body, thread=life)
        _comments(school)
        _of_the_town(school, head, school_days)


def _comments(school: Any) -> None:
    """One was shown, one waits to be read again."""
    post = Post.objects.filter(school=school, takes_comments=True).order_by("-starts_at", "pk")[0]
    parents = Guardianship.objects.informed().filter(guardian__account__activated_at__isnull=False)
    accounts = [link.guardian.account for link in parents.select_related("guardian__account").order_by("pk")]
    words = ["Merci à tous les bénévoles !", "Faut-il apporter les lots avant samedi ?"]
    asked = [one for one in dict.fromkeys(accounts) if one.has_perm("news.comment", post)][:2]
    for number, (account, body) in enumerate(zip(asked, words, strict=False)):
        services.read(actor=account, post=post, profile="guardian")
        said = services.comment(actor=account, post=post, body=body)
        if not number:
            services.moderate(actor=post.author, comment=said, is_shown=True)


def _of_the_town(school: Any, head: Any, school_days: list[date]) -> None:
    """News that the head let in, one that waits, and a flash over the pages."""
    officer = StaffAssignment.objects.on().for_the_whole_commune().filter(person__account__isnull=False).first()
    if officer is None:
        return
    actor = officer.person.account
    with at(moment(school_days[-1], 10, 0)):
        thread = services.save_thread(actor=actor, thread=Thread(title="Mairie", readers=EVERYBODY))
    places = [Place(school.pk)]
    for number, (back, title, body) in enumerate(OF_THE_TOWN):
        _say(actor, _day(school_days, back), places, title, body, thread=thread)
        if not number:
            _let_in(head)
    ends = timezone.now() + timedelta(days=6)
    facts = {"kind": Post.Kind.FLASH, "level": Post.Level.IMPORTANT, "readers": ["guardian", "teacher", "head"]}
    words = "Mardi, pas de cantine ni d’étude du soir : apportez un repas froid."
    _say(actor, school_days[0], places, "Grève des agents", words, ends_at=ends, **facts)
    _let_in(head, post__kind=Post.Kind.FLASH)


def _let_in(head: Any, **which: Any) -> None:
    for reach in Reach.objects.waiting().filter(**which):
        services.decide(actor=head, reach=reach, is_accepted=True)


def _say(actor: Any, day: date, places: list[Place], title: str, body: str, **facts: Any) -> None:
    with at(moment(day, 8, 5)):
        post = Post(title=title, body=body, **{"readers": EVERYBODY} | facts)
        services.publish(actor=actor, post=services.save_draft(actor=actor, post=post, places=places))


def _day(school_days: list[date], back: int) -> date:
    """So many days of school ago, or the first that the demo remembers."""
    return school_days[min(back, len(school_days) - 1)]


def _accounts(school: Any, role: str) -> list[Any]:
    rows = StaffAssignment.objects.on().filter(school=school, role=role, person__account__isnull=False)
    return list(rows.select_related("person__account").order_by("pk"))
