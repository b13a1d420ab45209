"""Components that are drawn once for their shape. A component says which of its parameters are texts, that it prints or
asks whether they are empty, and nothing else:

    {% texts "label href slot" %}

Its template then runs once for each shape (its tone, its icon, which texts are there) with marks where the texts stand;
afterwards the texts, escaped, are printed between the pieces, as for the rows of a list (`core.stencil`). Attributes
that the component passes on are texts too. It reads nothing of the page around it. With a parameter that is neither a
text nor hashable it is drawn the ordinary way. In the tests each drawing is compared with the template run for it.
"""

import re
from dataclasses import dataclass
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from django.template import Context, Library, Node, TemplateSyntaxError
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django_cotton.templatetags import Attrs, UnprocessableDynamicAttr
from django_cotton.templatetags._component import AttrKind, CottonComponentNode, cotton_component
from django_cotton.templatetags._vars import CottonVarsNode
from django_cotton.utils import get_cotton_data

from core.stencil import Stencil
from core.still import setting_of

MARK = re.compile("\ue000([0-9]+)\ue001")
LIMIT = 2000  # shapes kept: components times tones, icons and constant words

register = Library()


class TextsNode(Node):
    def __init__(self, names: list[str]) -> None:
        self.names = frozenset(names)

    def render(self, context: Any) -> str:
        return ""


@register.tag
def texts(parser: Any, token: Any) -> TextsNode:
    _tag, quoted = token.contents.split(None, 1)
    if len(quoted) < 2 or quoted[0] != '"' or quoted[-1] != '"':
        raise TemplateSyntaxError('Write {% texts "label slot" %}.')
    return TextsNode(quoted[1:-1].split())


@register.tag("cotton")
def component(parser: Any, token: Any) -> "Component":
    node = cotton_component(parser, token)
    return Component(node.component_name, node.nodelist, node.attrs, node.only, node.active_library)


@dataclass(frozen=True, slots=True)
class Declared:
    """By a component: its parameters, and those that are texts."""

    names: frozenset[str]
    texts: frozenset[str]

    def is_text(self, name: str, value: Any) -> bool:
        """Attributes that are passed on are."""
        name = name.replace("-", "_")
        return (name in self.texts or name not in self.names) and isinstance(value, str) and not value.isspace()


class Component(CottonComponentNode):
    """A component where a template uses it."""

    _drawings: ClassVar[dict[Any, list[str]]] = {}
    _declarations: ClassVar[WeakKeyDictionary[Any, Declared | None]] = WeakKeyDictionary()

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._may_be_drawn = "is" not in self.attrs and not any(attr.key == "attrs" for attr in self._prepared_attrs)

    def render(self, context: Any) -> str:
        if not self._may_be_drawn:
            return super().render(context)
        template = self._get_cached_template(context, {})
        declared = _declared_in(template, self._declarations)
        values = self._values(context) if declared is not None else None
        if declared is None or values is None:
            return super().render(context)
        return self._print(context, template, declared, values)

    def _values(self, context: Any) -> dict[str, Any] | None:
        """Of the attributes; None when one can't be known (the library then says what it does)."""
        try:
            return {attr.key: _value(attr, context) for attr in self._prepared_attrs}
        except UnprocessableDynamicAttr:
            return None

    def _print(self, context: Any, template: Any, declared: Declared, values: dict[str, Any]) -> str:
        stack = get_cotton_data(context)["stack"]
        inside: dict[str, Any] = {"key": self.component_name, "attrs": values, "slots": {}}
        stack.append(inside)
        slot = self.nodelist.render(context)
        stack.pop()
        slots = {**inside["slots"], "slot": slot}
        printed: list[str] = []
        shape: list[Any] = [template, setting_of(context)]
        marked: list[dict[str, Any]] = []
        for group in (values, slots):
            marks = {}
            for name, value in group.items():
                if declared.is_text(name, value) and value:
                    marks[name] = mark_safe(f"\ue000{len(printed)}\ue001")  # noqa: S308  # escaped when it is printed
                    printed.append(conditional_escape(value))
                    shape += name, Declared
                else:
                    marks[name] = value
                    shape += name, value.__class__, value
            marked.append(marks)
        try:
            drawing = self._drawings.get(tuple(shape))
        except TypeError:  # a list: nothing to keep a drawing by
            with context.push(self._state(template, values, slots)):
                return template.render(context)
        if drawing is None:
            drawing = self._drawn(tuple(shape), template, *marked)
        found = "".join([printed[int(part)] if place % 2 else part for place, part in enumerate(drawing)])
        if Stencil.is_checked:
            with context.push(self._state(template, values, slots)):
                _compare(self.component_name, template.render(context), found)
        return mark_safe(found)  # noqa: S308  # pieces of the template and escaped texts

    def _drawn(self, shape: Any, template: Any, values: dict[str, Any], slots: dict[str, Any]) -> list[str]:
        if len(self._drawings) >= LIMIT:
            self._drawings.clear()
        drawing = MARK.split(template.render(Context(self._state(template, values, slots))))
        return self._drawings.setdefault(shape, drawing)

    def _state(self, template: Any, values: dict[str, Any], slots: dict[str, Any]) -> dict[str, Any]:
        """What the library gives to the template of a component."""
        attrs = Attrs(dict(values))
        named = {name: content for name, content in slots.items() if name != "slot"}
        defaults = self._extract_vars_from_template(template, Context(), attrs, named)
        data = {"stack": [{"key": self.component_name, "attrs": attrs, "slots": named}], "vars": {}}
        return {
            **defaults,
            **named,
            **attrs.make_attrs_accessible(),
            "attrs": attrs,
            "slot": slots["slot"],
            "cotton_data": data,
        }


def _value(attr: Any, context: Any) -> Any:
    if attr.kind == AttrKind.DYNAMIC:
        return attr.compiled.resolve(context)
    if attr.kind == AttrKind.UNQUOTED:
        try:
            return attr.compiled.resolve(context)
        except UnprocessableDynamicAttr:
            return attr.value
    value = attr.compiled.nodelist.render(context) if attr.compiled else attr.value
    return str(value) if isinstance(value, Promise) else value


def _declared_in(template: Any, found: Any) -> Declared | None:
    if template not in found:
        said = next((node for node in template.nodelist if isinstance(node, TextsNode)), None)
        nodes = [node for node in template.nodelist if isinstance(node, CottonVarsNode)]
        names = [var.accessible_key for node in nodes for var in node._prepared_vars]
        names += [name.replace("-", "_") for node in nodes for name in node.empty_vars]
        found[template] = Declared(frozenset({*names, "slot"}), said.names) if said else None
    return found[template]


def _compare(name: str, expected: str, found: str) -> None:
    if expected != found:
        raise AssertionError(f"<c-{name}> does more than print its texts:\n{expected}\n{found}")
