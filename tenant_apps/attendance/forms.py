"""What is typed: the call of a class, an absence that a family announces."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, Self
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.words import file_size
from shared_apps.files import services as files
from tenant_apps.attendance.attachments import ACCEPT, KINDS
from tenant_apps.attendance.half_days import Half, HalfDay
from tenant_apps.attendance.models import Announcement, Mark
from tenant_apps.attendance.reasons import Reason, Status, choices_for_families
from tenant_apps.attendance.services import Said
from tenant_apps.people.models import Pupil


class JudgeForm(forms.Form):
    """What the head makes of an absence."""

    reason = forms.ChoiceField(choices=[("", ""), *Reason.choices], required=False)
    status = forms.ChoiceField(choices=Status.choices)


SPANS = [
    ("day", _("toute la journée")),
    (Half.AM.value, _("le matin seulement")),
    (Half.PM.value, _("l’après-midi seulement")),
]
MOMENTS = frozenset({Mark.Kind.LATE, Mark.Kind.LEFT})


class BadCall(DomainError):
    """A call that no page of ours sends."""

    def __init__(self) -> None:
        super().__init__(_now("Cet appel n’a pas pu être lu. Rien n’a été enregistré."), code="unreadable")


@dataclass(frozen=True)
class Sending:
    """The whole class as a page sends it: those who are not said anything of are present.

    A box « absent » by child; « kind-… » (late, left) with « at-… » wins over the box; « state-… » (one word, then the
    time: « late 08:47 ») is what the page of a conflict sends. A time left out is now.
    """

    version: int
    marks: Mapping[UUID, Said]
    validates: bool
    key: UUID | None = None
    earlier: Collection[UUID] = field(default_factory=list)

    @classmethod
    def read(cls, data: QueryDict, now: time) -> Self:
        try:
            return cls(
                version=int(data["version"]),
                marks=_marks(data, now.replace(second=0, microsecond=0)),
                validates=data.get("act") == "validate",
                key=UUID(data["key"]) if data.get("key") else None,
                earlier=[UUID(one) for one in data.getlist("earlier")],
            )
        except (KeyError, ValueError) as error:
            raise BadCall from error

    @property
    def facts(self) -> dict[str, Any]:
        return vars(self)


def _marks(data: QueryDict, now: time) -> dict[UUID, Said]:
    said = {UUID(pk): (Mark.Kind.ABSENT, None) for pk in data.getlist("absent")}
    for name, value in data.items():
        if name.startswith("kind-") and value:
            pk = name.removeprefix("kind-")
            said[UUID(pk)] = _moment(value, data.get(f"at-{pk}", ""), now)
        elif name.startswith("state-") and value:
            kind, _space, at = value.partition(" ")
            said[UUID(name.removeprefix("state-"))] = (Mark.Kind(kind), time.fromisoformat(at) if at else None)
    return {pk: Said(kind, at, _reason(data.get(f"reason-{pk}", ""))) for pk, (kind, at) in said.items()}


def _moment(kind: str, at: str, now: time) -> tuple[str, time]:
    if kind not in MOMENTS:
        raise ValueError(kind)
    return kind, time.fromisoformat(at) if at else now


def _reason(value: str) -> str | None:
    """None chosen: what is known stays (a family may have explained while this page was open)."""
    return Reason(value) if value else None


def _day_picker() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class AbsenceForm(forms.Form):
    """For one or several children; a day, half of it, or several days."""

    children = forms.ModelMultipleChoiceField(
        label=_("Qui sera absent ?"),
        queryset=Pupil.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins un enfant.")},
    )
    starts_on = forms.DateField(label=_("Quel jour ?"), widget=_day_picker())
    span = forms.ChoiceField(label=_("Combien de temps ?"), choices=SPANS, widget=forms.RadioSelect, initial="day")
    ends_on = forms.DateField(
        label=_("Jusqu’au"),
        help_text=_("Si l’absence dure plusieurs jours. Ce jour est compris."),
        required=False,
        widget=_day_picker(),
    )
    reason = forms.ChoiceField(label=_("Pourquoi ?"), choices=choices_for_families, widget=forms.RadioSelect)
    message = forms.CharField(
        label=_("Un mot à l’école"),
        required=False,
        max_length=Announcement._meta.get_field("message").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    attachment = forms.FileField(
        label=_("Pièce jointe"), required=False, widget=forms.FileInput(attrs={"accept": ACCEPT})
    )

    def __init__(self, *args: Any, user: Any, asked: Mapping[str, str], **kwargs: Any) -> None:
        """`asked`: what the page was opened for (`enfant`, `jour`, `demi`)."""
        super().__init__(*args, **kwargs)
        children = Pupil.objects.informing(user).enrolled().select_related("person")
        children = children.order_by("person__birth_date", "pk")
        self.fields["children"].queryset = children
        self.fields["children"].label_from_instance = lambda pupil: pupil.person.first_name
        asked_for = [child for child in children if str(child.pk) == asked.get("enfant")]
        self.initial["children"] = asked_for or (list(children) if len(children) == 1 else [])
        opened = HalfDay.read(asked.get("jour", ""), asked.get("demi", Half.AM))
        self.initial["starts_on"] = opened.day if opened else timezone.localdate()
        if opened and "demi" in asked:
            self.initial["span"] = opened.half
        limit = file_size(settings.ENT_FILE_MAX)
        said = _now("Une convocation, par exemple (%(limit)s au plus). Jamais de certificat médical.")
        self.fields["attachment"].help_text = said % {"limit": limit}

    def clean_attachment(self) -> Any:
        upload = self.cleaned_data["attachment"]
        if upload:
            try:
                files.check(upload, kinds=KINDS)
            except DomainError as error:
                raise forms.ValidationError(error.message, code=error.code) from error
        return upload

    @property
    def facts(self) -> dict[str, Any]:
        """For the service."""
        typed = self.cleaned_data
        first, last = typed["starts_on"], typed["ends_on"] or typed["starts_on"]
        return {
            "pupils": list(typed["children"]),
            "starts": HalfDay(first, _first_half(typed["span"])),
            "ends": HalfDay(last, _last_half(typed["span"], first, last)),
            "reason": typed["reason"],
            "message": typed["message"],
            "upload": typed["attachment"],
        }


def _first_half(span: str) -> str:
    return Half.PM if span == Half.PM else Half.AM


def _last_half(span: str, first: date, last: date) -> str:
    """« Le matin » of several days begins in the morning and ends with the last day."""
    return Half.AM if span == Half.AM and first == last else Half.PM
