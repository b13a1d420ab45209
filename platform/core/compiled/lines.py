"""The lines of a function that is being written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from core.compiled import runtime


class Lines:
    """`names`: what the function finds in its module."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {}
        self._lines: list[str] = []
        self._depth = 1
        self._number = 0
        self._out = "out"
        self._makers: list[Callable[[Any], Any]] = []

    def _function(self, name: str) -> str:
        self.names["kept"] = kept = runtime.Kept(self._makers)
        self.names["make"] = kept.make
        lines = [f"def render(context):  # {name}", "    dicts = context.dicts"]
        lines += ["    texts = kept.of(context)"] if self._makers else []
        lines += ["    out_ = []", "    out = out_.append", *self._lines, '    return SafeString("".join(out_))', ""]
        return "\n".join(lines)

    def _line(self, text: str) -> None:
        self._lines.append("    " * self._depth + text)

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self._depth += 1
        before = len(self._lines)
        yield
        if len(self._lines) == before:
            self._line("pass")
        self._depth -= 1

    def _print(self, expression: str) -> None:
        self._line(f"{self._out}({expression})")

    def _new(self, word: str) -> str:
        self._number += 1
        return f"{word}{self._number}"

    def _given(self, thing: Any) -> str:
        """A name for an object that the function uses."""
        if thing.__class__ in (str, int, bool, float) or thing is None:
            return repr(thing)
        name = self._new("k")
        self.names[name] = thing
        return name

    def _kept(self, make: Callable[[Any], Any]) -> str:
        """What is said once for a language and a table of routes."""
        number = len(self._makers)
        self._makers.append(make)
        name = self._new("text")
        return f"({name} if ({name} := texts[{number}]) is not None else make(texts, {number}, context))"

    @contextmanager
    def _aside(self) -> Iterator[str]:
        """Lines that print to a text of their own; yields its expression."""
        name, before = self._new("text"), self._out
        self._line(f"{name}_ = []")
        self._line(f"{name} = {name}_.append")
        self._out = name
        yield f'SafeString("".join({name}_))'
        self._out = before
