"""The loader of templates: each list of nodes that it gives has its function."""

import linecache
from typing import Any

from django.template.base import Node, NodeList, Template
from django.template.defaulttags import CsrfTokenNode
from django.template.loader_tags import IncludeNode
from django.template.loaders import cached

from core.compiled.pieces import blocks_of
from core.compiled.writer import Writer


class Loader(cached.Loader):
    """Keeps compiled templates, as Django's, with the functions of their nodes."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        template: Any = super().get_template(template_name, skip)
        if not isinstance(template.nodelist, Compiled):
            compile_template(template)
        return template


def compile_template(template: Any) -> None:
    """In place: the whole, and each block, which a page that extends it may want alone."""
    for node in blocks_of(template):
        node.nodelist = Compiled(node.nodelist, f"{template.name} {node.name}")
    template.nodelist = Compiled(template.nodelist, str(template.name))


class Compiled(NodeList):
    """A list of nodes that runs as one function."""

    is_checked = False  # in some tests: what the function of a page says is compared with what its nodes say
    is_walked = False

    def __init__(self, nodes: NodeList, name: str) -> None:
        super().__init__(nodes)
        self.contains_nontext = nodes.contains_nontext
        self._name = name
        self._run: Any = None
        self._is_about_itself = False  # does it name the block that it is?

    @property
    def alone(self) -> Any:
        """What says it when no name of Django's block is asked; None when it must be asked as Django does."""
        if self._run is None or self.is_walked or self.is_checked or self._is_about_itself:
            return None
        return self._run

    def render(self, context: Any) -> Any:
        engine = context.template.engine
        if self.is_walked or engine.debug or engine.string_if_invalid or not context.autoescape:
            return super().render(context)
        if self.is_checked:
            return self._compared(context)
        if self._run is None:
            run, self._is_about_itself = _function(self, self._name)
            self._run = run  # last: another thread may be reading
        return self._run(context)

    def _compared(self, context: Any) -> Any:
        """For the list that a page begins with; those inside are run as it is, and walked as it is."""
        held = context.render_context.dicts
        names, state = [dict(each) for each in context.dicts], dict(held[-1])
        Compiled.is_checked = False
        try:
            found = self.render(context)
            for each, before in zip(context.dicts, names, strict=True):
                each.clear()
                each.update(before)
            held[-1].clear()
            held[-1].update(state)
            Compiled.is_walked = True
            expected = super().render(context)
        finally:
            Compiled.is_checked, Compiled.is_walked = True, False
        if found != expected:
            raise AssertionError(f"{self._name} says, as it is compiled:\n{found}\nby its nodes:\n{expected}")
        return found


def _function(nodes: list[Node], name: str) -> tuple[Any, bool]:
    """And whether it may ask for `block`: a node that is not written may, but for these two."""
    writer = Writer(nodes, name)
    filename = f"<template {name} {id(nodes):x}>"
    linecache.cache[filename] = len(writer.source), None, writer.source.splitlines(keepends=True), filename
    exec(compile(writer.source, filename, "exec"), writer.names)  # noqa: S102  # written from our own templates
    is_unknown = not all(isinstance(node, (CsrfTokenNode, IncludeNode)) for node in writer.asked)
    return writer.names["render"], is_unknown or "'block'" in writer.source
