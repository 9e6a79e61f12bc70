"""One change of access at a time, and the counter by which every process learns of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from sqlalchemy import select, update

from muniment.access.store.tables import version_table
from muniment.db import Work

_ONLY: Final = 1
VERSION: Final = select(version_table.c.version).where(version_table.c.id == _ONLY)
_AT_ONCE: Final = 5_000


def take_turn(work: Work) -> int:
    """Wait until no other change of access is under way, and count this one.

    The counter's row is locked until the end of the work, so whatever is read after this is what
    the change before left behind.
    """
    work.insert_if_absent(version_table, {"id": _ONLY, "version": 0})
    work.write(
        update(version_table)
        .where(version_table.c.id == _ONLY)
        .values(version=version_table.c.version + 1)
    )
    return version(work)


def in_parts(names: Iterable[str]) -> Iterator[list[str]]:
    """Give names some at a time: a database takes so many in one question, and no more."""
    ordered = sorted(set(names))
    for first in range(0, len(ordered), _AT_ONCE):
        yield ordered[first : first + _AT_ONCE]


def version(work: Work) -> int:
    """Read how many changes of access there were."""
    return int(work.read(VERSION).scalar() or 0)
