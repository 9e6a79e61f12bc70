"""The index of calls: kept from the log, asked by people; and calls whose end nobody knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, Final, NamedTuple

from msgspec.structs import asdict

from muniment import ledger
from muniment.core.actor import system_actor
from muniment.core.clock import give_way, parse_stamp
from muniment.core.errors import NotFoundError
from muniment.core.page import Page
from muniment.db import Database, Work
from muniment.exchanges import rules, store
from muniment.exchanges.models import (
    Exchange,
    Outcome,
    Reached,
    Standing,
    State,
    Tally,
    ToolOfDay,
    Wanted,
)
from muniment.exchanges.service.seeing import require_seen, systems_seen
from muniment.exchanges.service.spending import settle
from muniment.ledger import Entry
from muniment.ledger.kinds.exchanges import Lost

FOLLOWED: Final = (
    "exchanges.intended",
    "exchanges.concluded",
    "exchanges.refused",
    "exchanges.lost",
    "ledger.heartbeat",  # it says only how far the log was read
)
LONGEST_SECONDS: Final = 1_800
"""No call lasts longer; whoever makes one ends it before."""
GRACE_SECONDS: Final = 120
_OURS: Final = frozenset(FOLLOWED[:4])
_BEGINS: Final = {
    "exchanges.intended": rules.row_begun,
    "exchanges.refused": rules.row_refused,
}
_LEAVES: Final = "exchanges.intended"
_ENDS: Final = "exchanges.concluded"
_MAY_BE_LOST: Final = (State.OPEN.value, State.UNKNOWN.value)
_AT_ONCE: Final = 200
_FIRST: Final = rules.CALL.index("first_entry")
_SOON: Final = timedelta(minutes=5)  # another machine's clock may run ahead
_WHY: Final = "the process that made it ended before it could say how it went"
_CLOSER: Final = system_actor("exchanges")


def follow(work: Work, entry: Entry) -> None:
    """Take an entry into the index."""
    follow_all(work, [entry])


def follow_all(work: Work, entries: Sequence[Entry]) -> None:
    """Take entries into the index."""
    if entries:
        plan(work, [entries])(work)


def plan(work: Work, parts: Sequence[Sequence[Entry]]) -> Callable[[Work], None]:
    """Find out what entries change in the index; give what writes it.

    Who begins and ends among them is written once. Nobody else changes these rows meanwhile, but
    for who closes a call that stayed open, which is no obstacle to how it ended after all.
    """
    ours, sorting = list[_Written](), _Sorting()
    for part in parts:
        written = ledger.told(part, _AS_WRITTEN)
        sorting.take(written)
        ours += written
        give_way()
    last = parts[-1][-1]
    read_until = last.at if len(ours) < sum(map(len, parts)) else None
    is_new = bool(ours) and store.calls.newest(work) < ours[0][0]
    simple = sorting.ended() if is_new else None
    wholes, told = simple or ({}, list(map(_read, ours)))
    taking = _taken(told, _there(work, told, is_new=is_new))

    def write(work: Work) -> None:
        begun = taking.begun
        added = store.calls.begin_rows(work, list(wholes.values()))
        added += store.calls.begin_all(work, list(begun.values()))
        if added < len(wholes) + len(begun):
            _go_on(work, list(map(_read, ours)), wholes, taking)
        store.calls.end_all(work, taking.ended)
        store.using.add_all(work, sum(taking.tools.values(), Counter()))
        if read_until is not None:
            store.calls.note_read(work, read_until)

    return write


class _Said(NamedTuple):
    """What an entry says of a call."""

    kind: str
    body: Mapping[str, Any]
    caller: str
    at: str
    entry: int


_Written = tuple[int, str, bytes]
"""An entry that the index follows: its place, its kind, its bytes."""
_AS_WRITTEN: Final = dict.fromkeys(rules.FACTS, bytes)
_Told = tuple[int, str, rules.Facts[Any] | Entry]
"""An entry as it was read: its place, its kind, what the index needs of it."""


def _said(index: int, kind: str, read: rules.Facts[Any] | Entry) -> _Said:
    """Take what the index needs of an entry; what has not its usual form is taken as it is."""
    if isinstance(read, Entry):
        return _Said(kind, read.body, read.actor["id"], str(read.value["at"]), index)
    return _Said(kind, asdict(read.body), read.actor.id, read.at, index)


def _call_of(read: rules.Facts[Any] | Entry) -> str:
    """Name the call that an entry is about."""
    return str(read.body["exchange"] if isinstance(read, Entry) else read.body.exchange)


def _there(work: Work, ours: Sequence[_Told], *, is_new: bool) -> dict[str, dict[str, Any]]:
    """Read the rows of these calls, but of those that begin where the index has not been yet."""
    begin = {_call_of(read) for _, kind, read in ours if kind in _BEGINS} if is_new else set()
    asked = {_call_of(read) for _, _, read in ours} - begin
    return store.calls.rows_of(work, asked) if asked else {}


def _go_on(work: Work, ours: Sequence[_Told], wholes: _Wholes, taking: _Taking) -> None:
    """Let calls go on that were there though they seem to begin: nothing of them was written."""
    seem = {name: row["first_entry"] for name, row in taking.begun.items()}
    seem |= {name: row[_FIRST] for name, row in wholes.items()}
    rows = store.calls.rows_of(work, seem)
    old = {name: row for name, row in rows.items() if row["first_entry"] != seem[name]}
    again = _taken([each for each in ours if _call_of(each[2]) in old], old)
    taking.ended |= again.ended
    for name in old:
        taking.tools.pop(name, None)
    taking.tools |= again.tools


_Wholes = dict[str, tuple[Any, ...]]
"""The rows of calls that left and have ended, by their calls."""


@dataclass(slots=True)
class _Sorting:
    """Takes at once who leaves and ends among entries, as nearly all do; the rest is left."""

    wholes: _Wholes = field(default_factory=dict)
    left: dict[str, tuple[_Written, rules.Picked]] = field(default_factory=dict)
    rest: list[_Written] = field(default_factory=list)

    def take(self, ours: Sequence[_Written]) -> None:
        """Take the next entries."""
        wholes, left, rest = self.wholes, self.left, self.rest
        picked, row_of, of_call = ledger.picked, rules.values_of_call, rules.OF_CALL
        leaving, ending = rules.LEAVING, rules.ENDING
        for told in ours:
            index, kind, data = told
            if kind == _LEAVES:
                begun = picked(data, leaving)
                call = "" if begun is None else begun[of_call]
                if begun is not None and call not in left and call not in wholes:
                    left[call] = told, begun
                    continue
            elif kind == _ENDS:
                ended = picked(data, ending)
                if ended is not None and (call := ended[of_call]) in left:
                    (first, _, _), begun = left.pop(call)
                    wholes[call] = row_of(begun, first, ended, index)
                    continue
            rest.append(told)

    def ended(self) -> tuple[_Wholes, list[_Told]] | None:
        """Give the rows of those who left and ended, and the rest, unless it is of them, too."""
        rest = [*self.rest, *(told for told, _ in self.left.values())]
        told = list(map(_read, sorted(rest, key=itemgetter(0))))
        if self.wholes.keys().isdisjoint([_call_of(read) for _, _, read in told]):
            return self.wholes, told
        return None


def _read(written: _Written) -> _Told:
    """Read what the index needs of an entry."""
    index, kind, data = written
    return index, kind, ledger.read_told(index, data, rules.FACTS[kind])


def _taken(ours: Iterable[_Told], rows: Mapping[str, dict[str, Any]]) -> _Taking:
    """Find out what entries make of rows; who leaves and ends among them is taken at once."""
    taking = _Taking(rows)
    begun, facts, whole = taking.begun, rules.Facts, rules.row_of_whole
    left: dict[str, tuple[rules.Facts[Any], int]] = {}
    for index, kind, read in ours:
        if isinstance(read, facts):
            call = read.body.exchange
            if kind == _LEAVES and call not in rows and call not in begun:
                left[call], begun[call] = (read, index), {}  # its place among the others
                continue
            if kind == _ENDS and call in left and not read.body.tools:
                begun[call] = whole(*left.pop(call), read, index)
                continue
        else:
            call = _call_of(read)
        if call in left:
            begun[call] = _begun(*left.pop(call))
        taking.take(_said(index, kind, read))
    for call, each in left.items():
        begun[call] = _begun(*each)
    return taking


def _begun(read: rules.Facts[Any], index: int) -> dict[str, Any]:
    return rules.row_begun(asdict(read.body), read.actor.id, read.at, index)


@dataclass(slots=True)
class _Taking:
    """What entries make of the rows of calls, there or beginning; which tools calls were given."""

    rows: Mapping[str, dict[str, Any]]
    begun: dict[str, dict[str, Any]] = field(default_factory=dict)
    ended: dict[str, dict[str, Any]] = field(default_factory=dict)
    tools: dict[str, Counter[ToolOfDay]] = field(default_factory=dict)

    def take(self, said: _Said) -> None:
        """Take one entry in."""
        kind, body, caller, at, index = said
        exchange = body["exchange"]
        if kind in _BEGINS:
            if exchange not in self.rows and exchange not in self.begun:
                self.begun[exchange] = _BEGINS[kind](body, caller, at, index)
            return
        row = self.begun.get(exchange) or self.rows.get(exchange)
        if not row:
            return
        if kind == "exchanges.concluded":
            if body["tools"] and row["state"] in _MAY_BE_LOST:  # read twice it is counted once
                given = rules.tools_given(body, row["environment"], parse_stamp(at))
                self.tools[exchange] = self.tools.get(exchange, Counter()) + given
            changes = rules.row_ended(body, at, index, row)
        elif row["state"] in _MAY_BE_LOST:
            changes = rules.row_lost(at, index)
        else:
            return
        row.update(changes)
        if exchange not in self.begun:
            self.ended.setdefault(exchange, {}).update(changes)


def get(work: Work, exchange: str) -> Exchange:
    """Read one call, if it may be seen."""
    found = store.calls.get(work, exchange) if exchange.isprintable() else None
    if found is None:
        raise NotFoundError(
            "the index knows no such call",
            subject=exchange[:60],
            remedy="A call of a moment ago appears within seconds.",
        )
    require_seen(work, found.system)
    return found


def find(work: Work, wanted: Wanted, *, limit: int = 50, cursor: str = "") -> Page[Exchange]:
    """Read calls, the newest first: those of the systems the actor sees."""
    return store.calls.find(
        work, wanted, limit=limit, cursor=cursor, systems=_systems(work, wanted)
    )


def find_after(
    work: Work, wanted: Wanted, entry: int, *, limit: int = 50
) -> tuple[tuple[Exchange, ...], int]:
    """Read the calls of which something was recorded since an entry, and where to go on from.

    A call comes when it leaves and once more when it has ended. Below nought means from now on.
    """
    systems = _systems(work, wanted)
    if entry < 0:
        return (), store.calls.newest(work)
    found = store.calls.after(work, wanted, entry, limit=limit, systems=systems)
    return found, found[-1].last_entry if found else entry


def counted(work: Work, since: datetime) -> Standing:
    """Count the calls since a moment by their state, and those nobody looked at whole."""
    counts, uninspected = store.calls.counted(work, since, systems_seen(work))
    return Standing(since, {state.value: many for state, many in counts.items()}, uninspected)


def by_system(work: Work, since: datetime) -> dict[str, Tally]:
    """Count the calls since a moment of each system the actor sees."""
    return store.calls.tallied(work, since, work.now + _SOON, systems_seen(work))


def by_day(work: Work, days: int) -> tuple[Tally, ...]:
    """Count the calls of each of the last days, the day that is not over last; days are UTC's."""
    today = work.now.replace(hour=0, minute=0, second=0, microsecond=0)
    begins = [today - timedelta(days=back) for back in reversed(range(days))]
    until = today + timedelta(days=1)
    found = store.calls.tallied_by_day(work, begins[0], until, systems_seen(work))
    return tuple(found.get(day.date().isoformat(), Tally()) for day in begins)


