"""What a reader asks of the ledger: the fields of the form, read from an address.

Each field is read by itself; what is wrong with one stands beside it, and what was typed is kept.
A question with an error is never asked, so that nobody takes another question's answer for it.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from muniment.core.clock import parse_stamp, stamp
from muniment.core.errors import InvalidError
from muniment.core.page import read_cursor
from muniment.ledger import Query
from muniment.verify import MAX_SIZE
from muniment.web.parts import Column, Sorting, sorting_from
from muniment.web.picking import ONLY, PICK, Picks, read_picks

COLUMNS: Final = (
    Column("Entry", sort="entry", number=True),
    Column("Time"),
    Column("Kind"),
    Column("Subject"),
    Column("Actor"),
)
NEWEST_FIRST: Final = Sorting("entry", descending=True)

_MAX_TEXT_CHARS: Final = 200
_KIND: Final = re.compile(r"[a-z][a-z0-9_]*\.([a-z][a-z0-9_]*|\*)")
_PLACE: Final = re.compile(r"[0-9]{1,16}")
_OPTIONS: Final = {name: "--" + name.replace("_", "-") for name in ("from_index", "to_index")}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, what it means, and what is wrong with it, by field."""

    typed: Mapping[str, str]
    query: Query
    sorting: Sorting = NEWEST_FIRST
    cursor: str | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    picks: Picks = field(default_factory=Picks)

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything was asked, or all entries are wanted."""
        return any(self.typed.values())

    @property
    def beside_no_field(self) -> tuple[str, ...]:
        """Give the errors that belong to no field of the form."""
        return tuple(said for name, said in self.errors.items() if name not in FIELDS)

    @property
    def sort(self) -> str:
        """Write the order as an address does; empty when it is the usual one."""
        if self.sorting == NEWEST_FIRST:
            return ""
        return f"{'-' if self.sorting.descending else ''}{self.sorting.column}"

    def address(self, *, cursor: str = "") -> str:
        """Write the question as an address, from another place on if one is given."""
        pairs = [*self.typed.items(), ("sort", self.sort), ("cursor", cursor)]
        return urlencode([(name, value) for name, value in pairs if value])

    @property
    def command(self) -> str:
        """Write the question as a command to copy."""
        words = ["muniment", "ledger", "list"]
        for name, value in self._as_options().items():
            words += [_OPTIONS.get(name, f"--{name}"), value]
        if not self.sorting.descending:
            words.append("--oldest-first")
        return shlex.join(words)

    def _as_options(self) -> dict[str, str]:
        times = {"since": self.query.since, "until": self.query.until}
        places = {"from_index": self.query.from_index, "to_index": self.query.to_index}
        meant = {name: stamp(at) for name, at in times.items() if at is not None}
        meant |= {name: str(place) for name, place in places.items() if place is not None}
        return {name: meant.get(name, value) for name, value in self.typed.items() if value}


def read(given: Mapping[str, str]) -> Asked:
    """Read a question from the names and values of an address."""
    typed = {name: given.get(name, "").strip() for name in FIELDS}
    errors = {name: _unknown(name) for name in given if name not in _KNOWN}
    values: dict[str, Any] = {}
    for name, read_one in FIELDS.items():
        if typed[name]:
            _keep(values, errors, name, partial(read_one, typed[name]))
    order: dict[str, Sorting] = {}
    _keep(order, errors, "sort", lambda: sorting_from(given.get("sort", ""), COLUMNS, NEWEST_FIRST))
    _keep({}, errors, "cursor", lambda: _require_cursor(given.get("cursor", "")))
    errors |= _contradictions(values)
    sorting = order.get("sort", NEWEST_FIRST)
    query = Query(**values, oldest_first=not sorting.descending) if not errors else Query()
    return Asked(typed, query, sorting, given.get("cursor") or None, errors)


def with_picks(asked: Asked, given: QueryParams) -> Asked:
    """Add to a question which of its rows were picked."""
    picked: dict[str, Picks] = {}
    errors = dict(asked.errors)
    _keep(picked, errors, PICK, lambda: _entries(read_picks(given)))
    return replace(asked, errors=errors, picks=picked.get(PICK, asked.picks))


def kind_options(counted: Iterable[tuple[str, int]], chosen: str) -> list[tuple[str, str]]:
    """List the kinds to choose from, with how many entries each has; rooms stand first."""
    kinds = list(counted)
    rooms: dict[str, int] = {}
    for name, number in kinds:
        room = f"{name.partition('.')[0]}.*"
        rooms[room] = rooms.get(room, 0) + number
    options = [(name, f"{name} ({number:,})") for name, number in [*rooms.items(), *kinds]]
    if chosen and chosen not in dict(options):
        options.append((chosen, f"{chosen} (0)"))
    return [("", "any"), *options]


def _keep(into: dict[str, Any], errors: dict[str, str], name: str, take: Callable[[], Any]) -> None:
    try:
        into[name] = take()
    except InvalidError as error:
        errors[name] = f"{error.message[:1].upper()}{error.message[1:]}. {error.remedy}"


def _unknown(name: str) -> str:
    return f"“{name[:40]}” is not a filter of this list. Choose from the fields below."


def _kind(text: str) -> str:
    if len(text) > 100 or not _KIND.fullmatch(text):
        raise InvalidError(
            f"“{text[:40]}” is not a kind", remedy="Write room.verb_past, or room.* for all of it."
        )
    return text


def _words(text: str) -> str:
    if len(text) > _MAX_TEXT_CHARS:
        raise InvalidError(
            f"{len(text):,} characters are too many",
            remedy=f"Write {_MAX_TEXT_CHARS} at most; part of a word is found too.",
        )
    return text


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidError(
            f"“{text[:40]}” is not a time", remedy="Write 2026-11-20 or 2026-11-20 14:27, in UTC."
        ) from error
    return parse_stamp((at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat())


def _place(text: str) -> int:
    digits = text.replace(",", "")
    if not _PLACE.fullmatch(digits) or int(digits) > MAX_SIZE:
        raise InvalidError(
            f"“{text[:40]}” is not the number of an entry", remedy="Write digits only, as in 1204."
        )
    return int(digits)


def _entries(picks: Picks) -> Picks:
    for each in picks.keys:
        _place(each)
    return picks


def _require_cursor(text: str) -> None:
    if text and type(read_cursor(text, 1)[0]) is not int:
        raise InvalidError("this cursor is not one of ours", remedy="Begin at the first page.")


def _contradictions(values: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    if {"since", "until"} <= values.keys() and values["since"] >= values["until"]:
        found["until"] = "The time ends before it begins. Write a later one, or swap the two."
    if {"from_index", "to_index"} <= values.keys() and values["from_index"] > values["to_index"]:
        found["to_index"] = "The entries end before they begin. Write a larger number."
    return found


FIELDS: Final[Mapping[str, Callable[[str], Any]]] = {
    "kind": _kind,
    "subject": _words,
    "actor": _words,
    "text": _words,
    "since": _time,
    "until": _time,
    "from_index": _place,
    "to_index": _place,
}
_KNOWN: Final = frozenset({*FIELDS, "sort", "cursor", PICK, ONLY})
