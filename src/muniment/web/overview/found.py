"""What was found in calls, by type, and what was done with it: counted from the records."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from muniment import exchanges, ledger
from muniment.db import Work
from muniment.ledger import Log
from muniment.web.cells import Cell
from muniment.web.formats import count
from muniment.web.overview.glance import Glance
from muniment.web.parts import Column

COLUMNS: Final = (
    Column("Type"),
    Column("Found", number=True),
    Column("Made safe", number=True),
    Column("Held", number=True),
    Column("Refused", number=True),
    Column("Let through", number=True),
)
_KINDS: Final = ("exchanges.intended", "exchanges.refused", "exchanges.concluded")
_MOST: Final = 400
_SHOWN: Final = 8
_DONE: Final = ("safe", "held", "refused", "through")


def findings(work: Work, log: Log, days: int) -> Glance:
    """Count what was found in the calls the reader may see, by type and by what was done."""
    since = work.now - timedelta(days=days)
    seen = exchanges.by_system(work, since)
    read = {kind: ledger.newest(log, kind, since=since, limit=_MOST) for kind in _KINDS}
    told = tally(_ours((body for bodies in read.values() for body in bodies), seen))
    whole = all(len(bodies) < _MOST for bodies in read.values())
    order = sorted(told, key=lambda each: (-told[each].total(), each))
    return Glance(
        found=tuple(_row(each, told[each], since) for each in order[:_SHOWN]),
        found_of=f"last {days} days" if whole else f"of the newest {_MOST:,} calls",
    )


def tally(bodies: Iterable[Mapping[str, Any]]) -> dict[str, Counter[str]]:
    """Count findings by their type, each under what was done with the call."""
    told: dict[str, Counter[str]] = defaultdict(Counter)
    for body in bodies:
        for found, many in (body.get("findings") or {}).items():
            told[found][_done(body)] += int(many)
    return dict(told)


def _ours(bodies: Iterable[Mapping[str, Any]], seen: Mapping[str, Any]) -> Iterator[Any]:
    return (each for each in bodies if each.get("system") in seen)


def _done(body: Mapping[str, Any]) -> str:
    """Say what became of a call in which something was found."""
    remedies = body.get("remedies") or ()
    if any(str(each).startswith("hold") for each in remedies):
        return "held"
    effect = body.get("effect")
    return {"cure": "safe", "deny": "refused"}.get(str(effect), "through")


def _row(found: str, done: Counter[str], since: datetime) -> tuple[Cell, ...]:
    asked = {"kind": "exchanges.*", "text": f'"{found}"', "since": f"{since:%Y-%m-%d %H:%M}"}
    href = f"/console/ledger?{urlencode(asked)}"
    return (
        Cell(found.replace("_", " ").lower(), href),
        Cell(str(count(done.total())), href, "number"),
        *(Cell(str(count(done[each])), kind="number") for each in _DONE),
    )
