"""Filters and paths of SCIM (RFC 7644, sections 3.4.2.2 and 3.5.2), read once and asked of values.

Attribute names and operators are read in any case, as the standard wants. A filter is bounded in
length and depth, so that nobody can make reading one expensive.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from muniment.core.errors import InvalidError

_MOST_CHARS: Final = 2_000
_MOST_DEPTH: Final = 20
_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<mark>[()\[\]])|(?P<word>[^\s()\[\]"]+))"""
)
_ATTRIBUTE: Final = re.compile(
    r"(?:urn:[A-Za-z0-9:._-]+:)?\$?[A-Za-z][A-Za-z0-9_$-]*(?:\.[A-Za-z$][\w$-]*)?\Z"
)
_URN: Final = re.compile(r"urn:ietf:params:scim:schemas:[A-Za-z0-9:.]+:(?=[A-Za-z])", re.IGNORECASE)

Asks = Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True, slots=True)
class Path:
    """Where in a resource a change goes: an attribute, which of its values, which part of them."""

    attribute: str
    chosen: Asks | None = None
    part: str = ""


def read_filter(text: str) -> Asks:
    """Read a filter; what it gives says of a resource whether it is meant."""
    tokens = _Tokens(text)
    asks = _either(tokens, 0)
    tokens.require_end()
    return asks


def read_path(text: str) -> Path:
    """Read the path of a change."""
    outer, bracket, rest = text.partition("[")
    if not bracket:
        attribute, _, part = _attribute(text).partition(".")
        return Path(attribute, None, part)
    inside, closed, after = rest.rpartition("]")
    if not closed or (after and not after.startswith(".")):
        raise _wrong("the path is not whole", "invalidPath")
    part = _attribute(after[1:]) if after else ""
    return Path(_attribute(outer), read_filter(inside), part)


def values_at(resource: Mapping[str, Any], name: str) -> Iterator[Any]:
    """Give every value under a name such as `emails.value`; names are read in any case."""
    first, _, rest = name.partition(".")
    for key, value in resource.items():
        if key.lower() != first.lower():
            continue
        for each in value if isinstance(value, list) else [value]:
            if not rest:
                yield each.get("value", each) if isinstance(each, Mapping) else each
            elif isinstance(each, Mapping):
                yield from values_at(each, rest)


class _Tokens:
    """The words of a filter, one after the other."""

    def __init__(self, text: str) -> None:
        if len(text) > _MOST_CHARS:
            raise _wrong(f"a filter has {_MOST_CHARS} characters at most")
        self._words: list[str] = []
        place = 0
        text = text.strip()
        while place < len(text):
            found = _TOKEN.match(text, place)
            if found is None:
                raise _wrong("the filter cannot be read")
            self._words.append(found[0].strip())
            place = found.end()
        self._next = 0

    def peek(self) -> str:
        """Look at the next word."""
        return self._words[self._next] if self._next < len(self._words) else ""

    def take(self) -> str:
        """Take the next word."""
        word = self.peek()
        if not word:
            raise _wrong("the filter ends too early")
        self._next += 1
        return word

    def take_if(self, word: str) -> bool:
        """Take the next word if it is this one."""
        if self.peek().lower() != word:
            return False
        self._next += 1
        return True

    def require_end(self) -> None:
        """Refuse what comes after the end."""
        if self.peek():
            raise _wrong("the filter goes on after its end")


def _either(tokens: _Tokens, depth: int) -> Asks:
    found = [_both(tokens, depth)]
    while tokens.take_if("or"):
        found.append(_both(tokens, depth))
    return lambda resource: any(each(resource) for each in found)


def _both(tokens: _Tokens, depth: int) -> Asks:
    found = [_one(tokens, depth)]
    while tokens.take_if("and"):
        found.append(_one(tokens, depth))
    return lambda resource: all(each(resource) for each in found)


def _one(tokens: _Tokens, depth: int) -> Asks:
    if depth > _MOST_DEPTH:
        raise _wrong("the filter is nested too deep")
    if tokens.take_if("not"):
        inner = _one(tokens, depth + 1)
        return lambda resource: not inner(resource)
    if tokens.take_if("("):
        inside = _either(tokens, depth + 1)
        if not tokens.take_if(")"):
            raise _wrong("a bracket is not closed")
        return inside
    name = _attribute(tokens.take())
    if tokens.take_if("["):
        chosen = _either(tokens, depth + 1)
        if not tokens.take_if("]"):
            raise _wrong("a bracket is not closed")
        return lambda resource: any(
            chosen(each) for each in _complex(resource, name) if isinstance(each, Mapping)
        )
    return _comparison(name, tokens)


def _comparison(name: str, tokens: _Tokens) -> Asks:
    operator = tokens.take().lower()
    if operator == "pr":
        return lambda resource: any(
            value not in (None, "", [], {}) for value in values_at(resource, name)
        )
    if operator not in _OPERATORS:
        raise _wrong(f"{operator[:20]!r} is not an operator")
    wanted = _literal(tokens.take())
    compare = _OPERATORS[operator]
    if operator == "ne":
        return lambda resource: not any(_same(value, wanted) for value in values_at(resource, name))
    return lambda resource: any(compare(value, wanted) for value in values_at(resource, name))


def _complex(resource: Mapping[str, Any], name: str) -> Iterator[Any]:
    for key, value in resource.items():
        if key.lower() == name.lower():
            yield from value if isinstance(value, list) else [value]


def _literal(word: str) -> Any:  # noqa: ANN401 any JSON scalar
    try:
        return json.loads(word if word[:1] == '"' else word.lower())
    except ValueError as error:
        raise _wrong(f"{word[:40]!r} is not a value") from error


def _attribute(text: str) -> str:
    if not _ATTRIBUTE.match(text):
        raise _wrong(f"{text[:40]!r} is not an attribute", "invalidPath")
    return _URN.sub("", text)


def _same(value: object, wanted: object) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        return value.casefold() == wanted.casefold()
    return type(value) is type(wanted) and value == wanted


def _text(test: Callable[[str, str], bool]) -> Callable[[object, object], bool]:
    def compare(value: object, wanted: object) -> bool:
        both = isinstance(value, str) and isinstance(wanted, str)
        return both and test(str(value).casefold(), str(wanted).casefold())

    return compare


_OPERATORS: Final[Mapping[str, Callable[[object, object], bool]]] = {
    "eq": _same,
    "ne": _same,
    "co": _text(lambda value, wanted: wanted in value),
    "sw": _text(lambda value, wanted: value.startswith(wanted)),
    "ew": _text(lambda value, wanted: value.endswith(wanted)),
    "gt": _text(lambda value, wanted: value > wanted),
    "ge": _text(lambda value, wanted: value >= wanted),
    "lt": _text(lambda value, wanted: value < wanted),
    "le": _text(lambda value, wanted: value <= wanted),
}


def _wrong(says: str, kind: str = "invalidFilter") -> InvalidError:
    return InvalidError(says, field=kind, remedy="See RFC 7644, section 3.4.2.2.")
