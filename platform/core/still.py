"""Tags that say the same on each page, said once: a sentence to translate, an address without arguments, a static file,
an icon. A page of everybody has sixty of them, and each costs a look at the language, the catalogue and the routes.

The loader puts a `Still` in their place, which keeps what the tag printed for a language and a table of routes. In the
tests each is compared with what the tag prints anew.
"""

from collections.abc import Iterator
from typing import Any

from django.template.base import Node, NodeList, Template, Variable
from django.template.defaulttags import URLNode
from django.template.library import SimpleNode
from django.template.loaders import cached
from django.templatetags.i18n import TranslateNode
from django.templatetags.static import StaticNode
from django.urls import get_urlconf
from django.utils.translation import get_language

from core.stencil import Stencil


class Loader(cached.Loader):
    """Keeps compiled templates, as Django's; those that it compiles are stilled."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        template: Any = super().get_template(template_name, skip)
        if not getattr(template, "is_stilled", False):
            still(template.nodelist)
            template.is_stilled = True
        return template


def setting_of(context: Any) -> tuple[Any, Any]:
    """(language, table of routes) of a page that is drawn: neither changes while it is."""
    try:
        return context.ent_setting
    except AttributeError:
        context.ent_setting = get_language(), get_urlconf()
        return context.ent_setting


class Still(Node):
    def __init__(self, node: Any) -> None:
        self._node = node
        self._name = getattr(node, "asvar", None)
        self.token, self.origin = node.token, node.origin  # where an error is said to be
        self._kept: dict[Any, Any] = {}

    def render(self, context: Any) -> Any:
        setting = setting_of(context)
        kept = self._kept.get(setting)
        if kept is None or Stencil.is_checked:
            said = self._said(context)
            if kept not in (None, said):
                raise AssertionError(f"{self._node!r} said {kept!r}, then {said!r}")
            kept = self._kept[setting] = said
        if self._name is None:
            return kept
        context[self._name] = kept
        return ""

    def _said(self, context: Any) -> Any:
        text = self._node.render(context)
        return context[self._name] if self._name else text


def still(nodes: NodeList) -> None:
    """In place, down to the last branch."""
    for place, node in enumerate(nodes):
        if _is_still(node):
            nodes[place] = Still(node)
        else:
            for inside in _inside(node):
                still(inside)


def _is_still(node: Any) -> bool:
    if isinstance(node, TranslateNode):
        is_plain = node.asvar is None and node.message_context is None and not node.noop
        return is_plain and _is_constant(node.filter_expression)
    if isinstance(node, URLNode):
        return not node.args and not node.kwargs and _is_constant(node.view_name)
    if isinstance(node, StaticNode):
        return node.varname is None and _is_constant(node.path)
    if isinstance(node, SimpleNode):
        given = [*node.args, *node.kwargs.values()]
        return hasattr(node.func, "is_still") and node.target_var is None and all(map(_is_constant, given))
    return False


def _is_constant(expression: Any) -> bool:
    """A text in quotes, without a filter."""
    if expression.filters:
        return False
    value = expression.var
    return isinstance(value, str) or (isinstance(value, Variable) and isinstance(value.literal, str))


def _inside(node: Any) -> Iterator[NodeList]:
    for name in getattr(node, "child_nodelists", ()):
        if isinstance(found := getattr(node, name, None), NodeList):
            yield found
    for _condition, nodes in getattr(node, "conditions_nodelists", ()):
        yield nodes
    for attribute in getattr(node, "_prepared_attrs", ()):  # of a component
        template = getattr(attribute.compiled, "_template", attribute.compiled)
        if isinstance(found := getattr(template, "nodelist", None), NodeList):
            yield found
