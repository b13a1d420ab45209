"""An answer in sentences, telling no more of the two people than the asker may see."""

from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core.words import dated
from shared_apps.bounds import words
from shared_apps.bounds.vocabulary import FAMILY, Party, Right, Scope
from tenant_apps.people.models import Person, Pupil
from tenant_apps.rights.decisions import Answer, Reason
from tenant_apps.rights.ties import Tie
from tenant_apps.schools.models import School, SchoolClass


@dataclass(frozen=True, slots=True)
class Line:
    """One rule weighed: what it says, who set it, what was found."""

    allows: bool
    goes_some_way: bool
    rule: str
    origin: str
    found: str


class Teller:
    """Names of what the asker sees; « une autre école » for the rest. Three queries."""

    def __init__(self, asker: Any, answer: Answer) -> None:
        ties = [tie for reason in answer.reasons for tie in (reason.sender, reason.recipient)]
        schools = School.objects.visible_to(asker).filter(pk__in={tie.school for tie in ties})
        classes = SchoolClass.objects.visible_to(asker).filter(pk__in={tie.school_class for tie in ties})
        pupils = Pupil.objects.visible_to(asker).filter(pk__in={tie.child for tie in ties}).select_related("person")
        self.schools = {school.pk: school.name for school in schools}
        self.classes = {one.pk: one.label for one in classes}
        self.children = {pupil.pk: pupil.person.first_name for pupil in pupils}

    def lines(self, answer: Answer, sender: Person, recipient: Person) -> list[Line]:
        return [
            Line(
                reason.allows,
                reason.scope is not Scope.NONE,
                words.sentence(reason.cell, reason.scope),
                origin(reason),
                self._found(reason, sender, recipient),
            )
            for reason in answer.deciding
        ]

    def _found(self, reason: Reason, sender: Person, recipient: Person) -> str:
        return " ".join(
            [
                self._face(reason.sender, sender.full_name),
                self._face(reason.recipient, recipient.full_name),
                self._near(reason),
            ]
        )

    def _face(self, tie: Tie, name: str) -> str:
        school = self.schools.get(tie.school, "")
        if tie.party in FAMILY:
            return self._family(tie, name)
        facts = {"name": name, "role": words.one(tie.party), "school": school}
        if tie.is_everywhere:
            return _("%(name)s travaille au service des affaires scolaires.") % facts
        if school:
            return _("%(name)s : %(role)s, %(school)s.") % facts
        return _("%(name)s : %(role)s, dans une autre école ou un service de la commune.") % facts

    def _family(self, tie: Tie, name: str) -> str:
        facts = {
            "name": name,
            "class": self.classes.get(tie.school_class, ""),
            "child": self.children.get(tie.child, ""),
        }
        facts["school"] = self.schools.get(tie.school, "")
        if tie.party is not Party.GUARDIAN:
            return (_("%(name)s est élève, %(school)s.") if facts["school"] else _("%(name)s est élève.")) % facts
        if facts["child"] and facts["class"]:
            return _("%(name)s est responsable de %(child)s, en %(class)s.") % facts
        return _("%(name)s est responsable d’un enfant d’une école de la commune.") % facts

    def _near(self, reason: Reason) -> str:
        place = {"class": self.classes.get(reason.sender.school_class, ""), "school": self._school(reason)}
        if reason.near is Scope.CHILD:
            return _("Le même enfant les relie.")
        if reason.near is Scope.CLASS:
            return (
                _("La même classe les relie : %(class)s.") if place["class"] else _("Une même classe les relie.")
            ) % place
        if reason.near is Scope.SCHOOL:
            return (
                _("La même école les relie : %(school)s.") if place["school"] else _("Une même école les relie.")
            ) % place
        return _("Seule la commune les relie.")

    def _school(self, reason: Reason) -> str:
        return self.schools.get(reason.sender.school or reason.recipient.school, "")


def verdict(answer: Answer, sender: Person, recipient: Person) -> str:
    names = {"sender": sender.full_name, "recipient": recipient.full_name}
    if answer.right is Right.WRITE:
        yes, no = (
            _("Oui, %(sender)s peut écrire à %(recipient)s."),
            _("Non, %(sender)s ne peut pas écrire à %(recipient)s."),
        )
    else:
        yes, no = (
            _("Oui, %(sender)s voit le nom de %(recipient)s."),
            _("Non, %(sender)s ne voit pas le nom de %(recipient)s."),
        )
    return (yes if answer else no) % names


def obstacle(answer: Answer, sender: Person, recipient: Person) -> str:
    names = {"sender": sender.full_name, "recipient": recipient.full_name}
    return {
        "": "",
        "self": _("C’est la même personne."),
        "no_account": _("%(recipient)s n’a pas de compte ouvert.") % names,
        "sender_unknown": _unknown(sender),
        "recipient_unknown": _unknown(recipient),
    }[answer.obstacle]


def _unknown(person: Person) -> str:
    words_ = _(
        "Aujourd’hui, rien ne relie %(name)s à une école de la commune : ni fonction, ni inscription, "
        "ni autorité parentale sur un élève inscrit."
    )
    return words_ % {"name": person.full_name}


def origin(reason: Reason) -> str:
    """Who set the rule."""
    if reason.is_forbidden_everywhere:
        return _("Règle de la plateforme : aucune école ne peut l’ouvrir.")
    if reason.is_cut:
        return _("L’académie a posé une borne plus stricte que le choix de l’école.")
    if reason.rule is None:
        return _("Règle habituelle : l’école ne l’a pas changée.")
    facts = {"day": dated(localtime(reason.rule.updated_at)), "who": reason.rule.set_by}
    if reason.rule.set_by is None:
        return _("Règle de l’école, changée le %(day)s.") % facts
    return _("Règle de l’école, changée par %(who)s le %(day)s.") % facts
