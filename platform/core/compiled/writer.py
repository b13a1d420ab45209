"""A list of nodes, written as the Python of one function.

    render(context) -> str

Names of the page stay in `context.dicts`, pushed and popped where Django does, so that a node which is asked the
ordinary way finds what it expects.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.template.base import FilterExpression, Node, NodeList, TextNode, VariableNode
from django.template.defaulttags import (
    CommentNode,
    FirstOfNode,
    ForNode,
    IfNode,
    LoadNode,
    URLNode,
    WithNode,
)
from django.template.library import SimpleNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django_cotton.templatetags._component import AttrKind, CottonComponentNode
from django_cotton.templatetags._slot import CottonSlotNode
from django_cotton.templatetags._vars import CottonVarsNode

from core.compiled import pieces, runtime
from core.compiled.values import Unwritten, Values, is_constant


class Writer(Values):
    """`source`: the function; `asked`: the nodes that it asks."""

    def __init__(self, nodes: Sequence[Node], name: str) -> None:
        super().__init__()
        self.names |= runtime.NAMES | pieces.NAMES
        self.asked: list[Node] = []
        self._write(nodes)
        self.source = self._function(name)

    # --- nodes

    def _write(self, nodes: Sequence[Node]) -> None:
        run: list[Node] = []  # neighbours that say the same on each page
        for node in nodes:
            if isinstance(node, (LoadNode, CommentNode)):
                continue
            if isinstance(node, TextNode) or _is_still(node):
                run.append(node)
                continue
            self._print_still(run)
            run = []
            self._one(node)
        self._print_still(run)

    def _print_still(self, nodes: list[Node]) -> None:
        if nodes and (text := self._still(nodes)) != "''":
            self._print(text)

    def _still(self, nodes: list[Node]) -> str:
        if all(isinstance(node, TextNode) for node in nodes):
            return repr("".join(node.s for node in nodes))  # type: ignore[attr-defined]
        return self._kept(runtime.text_of(nodes))

    def _one(self, node: Any) -> None:
        write = WRITERS.get(type(node))
        state = len(self._lines), self._depth, self._out
        try:
            if write is None:
                raise Unwritten
            write(self, node)
        except Unwritten:
            del self._lines[state[0] :]
            self._depth, self._out = state[1:]
            self.asked.append(node)
            self._print(f"{self._given(node)}.render_annotated(context)")

    def _variable_node(self, node: Any) -> None:
        self._print(self._shown(self._value(node.filter_expression)))

    def _if(self, node: Any) -> None:
        depth = self._depth
        for condition, nodes in node.conditions_nodelists:
            if condition is None:
                self._write(nodes)
                break
            name = self._new("is")
            self._line("try:")
            with self._deeper():
                self._line(f"{name} = {self._condition(condition)}")
            self._line("except Exception:")
            with self._deeper():
                self._line(f"{name} = again({self._given(condition)}, context)")
            self._line(f"if {name}:")
            with self._deeper():
                self._write(nodes)
            self._line("else:")
            self._depth += 1
            self._line("pass")
        self._depth = depth

    def _for(self, node: Any) -> None:
        scope, loop, rows, place, item = (self._new(word) for word in ("scope", "loop", "rows", "place", "item"))
        self._line(f"{loop} = raw(dicts, 'forloop', None)")
        self._line(f"{scope} = {{}}")
        self._line(f"dicts.append({scope})")
        self._line("try:")
        with self._deeper():
            self._line(f"{rows} = rows_of({self._value(node.sequence, missing='None')})")
            self._line(f"{rows}_n = len({rows})")
            self._line(f"if {rows}_n < 1:")
            with self._deeper():
                self._write(node.nodelist_empty)
            self._line("else:")
            with self._deeper():
                self._line(f"{loop} = {scope}['forloop'] = {{'parentloop': {{}} if {loop} is None else {loop}}}")
                through = f"reversed({rows})" if node.is_reversed else rows
                self._line(f"for {place}, {item} in enumerate({through}):")
                with self._deeper():
                    self._loop_body(node, scope, loop, f"{rows}_n", place, item)
        self._line("finally:")
        with self._deeper():
            self._line("dicts.pop()")

    def _loop_body(self, node: Any, scope: str, loop: str, length: str, place: str, item: str) -> None:
        counts = {"counter0": place, "counter": f"{place} + 1", "revcounter": f"{length} - {place}"}
        counts |= {"revcounter0": f"{length} - {place} - 1", "first": f"{place} == 0"}
        counts |= {"last": f"{place} == {length} - 1"}
        for name, value in counts.items():
            self._line(f"{loop}['{name}'] = {value}")
        if len(node.loopvars) > 1:
            self._line(f"dicts.append(unpacked({tuple(node.loopvars)!r}, {item}))")
            self._write(node.nodelist_loop)
            self._line("dicts.pop()")
        else:
            self._line(f"{scope}[{node.loopvars[0]!r}] = {item}")
            self._write(node.nodelist_loop)

    def _with(self, node: Any) -> None:
        self._line(f"dicts.append({self._named(node.extra_context)})")
        self._line("try:")
        with self._deeper():
            self._write(node.nodelist)
        self._line("finally:")
        with self._deeper():
            self._line("dicts.pop()")

    def _named(self, given: dict[str, FilterExpression]) -> str:
        return "{" + ", ".join(f"{name!r}: {self._value(value)}" for name, value in given.items()) + "}"

    def _include(self, node: Any) -> None:
        name = node.template
        is_plain = not name.filters and isinstance(name.var, str) and not name.var.startswith((".", "/"))
        if not is_plain or node.isolated_context:
            raise Unwritten
        included = self._given(pieces.Included(str(name.var)))
        self._print(f"{included}.run(context, {self._named(node.extra_context)})")

    def _extends(self, node: Any) -> None:
        parent = node.parent_name
        if parent.var == getattr(node.origin, "template_name", ""):  # another of the same name, further down
            raise Unwritten
        self._print(f"{self._given(pieces.Inherited(node))}.run(context, {self._value(parent)})")

    def _block(self, node: Any) -> None:
        self._print(f"{self._given(pieces.Block(node))}.run(context)")

    def _first_of(self, node: Any) -> None:
        name = self._new("first")
        values = " or ".join(self._value(value, missing="None") for value in node.vars)
        self._line(f"{name} = {values} or ''")
        if node.asvar:
            self._assign(node.asvar, self._shown(name))
        else:
            self._print(self._shown(name))

    def _assign(self, name: str, value: str) -> None:
        self._line(f"dicts[-1][{name!r}] = {value}")

    def _url(self, node: Any) -> None:
        if not node.args and not node.kwargs and is_constant(node.view_name):  # with a name: others are still
            self._assign(node.asvar, self._kept(runtime.value_of(node)))
            return
        arguments = ", ".join(self._value(value) for value in node.args)
        named = self._named(node.kwargs)
        found = f"address(context, {self._value(node.view_name)}, [{arguments}], {named}"
        if node.asvar:
            self._assign(node.asvar, f"{found}, is_asked=True)")
        else:
            self._print(f"conditional_escape({found}))")

    def _simple(self, node: Any) -> None:
        given = ["context"] if node.takes_context else []
        given += [self._value(value) for value in node.args]
        given += [f"{name}={self._value(value)}" for name, value in node.kwargs.items()]
        call = f"{self._given(node.func)}({', '.join(given)})"
        if node.target_var is None:
            self._print(f"said({call})")
        else:
            self._assign(node.target_var, call)

    def _sentence(self, node: Any) -> None:
        if node.message_context:
            raise Unwritten
        message, names = node.render_token_list(node.singular)
        found, values = self._new("sentence"), self._new("values")
        self._line(f"dicts.append({self._named(node.extra_context)})")
        if node.plural:
            number = self._new("number")
            self._line(f"{number} = dicts[-1][{node.countervar!r}] = {self._value(node.counter)}")
            plural, more = node.render_token_list(node.plural)
            names = [*names, *more]
            text = f"numbered({message!r}, {plural!r}, {number})"
        else:
            text = self._kept(runtime.sentence_of(message))
        pairs = ", ".join(f"{name!r}: shown(raw(dicts, {name!r}), context)" for name in dict.fromkeys(names))
        self._line(f"{values} = {{{pairs}}}")
        self._line("dicts.pop()")
        self._line("try:")
        with self._deeper():
            self._line(f"{found} = {text} % {values}")
        self._line("except (KeyError, ValueError):  # a sentence that does not fit its values")
        with self._deeper():
            self._line(f"{found} = {self._given(node)}.render(context)")
        if node.asvar:
            self._assign(node.asvar, f"SafeString({found})")
        else:
            self._print(found)

    # --- components

    def _component(self, node: Any) -> None:
        if node.only or "is" in node.attrs or any(said.key == "attrs" for said in node._prepared_attrs):
            raise Unwritten
        data, own, values = (self._new(word) for word in ("cotton", "own", "attrs"))
        self._line(f"{data} = cotton_data(context)")
        self._line(f"{values} = {{}}")
        self._line(f"{own} = {{'key': {node.component_name!r}, 'attrs': {values}, 'slots': {{}}}}")
        self._line(f"{data}['stack'].append({own})")
        for said in node._prepared_attrs:
            self._attribute(said, values)
        slot = self._text(node.nodelist)
        component = self._given(pieces.Component(node))
        self._print(f"{component}.run(context, {values}, {data}, {own}, {slot})")
        self._line(f"{data}['stack'].pop()")

    def _attribute(self, said: Any, values: str) -> None:
        place = f"{values}[{said.key!r}]"
        constant = pieces.constant_of(said)
        if constant is not runtime.MISSING:
            self._line(f"{place} = {self._given(constant)}")
        elif said.kind == AttrKind.ESCAPED:
            self._line(f"{place} = {self._text(said.compiled.nodelist)}")
        else:
            name, prepared = self._new("v"), said.compiled
            value = "MISSING"
            if prepared._variable is not None and prepared._variable.lookups is not None:
                value = self._looked(prepared._variable)
            how = "unquoted" if said.kind == AttrKind.UNQUOTED else "dynamic"
            self._line(f"{name} = {how}({value}, {self._given(prepared)}, context)")
            self._line(f"if {name} is not UNPROCESSABLE:")
            with self._deeper():
                self._line(f"{place} = {name}")

    def _text(self, nodes: NodeList) -> str:
        """The expression of what these nodes print, a safe text; lines that make it may come before."""
        nodes = NodeList(node for node in nodes if not isinstance(node, (LoadNode, CommentNode)))
        if not nodes:
            return "SafeString()"
        if all(isinstance(node, TextNode) or _is_still(node) for node in nodes):
            return self._kept(runtime.text_of(nodes))
        if len(nodes) == 1 and isinstance(nodes[0], VariableNode):
            return f"SafeString({self._shown(self._value(nodes[0].filter_expression))})"
        with self._aside() as text:
            self._write(nodes)
        name = self._new("slot")
        self._line(f"{name} = {text}")
        return name

    def _slot(self, node: Any) -> None:
        own = self._new("own")
        self._line(f"{own} = cotton_data(context)['stack'][-1]['slots']")
        self._line(f"{own}[{node.slot_name!r}] = {self._text(node.nodelist)}")

    def _parameters(self, node: Any) -> None:
        """Said by the component that runs this template; outside one they are names of the page."""
        self._line("if not cotton_data(context)['stack']:")
        with self._deeper():
            self._line(f"{self._given(node)}.render(context)")


WRITERS: dict[type, Callable[[Writer, Any], None]] = {
    BlockNode: Writer._block,
    BlockTranslateNode: Writer._sentence,
    CottonComponentNode: Writer._component,
    CottonSlotNode: Writer._slot,
    CottonVarsNode: Writer._parameters,
    ExtendsNode: Writer._extends,
    FirstOfNode: Writer._first_of,
    ForNode: Writer._for,
    IfNode: Writer._if,
    IncludeNode: Writer._include,
    SimpleNode: Writer._simple,
    URLNode: Writer._url,
    VariableNode: Writer._variable_node,
    WithNode: Writer._with,
}


def _is_still(node: Any) -> bool:
    """It says the same on each page: a sentence, an address without arguments, a static file, an icon."""
    if isinstance(node, TranslateNode):
        is_plain = node.asvar is None and node.message_context is None and not node.noop
        return is_plain and is_constant(node.filter_expression)
    if isinstance(node, URLNode):
        return not node.args and not node.kwargs and node.asvar is None and is_constant(node.view_name)
    if isinstance(node, StaticNode):
        return node.varname is None and is_constant(node.path)
    if isinstance(node, SimpleNode):
        given = [*node.args, *node.kwargs.values()]
        return hasattr(node.func, "is_still") and node.target_var is None and all(map(is_constant, given))
    return False
