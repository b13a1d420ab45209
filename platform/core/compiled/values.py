"""Expressions of a template as expressions of Python: names, filters, conditions."""

from typing import Any

from django.template.base import FilterExpression, Variable
from django.template.defaulttags import TemplateLiteral

from core.compiled import runtime
from core.compiled.lines import Lines

WORDS = {"or", "and", "in", "not in", "is", "is not", "==", "!=", ">", ">=", "<", "<="}


class Unwritten(Exception):  # no error: the node is asked instead
    """This node, or this use of it, is not written."""


class Values(Lines):
    def _value(self, expression: FilterExpression, missing: str = "''") -> str:
        """A filter expression; `missing` stands for a name that is not there."""
        value = self._first_value(expression, missing)
        for function, arguments in expression.filters:
            given = [
                value if not getattr(function, "expects_localtime", False) else f"localtime({value}, context.use_tz)"
            ]
            given += [self._argument(is_name, argument) for is_name, argument in arguments]
            if getattr(function, "needs_autoescape", False):
                given.append("autoescape=True")
            name = self._given(function)
            is_safe = getattr(function, "is_safe", False)
            value = f"safe_filtered({name}, {', '.join(given)})" if is_safe else f"{name}({', '.join(given)})"
        return value

    def _first_value(self, expression: FilterExpression, missing: str) -> str:
        if not expression.is_var:
            return self._given(expression.var)
        variable = expression.var
        if variable.translate or variable.lookups is None:
            if not variable.translate:
                return self._given(variable.literal)
            return f"{self._given(variable)}.resolve(context)"
        name = self._new("v")
        return f"({missing} if ({name} := {self._looked(variable)}) is MISSING else {name})"

    def _argument(self, is_name: bool, argument: Any) -> str:  # as the filter keeps it
        if not is_name:
            return self._given(runtime.SafeString(argument) if isinstance(argument, str) else argument)
        if argument.lookups is None or argument.translate:
            return f"{self._given(argument)}.resolve(context)"
        return f"required({self._looked(argument)}, {argument.var!r})"

    def _looked(self, variable: Variable) -> str:
        return f"look(dicts, {', '.join(map(repr, variable.lookups))})"  # type: ignore[arg-type]

    def _shown(self, value: str) -> str:
        name = self._new("v")
        return f"escape({name}) if ({name} := {value}).__class__ is str else shown({name}, context)"

    def _condition(self, token: Any) -> str:
        if isinstance(token, TemplateLiteral):
            return self._value(token.value, missing="None")  # type: ignore[arg-type]
        if token.id == "not":
            return f"(not {self._condition(token.first)})"
        if token.id in WORDS:
            return f"({self._condition(token.first)} {token.id} {self._condition(token.second)})"
        raise Unwritten


def is_constant(expression: Any) -> bool:
    """A text in quotes, without a filter."""
    if expression.filters:
        return False
    value = expression.var
    return isinstance(value, str) or (isinstance(value, Variable) and isinstance(value.literal, str))
