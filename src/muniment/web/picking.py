"""Rows that a reader picks in a table: only those are saved, or one thing is done with all of them.

A row is named by the id of the thing it shows; where that has none, by a digest of what was shown,
so that a row which has changed since is said to be gone and is not taken for another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import QueryParams

from muniment.core.errors import InvalidError
from muniment.web.cells import Cell

PICK: Final = "pick"
ONLY: Final = "only"
PICKED: Final = "picked"
MOST_PICKED: Final = 500
_LONGEST_KEY: Final = 200


@dataclass(frozen=True, slots=True)
class PickAct:
    """A button below a table that leads on with the rows picked, for who may do it."""

    label: str
    href: str
    permission: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Picks:
    """Which rows were picked, and whether only those are wanted."""

    keys: frozenset[str] = frozenset()
    only: bool = False

    def takes(self, key: str) -> bool:
        """Tell whether a row is among what is wanted."""
        return not self.only or key in self.keys

    def said(self, found: int) -> dict[str, str]:
        """Say it below what was saved; rows that are gone are counted, not passed over."""
        if not self.only:
            return {}
        gone = len(self.keys) - found
        return {
            PICKED: ("1 row" if len(self.keys) == 1 else f"{len(self.keys)} rows")
            + (f", {gone} of them gone" if gone else "")
        }


def read_picks(given: QueryParams) -> Picks:
    """Read what was picked from an address; to save the picked, something must be."""
    keys = frozenset(given.getlist(PICK))
    only = given.get(ONLY) == PICKED
    if len(keys) > MOST_PICKED or any(len(key) > _LONGEST_KEY for key in keys):
        raise InvalidError("these are too many rows", remedy=f"Pick {MOST_PICKED} at most.")
    if only and not keys:
        raise InvalidError("no row is picked", remedy="Pick at least one, or save all of them.")
    return Picks(keys, only)


def key_of(row: object, cells: Sequence[Cell]) -> str:
    """Name a row by what it shows."""
    named = getattr(row, "id", None)
    if isinstance(named, str) and named:
        return named
    shown = json.dumps([[each.plain, each.href] for each in cells])
    return hashlib.sha256(shown.encode()).hexdigest()[:24]


def picked(typed: str) -> tuple[str, ...]:
    """Read the rows a form was opened with, each once, in the order they were picked in."""
    return tuple(dict.fromkeys(each for each in typed.split("\n") if each))
