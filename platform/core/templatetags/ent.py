"""Filters and tags of every page (a template builtin: no `{% load %}` needed)."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from core import frontend, words
from core.stencil import Stencil

register = template.Library()

FILTERS: list[Callable[..., Any]] = [
    words.typeset,
    words.initials,
    words.day,
    words.dated,
    words.day_and_month,
    words.short_day,
    words.clock,
    words.moment,
    words.due_word,
    words.past_word,
    words.before,
    words.is_pressing,
    words.figure,
    words.share,
    words.file_size,
]
for _filter in FILTERS:
    register.filter(_filter.__name__, _filter)


@register.filter
def breakable(address: str) -> SafeString:
    """An e-mail address which a narrow column cuts before « @ » or a dot of the name, and not within a word."""
    return mark_safe(re.sub(r"@|\.(?=.*@)", r"<wbr>\g<0>", conditional_escape(address)))  # noqa: S308  (escaped)


_icons: dict[tuple[str, str, str], SafeString] = {}  # of the names that templates hold


@register.simple_tag
def icon(name: str, extra: str = "") -> str:
    """An outline drawing beside a word; nothing when the sprite was not built."""
    url = frontend.sprite_url()
    if not (url and name):
        return ""
    said = url, name, extra
    if said not in _icons:
        drawing = '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
        _icons[said] = format_html(drawing, extra, url, name)
    return _icons[said]


icon.is_still = True  # type: ignore[attr-defined]  # see core.compiled


@register.simple_tag
def emoji(name: str, extra: str = "") -> str:
    """A pupil's picture; the system's own character when the drawing was not built."""
    if not name:
        return ""
    if url := frontend.emoji_url(name):
        return format_html('<img class="emoji {}" src="{}" alt="" width="64" height="64">', extra, url)
    character = frontend.emoji_characters().get(name, "")
    return format_html('<span class="emoji emoji--character {}" aria-hidden="true">{}</span>', extra, character)


@register.simple_tag
def today() -> date:
    """`{% today as this_day %}{{ this_day|day }}`."""
    return timezone.localdate()


@register.simple_tag
def frontend_fonts() -> str:
    url = frontend.fonts_url()
    return format_html('<link rel="stylesheet" href="{}">', url) if url else ""


STENCILS: dict[tuple[str, str], Stencil] = {}


@register.simple_tag
def stencil(template_name: str, rows: Iterable[Mapping[str, Any]], texts: str, **shared: Any) -> SafeString:
    """Rows of one shape: see `core.stencil`."""
    key = template_name, texts
    if key not in STENCILS:
        STENCILS[key] = Stencil(*key)
    return STENCILS[key].print(rows, shared)


@register.filter
def html_attrs(attrs: Any) -> SafeString:
    """Attributes a page adds to a component, each value escaped (the library's own `{{ attrs }}` is not safe)."""
    pairs = attrs.attrs_dict() if hasattr(attrs, "attrs_dict") else attrs
    given = [_attribute(name, value) for name, value in pairs.items() if value not in (None, False, "")]
    return SafeString("".join(given))


def _attribute(name: str, value: Any) -> str:
    name = conditional_escape(name)
    return f" {name}" if value is True else f' {name}="{conditional_escape(value)}"'


@register.filter
def svg_percent(value: Any, total: Any = 100) -> str:
    """A width for SVG, `39.8%`: decimal point whatever the language, between 0 and 100."""
    part = 100 * float(value or 0) / float(total or 1)
    return f"{min(max(part, 0), 100):.2f}%"


@register.filter
def segments(parts: Any) -> list[dict[str, Any]]:
    """Where each part of a stacked bar starts and how wide it is, in `%` of the whole."""
    total = sum(part["value"] for part in parts) or 1
    found, start = [], 0.0
    for part in parts:
        width = 100 * part["value"] / total
        found.append({**part, "x": f"{start:.3f}%", "width": f"{width:.3f}%"})
        start += width
    return found


@register.filter
def columns(text: str) -> list[dict[str, Any]]:
    """`École|UAI|Élèves:n` → the headings of a table; `:n` sets figures to the right."""
    heads = []
    for part in str(text).split("|"):
        label, _, mark = part.partition(":")
        heads.append({"label": label.strip(), "numeric": mark == "n"})
    return heads


@register.filter
def widget_kind(field: BoundField) -> str:
    """Which of our shapes a form field takes: choices, tick, select, area, file, password, hidden, line."""
    kinds = (
        ("hidden", forms.HiddenInput),
        ("choices", (forms.RadioSelect, forms.CheckboxSelectMultiple)),
        ("tick", forms.CheckboxInput),
        ("select", forms.Select),
        ("area", forms.Textarea),
        ("file", forms.FileInput),
        ("password", forms.PasswordInput),
    )
    widget = field.field.widget
    return next((name for name, classes in kinds if isinstance(widget, classes)), "line")


@register.filter
def widget(field: BoundField, extra: str = "") -> SafeString:
    """The control itself, with our class, its help and its errors tied to it."""
    classes = {"select": "fr-select", "file": "fr-upload", "tick": "choice__box"}
    own = field.field.widget.attrs.get("class", "")
    attrs: dict[str, str | bool] = {
        "class": " ".join(filter(None, [classes.get(widget_kind(field), "fr-input"), own, extra]))
    }
    if field.field.required and widget_kind(field) not in ("choices",):
        attrs["required"] = True
    return field.as_widget(attrs=attrs)


@register.filter
def item(mapping: Mapping[str, Any], key: str) -> Any:
    return mapping.get(key)


@register.filter
def code_widget(field: BoundField) -> SafeString:
    """The one real field of an activation code, with the keyboard a phone should show."""
    return field.as_widget(
        attrs={
            "class": "fr-input",
            "data-code": True,
            "autocapitalize": "characters",
            "autocomplete": "one-time-code",
            "autocorrect": "off",
            "spellcheck": "false",
            "maxlength": "14",
            "placeholder": " ",
            "required": True,
        }
    )


@register.filter
def page_numbers(page: Any) -> list[int]:
    """Numbers to show, 0 for a gap: 1 … 4 5 6 … 12."""
    last = page.paginator.num_pages
    shown = sorted({1, last, page.number - 1, page.number, page.number + 1} & set(range(1, last + 1)))
    found: list[int] = []
    for number in shown:
        if found and number - found[-1] > 1:
            found.append(0)
        found.append(number)
    return found


@register.filter
def seconds(milliseconds: Any) -> str:
    """« 0,18 s » from milliseconds; nothing when the step did not run."""
    if milliseconds in (None, ""):
        return ""
    return f"{words.figure(float(milliseconds) / 1000, 2)}{words.NO_BREAK}s"
