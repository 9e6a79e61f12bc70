"""How a room says what can be recorded: one frozen class per kind.

A kind names itself (`room.verb_past`), the tables whose change it covers, and which field is the
subject. Bodies hold ids, digests and short words, never prompts, answers or personal data. Adding
a kind or an optional field is free; changing or removing one is refused by a house test, because
entries written years ago must still read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Final, TypeVar

from msgspec import Struct

_NAME: Final = re.compile(r"[a-z]+\.[a-z][a-z_]*\Z")
T = TypeVar("T", bound=type)


@dataclass(frozen=True, slots=True)
class Kind:
    """A record kind: its name, what it covers, and the class that carries its facts."""

    name: str
    covers: frozenset[str]
    subject_kind: str
    subject_field: str
    holder: type
    names: tuple[str, ...]

    @property
    def says(self) -> str:
        """Tell in a sentence what such a record means."""
        return (self.holder.__doc__ or "").strip().split("\n\n", 1)[0].replace("\n    ", " ")

    def subject_of(self, record: object) -> dict[str, str] | None:
        """Name what the record is about."""
        if not self.subject_field:
            return None
        return {"kind": self.subject_kind, "id": str(getattr(record, self.subject_field))}

    def body_of(self, record: object) -> dict[str, Any]:
        """Give the facts as plain JSON."""
        body: dict[str, Any] = {}
        for name in self.names:
            value = getattr(record, name)
            body[name] = value if type(value) is str or type(value) is int else _plain(value)
        return body


_KINDS: dict[str, Kind] = {}
_BY_HOLDER: dict[type, Kind] = {}


def kind(
    name: str, *, covers: tuple[str, ...] = (), subject: tuple[str, str] = ("", "")
) -> Callable[[T], T]:
    """Declare a record kind over a frozen struct, which is made quickly, or a frozen dataclass."""

    def declare(holder: T) -> T:
        names = _names_of(holder)
        if not _NAME.match(name) or names is None or not holder.__doc__:
            raise TypeError(f"{name}: a kind is room.verb_past over a documented class")
        if name in _KINDS and _KINDS[name].holder.__qualname__ != holder.__qualname__:
            raise TypeError(f"{name} is declared twice")
        if not all(map(str.isascii, names)):
            raise TypeError(f"{name}: the facts of a record have ASCII names")
        found = Kind(name, frozenset(covers), *subject, holder, names)
        _KINDS[name] = _BY_HOLDER[holder] = found
        return holder

    return declare


def _names_of(holder: type) -> tuple[str, ...] | None:
    if issubclass(holder, Struct):
        return holder.__struct_fields__
    return tuple(each.name for each in fields(holder)) if is_dataclass(holder) else None


def kind_of(record: object) -> Kind:
    """Find the kind a record belongs to."""
    try:
        return _BY_HOLDER[type(record)]
    except KeyError:
        raise TypeError(f"{type(record).__name__} is not a record kind") from None


def kind_of_class(holder: type) -> Kind | None:
    """Find the kind whose facts a class carries, if it carries any."""
    return _BY_HOLDER.get(holder)


def all_kinds() -> Mapping[str, Kind]:
    """List every kind there is, by name: those of all rooms, and what others declared."""
    _load_all()
    return dict(sorted(_KINDS.items()))


@cache
def _load_all() -> None:
    """Load the kinds of the rooms that nothing has needed yet."""
    package = __name__.rpartition(".")[0]
    for each in iter_modules([str(Path(__file__).parent)]):
        import_module(f"{package}.{each.name}")


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(inner) for inner in value]
    return value
