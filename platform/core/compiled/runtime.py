"""What a compiled template calls. Rules are those of `django.template.base`; names follow its own."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from html import escape as _escape
from inspect import signature
from typing import Any

from django.template.base import Node, VariableDoesNotExist, render_value_in_context
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData, SafeString
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]
from django.utils.translation import get_language, gettext, ngettext
from django_cotton.utils import get_cotton_data

MISSING: Any = type("Missing", (), {"__bool__": lambda _self: False, "__repr__": lambda _self: "MISSING"})()
ABSENT = (TypeError, AttributeError, KeyError, ValueError, IndexError)
_indexed: dict[type, bool] = {}  # of a type: is `value["name"]` worth a try


# --- names


def look(dicts: list[dict[str, Any]], name: str, *bits: str) -> Any:
    """`{{ name.bit }}`: the innermost `name`, then items or attributes; what can be called is. MISSING if not there."""
    for names in reversed(dicts):
        if name in names:
            value = names[name]
            break
    else:
        return MISSING
    try:
        if callable(value):
            value = called(value)
        for bit in bits:
            value = _inside(value, bit)
            if callable(value):
                value = called(value)
    except VariableDoesNotExist:
        return MISSING
    except Exception as error:
        if getattr(error, "silent_variable_failure", False):
            return ""
        raise
    return value


def raw(dicts: list[dict[str, Any]], name: str, otherwise: Any = "") -> Any:
    """The innermost `name` as it is, not called."""
    for names in reversed(dicts):
        if name in names:
            return names[name]
    return otherwise


def required(value: Any, variable: Any) -> Any:
    """The argument of a filter, which may not be missing."""
    if value is MISSING:
        raise VariableDoesNotExist("Failed lookup for [%s]", (variable,))
    return value


def _inside(value: Any, bit: str) -> Any:
    kind = type(value)
    has_items = _indexed.get(kind)
    if has_items is None:
        has_items = _learn(kind)
    if has_items or bit.isdecimal():
        try:
            if not hasattr(kind, "__getitem__"):
                raise TypeError  # a class whose metaclass alone says what [] is
            return value[bit]
        except ABSENT:
            pass
    try:
        return getattr(value, bit)
    except (TypeError, AttributeError):
        if hasattr(value.__class__, bit):  # a property that failed
            raise
    try:
        return value[int(bit)]
    except ABSENT:
        raise VariableDoesNotExist("Failed lookup for key [%s] in %r", (bit, value)) from None


def _learn(kind: type) -> bool:
    """A sequence (a text, a list, the rows of a page) has no item of a name."""
    if len(_indexed) > 5000:  # classes are made anew: rows of a query, forms of a page
        _indexed.clear()
    _indexed[kind] = hasattr(kind, "__getitem__") and not issubclass(kind, Sequence)
    return _indexed[kind]


def called(value: Any) -> Any:
    if getattr(value, "do_not_call_in_templates", False):
        return value
    if getattr(value, "alters_data", False):
        return ""
    try:
        return value()
    except TypeError:
        try:
            wanted = signature(value)
        except ValueError:  # of a function that does not say what it wants
            return ""
        try:
            wanted.bind()
        except TypeError:
            return ""
        raise


# --- values


def shown(value: Any, context: Any) -> str:
    """A value as it stands in the page: localised, escaped."""
    if value.__class__ is SafeString:
        return value
    if value.__class__ is str:
        return _escape(value)
    if value is MISSING:
        return ""
    if value.__class__ is int and -1000 < value < 1000:  # no separator, in any language
        return str(value)
    return render_value_in_context(value, context)


def said(value: Any) -> str:
    """What a tag returned."""
    return value if value.__class__ is SafeString else conditional_escape(value)


def safe_filtered(function: Callable[..., Any], value: Any, *arguments: Any, **options: Any) -> Any:
    """By a filter that keeps a safe text safe."""
    found = function(value, *arguments, **options)
    return SafeString(found) if isinstance(value, SafeData) else found


def again(condition: Any, context: Any) -> Any:
    """A condition that raised: asked part by part, as Django does, where a part that raises is false."""
    try:
        return condition.eval(context)
    except VariableDoesNotExist:
        return None


def rows_of(values: Any) -> Any:
    """What `{% for %}` goes through: with a length."""
    if values is None:
        return ()
    return values if hasattr(values, "__len__") else list(values)


def unpacked(names: tuple[str, ...], item: Any) -> dict[str, Any]:
    try:
        length = len(item)
    except TypeError:
        length = 1
    if length != len(names):
        raise ValueError(f"Need {len(names)} values to unpack in for loop; got {length}. ")
    return dict(zip(names, item, strict=False))


# --- what changes with the language and the routes only


class Kept:
    """Texts of one function for each (language, table of routes), each made when it is first said."""

    def __init__(self, makers: list[Callable[[Any], str]]) -> None:
        self._makers = makers
        self._texts: dict[Any, list[str | None]] = {}

    def of(self, context: Any) -> list[str | None]:
        try:
            setting = context.ent_setting
        except AttributeError:  # neither changes while a page is drawn
            setting = context.ent_setting = get_language(), get_urlconf()
        texts = self._texts.get(setting)
        if texts is None:
            texts = self._texts[setting] = [None] * len(self._makers)
        return texts

    def make(self, texts: list[str | None], number: int, context: Any) -> str:
        text = texts[number] = self._makers[number](context)
        return text


def text_of(nodes: Iterable[Node]) -> Callable[[Any], str]:
    """Nodes that say the same on each page."""
    kept = tuple(nodes)
    return lambda context: SafeString("".join([node.render(context) for node in kept]))


def value_of(node: Any) -> Callable[[Any], Any]:
    """Of a node that names what it would say: `{% url … as there %}`."""
    name = getattr(node, "asvar", None)

    def make(context: Any) -> Any:
        with context.push():
            node.render(context)
            return context[name]

    return make


def sentence_of(message: str) -> Callable[[Any], str]:
    return lambda _context: gettext(message)


def numbered(singular: str, plural: str, number: Any) -> str:
    """The sentence for so many. ValueError if it is no number: the tag then says so."""
    if not isinstance(number, (int, float, Decimal)):
        raise ValueError(number)
    return ngettext(singular, plural, number)  # type: ignore[arg-type]


def address(context: Any, route: Any, arguments: list[Any], named: dict[str, Any], *, is_asked: bool = False) -> str:
    """`{% url %}`; empty when it is only asked (`as there`) and leads nowhere."""
    request = getattr(context, "request", None)
    try:
        app = request.current_app  # type: ignore[union-attr]
    except AttributeError:
        app = getattr(getattr(request, "resolver_match", None), "namespace", None)
    try:
        return reverse(route, args=arguments, kwargs=named, current_app=app)
    except NoReverseMatch:
        if is_asked:
            return ""
        raise


NAMES: dict[str, Any] = {
    "MISSING": MISSING,
    "SafeString": SafeString,
    "address": address,
    "again": again,
    "conditional_escape": conditional_escape,
    "cotton_data": get_cotton_data,
    "escape": _escape,
    "localtime": template_localtime,
    "look": look,
    "raw": raw,
    "required": required,
    "numbered": numbered,
    "rows_of": rows_of,
    "safe_filtered": safe_filtered,
    "said": said,
    "shown": shown,
    "unpacked": unpacked,
}
