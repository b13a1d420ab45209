"""Forms in our own markup: `{{ form }}` and `<c-field :field="form.x" />` say the same thing."""

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm, FileField, FileInput
from django.forms.renderers import DjangoTemplates
from django.template import loader

from core.errors import DomainError


class Renderer(DjangoTemplates):
    """Our form and field templates with the pages' engine (components, tags); Django's own for bare widgets."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    formset_template_name = "forms/formset.html"

    def get_template(self, template_name: str) -> Any:
        if template_name.startswith("forms/"):
            return loader.get_template(template_name)
        return super().get_template(template_name)


class ManyFiles(FileInput):
    allow_multiple_selected = True


class FilesField(FileField):
    """One file or several dropped together; an empty list where none is required."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        uploads = data if isinstance(data, list | tuple) else [data]
        cleaned = [super(FilesField, self).clean(upload, initial) for upload in uploads or [None]]
        return [upload for upload in cleaned if upload is not None]


def is_done(form: BaseForm, act: Callable[..., Any]) -> bool:
    """A right form gives its fields to the act, by name; what the act refuses is an error of the whole form."""
    if not form.is_valid():
        return False
    try:
        act(**form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    return True
