"""Other templates within a page: included, inherited, components."""

from typing import Any

from django.template.base import Template, TextNode
from django.template.loader import get_template
from django.template.loader_tags import BLOCK_CONTEXT_KEY, BlockContext, BlockNode, ExtendsNode
from django.utils.safestring import SafeString
from django_cotton.templatetags import Attrs, UnprocessableDynamicAttr
from django_cotton.templatetags._component import AttrKind
from django_cotton.templatetags._vars import CottonVarsNode

from core.compiled.runtime import MISSING, raw


def run(template: Template, context: Any, names: dict[str, Any]) -> str:
    """Another template within this page, which sees `names` besides what the page does."""
    held, dicts = context.render_context, context.dicts
    before = held.template
    held.template = template
    held.dicts.append({})
    dicts.append(names)
    try:
        return _said(template.nodelist, context)
    finally:
        dicts.pop()
        held.dicts.pop()
        held.template = before


def _said(nodes: Any, context: Any) -> str:
    alone = getattr(nodes, "alone", None)
    return nodes.render(context) if alone is None else alone(context)


class Included:
    """`{% include "name" %}`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._template: Any = None

    def run(self, context: Any, names: dict[str, Any]) -> str:
        if self._template is None:
            self._template = get_template(self._name).template  # type: ignore[attr-defined]
        return run(self._template, context, names)


def blocks_of(template: Any) -> list[Any]:
    return template.nodelist.get_nodes_by_type(BlockNode)


class Inherited:
    """`{% extends "name" %}`, or a name that the page gives: each parent is found once, and its blocks are."""

    def __init__(self, node: ExtendsNode) -> None:
        self._node = node
        self._parents: dict[str, tuple[Any, dict[str, BlockNode]]] = {}

    def run(self, context: Any, name: Any) -> str:
        if name.__class__ is not str and name.__class__ is not SafeString:
            return self._node.render(context)
        found = self._parents.get(name)
        if found is None:
            found = self._parents[name] = self._found(context)
        parent, own = found
        held = context.render_context
        blocks = held.get(BLOCK_CONTEXT_KEY)
        if blocks is None:
            blocks = held[BLOCK_CONTEXT_KEY] = BlockContext()
        blocks.add_blocks(self._node.blocks)
        if own:
            blocks.add_blocks(own)
        before, held.template = held.template, parent
        try:
            return _said(parent.nodelist, context)
        finally:
            held.template = before

    def _found(self, context: Any) -> tuple[Any, dict[str, BlockNode]]:
        parent = self._node.get_parent(context)
        first = next((node for node in parent.nodelist if not isinstance(node, TextNode)), None)
        return parent, {} if isinstance(first, ExtendsNode) else {node.name: node for node in blocks_of(parent)}


class Block:
    """`{% block name %}`. Only one that says `block.super` needs to know which block it is, and what it replaces."""

    def __init__(self, node: BlockNode) -> None:
        self._node = node

    def run(self, context: Any) -> str:
        node = self._node
        replaced = context.render_context.get(BLOCK_CONTEXT_KEY)
        if replaced is not None and (those := replaced.blocks.get(node.name)):
            node = those[-1]
        run = getattr(node.nodelist, "alone", None)
        if run is None:
            return self._node.render(context)
        context.dicts.append({})
        try:
            return run(context)
        finally:
            context.dicts.pop()


def cotton_data(context: Any) -> dict[str, Any]:
    """The library's own: the components that the page is in, and their slots."""
    data = raw(context.dicts, "cotton_data", None)
    if data is None:
        data = context["cotton_data"] = {"stack": [], "vars": {}}
    return data


UNPROCESSABLE: Any = object()


def dynamic(value: Any, prepared: Any, context: Any) -> Any:
    """`:name="words"` that is no plain name here: what the library makes of it."""
    if value is MISSING:
        try:
            return prepared.resolve(context)
        except UnprocessableDynamicAttr:
            return UNPROCESSABLE
    return value.attrs_dict() if isinstance(value, Attrs) else value


def unquoted(value: Any, prepared: Any, context: Any) -> Any:
    """`name=words`: the words themselves when they are no name."""
    if value is MISSING:
        try:
            return prepared.resolve(context)
        except UnprocessableDynamicAttr:
            return prepared.raw
    return value.attrs_dict() if isinstance(value, Attrs) else value


class Component:
    """`<c-name …>` at one place: its template, what it says of its parameters."""

    def __init__(self, node: Any) -> None:
        self._node = node
        self._template: Any = None
        self._constants: dict[str, Any] = {}
        self._later: list[Any] = []  # parameters whose default is no constant
        self._hidden: frozenset[str] = frozenset()

    def run(self, context: Any, values: dict[str, Any], data: dict[str, Any], own: dict[str, Any], slot: str) -> str:
        """`own`: what stands on the library's stack, with the slots that the content named."""
        if self._template is None:
            self._find(context)
        slots = own["slots"]
        attrs = own["attrs"] = Attrs(values)
        attrs._exclude_from_str = self._hidden  # type: ignore[assignment]  # never added to: see `_find`
        names = {**self._constants}
        for said in self._later:
            if said.exclude_key not in values and said.exclude_key not in slots:
                default = _default(said, context)
                if default is not UNPROCESSABLE:
                    names[said.accessible_key] = default
        names.update(slots)
        for key, value in values.items():
            names[key.replace("-", "_")] = value
        names["attrs"], names["slot"], names["cotton_data"] = attrs, slot, data
        return run(self._template, context, names)

    def _find(self, context: Any) -> None:
        template = self._node._get_cached_template(context, {})
        hidden = {"is"}
        for node in template.nodelist:
            if isinstance(node, CottonVarsNode):
                hidden.update(node.empty_vars)
                for said in node._prepared_vars:
                    hidden.add(said.exclude_key)
                    constant = constant_of(said)
                    if constant is MISSING:
                        self._later.append(said)
                    else:
                        self._constants[said.accessible_key] = constant
        self._hidden = frozenset(hidden)
        self._template = template


def constant_of(said: Any) -> Any:
    """The value of an attribute or of a parameter's default; MISSING when the page decides."""
    if said.kind in (AttrKind.STATIC, AttrKind.BOOLEAN):
        return said.value
    if said.kind == AttrKind.ESCAPED:
        return MISSING if said.compiled else said.value
    prepared = said.compiled
    if prepared.raw == "":
        return True
    if prepared.raw in ("None", "True", "False"):
        return {"None": None, "True": True, "False": False}[prepared.raw]
    variable = prepared._variable
    if variable is not None and variable.lookups is None and not variable.translate:
        return variable.literal
    if prepared.raw in ("[]", "{}"):
        return prepared._literal
    return MISSING


def _default(said: Any, context: Any) -> Any:
    if said.kind == AttrKind.ESCAPED:
        return said.compiled.render(context)
    try:
        return said.compiled.resolve(context)
    except UnprocessableDynamicAttr:
        return said.value if said.kind == AttrKind.UNQUOTED else UNPROCESSABLE


NAMES: dict[str, Any] = {
    "UNPROCESSABLE": UNPROCESSABLE,
    "cotton_data": cotton_data,
    "dynamic": dynamic,
    "unquoted": unquoted,
}
