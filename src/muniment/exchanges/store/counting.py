"""Counters: taken before a call leaves, given back or corrected once it has ended.

A counter never exceeds its limit: it is raised by one statement that looks and adds, so that of
any number of processes at once only as many get their part as there is room for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import BigInteger, bindparam, case, delete, insert, select, update

from muniment.db import Work
from muniment.exchanges.models import Reserved, Window
from muniment.exchanges.store.tables import counters_table, reservations_table

_C: Final = counters_table.c
_AMOUNT: Final = bindparam("wanted", type_=BigInteger())
_THIS: Final = (_C.limit_id == bindparam("of"), _C.window_name == bindparam("within"))
_TAKE: Final = (
    update(counters_table)
    .where(*_THIS, _C.used + _AMOUNT <= bindparam("most", type_=BigInteger()))
    .values(used=_C.used + _AMOUNT)
    .returning(_C.used)
)
_CORRECT: Final = (
    update(counters_table)
    .where(*_THIS)
    .values(used=case((_C.used + _AMOUNT < 0, 0), else_=_C.used + _AMOUNT))
)
_USED: Final = select(_C.used).where(*_THIS)
_HOLD: Final = insert(reservations_table)
_HELD: Final = select(reservations_table.c.parts).where(
    reservations_table.c.exchange == bindparam("of")
)
_LET_GO: Final = delete(reservations_table).where(reservations_table.c.exchange == bindparam("of"))


def take(work: Work, limit_id: str, window: str, amount: int, most: int) -> int | None:
    """Raise a counter if there is room; give what is used then, or nothing."""
    asked = {"of": limit_id, "within": window, "wanted": amount, "most": most}
    row = work.write(_TAKE, asked).rows
    if row:
        return int(row[0].used)
    begun = {"limit_id": limit_id, "window_name": window, "used": 0}
    if amount <= most and work.insert_if_absent(counters_table, begun):
        return int(work.write(_TAKE, asked).rows[0].used)
    return None


def correct(work: Work, limit_id: str, window: str, by: int) -> None:
    """Change a counter by what turned out to be more or less than was reserved."""
    if by:
        work.write(_CORRECT, {"of": limit_id, "within": window, "wanted": by})


def used(work: Work, limit_id: str, window: str) -> int:
    """Say how much is used."""
    return int(work.read(_USED, {"of": limit_id, "within": window}).scalar_one_or_none() or 0)


def hold(work: Work, exchange: str, parts: Sequence[Reserved]) -> None:
    """Write down what a call holds of its limits."""
    written = [[each.limit, each.window, each.amount] for each in parts]
    work.write(_HOLD, {"exchange": exchange, "parts": written, "made_at": work.now})


def let_go(work: Work, exchange: str) -> tuple[Reserved, ...]:
    """Take back what a call held, once: whoever comes second finds nothing."""
    found = work.read(_HELD, {"of": exchange}).scalar_one_or_none()
    if found is None or not work.write(_LET_GO, {"of": exchange}).count:
        return ()
    return tuple(Reserved(limit, window, amount) for limit, window, amount in found)


def forget_windows(work: Work, before: Iterable[tuple[Window, str]]) -> int:
    """Forget counters of windows that are long over; names of one kind sort as time does."""
    gone = 0
    for window, name in before:
        if window is not Window.NOW:
            over = delete(counters_table).where(
                _C.window_name < name, _C.window_name.like("_" * len(name))
            )
            gone += work.write(over).count
    return gone