def _systems(work: Work, wanted: Wanted) -> frozenset[str] | None:
    """Say which systems to look in; who names one they may not see is refused, with reasons."""
    if wanted.system:
        require_seen(work, wanted.system)
        return None
    return systems_seen(work)


def close_open(database: Database, *, longest_seconds: int = LONGEST_SECONDS) -> int:
    """Record of calls that are open for longer than any call lasts that their end is unknown.

    Only of those that began so long before the last entry the index has read that their end would
    have been read by now, had there been one.
    """
    with database.look(_CLOSER) as work:
        read_until = store.calls.read_until(work)
        if read_until is None:
            return 0
        long_ago = min(read_until, work.now) - timedelta(seconds=longest_seconds + GRACE_SECONDS)
        lost = store.calls.open_before(work, long_ago, limit=_AT_ONCE)
    for each in lost:
        with database.work(_CLOSER) as work:
            _close(work, each)
    return len(lost)


def _close(work: Work, lost: Exchange) -> None:
    if not store.calls.end(work, lost.id, {"state": State.UNKNOWN.value, "ended_at": work.now}):
        return
    settle(work, Outcome(lost.id, lost.system, State.UNKNOWN, 0, Reached.NONE))
    ledger.record(work, Lost(lost.id, lost.system, lost.first_entry, _WHY))
