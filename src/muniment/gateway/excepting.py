"""Lets calls of a system go on although they cannot be inspected: approved, for a time, on record.

When the detector fails, a call stops. Only an approved exception lets it go on; the rules still
hold, and read that the words were not inspected. Each such call is recorded as that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from muniment import access, approvals
from muniment.access import Scope
from muniment.approvals import Matter, Need, Query, Request, Rule, State, Timing
from muniment.core.actor import system_actor
from muniment.core.clock import parse_stamp, stamp
from muniment.core.errors import InvalidError, MunimentError
from muniment.db import Database, DriverError, Work
from muniment.gateway.fresh import Fresh

KIND: Final = "gateway.uninspected"
LONGEST: Final = timedelta(days=30)
_MOST: Final = 50
_READER: Final = system_actor("gateway")
_NEEDS: Final = (Need(1, "security"), Need(1, "owner"))
# What code may raise that inspects words; each stops a call, unless an exception holds.
FAULTS: Final = (
    MunimentError,
    DriverError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


def ask_exception(
    work: Work, system: str, environment: str, *, lasts: timedelta, reason: str
) -> Request:
    """Ask for leave to let calls of a system go on uninspected, until a moment."""
    scope = Scope.of(system=system, environment=environment)
    access.require(work, "exchanges.resume", scope)
    if not timedelta() < lasts <= LONGEST:
        raise InvalidError(
            "an exception lasts for a time",
            field="hours",
            remedy=f"Give more than nothing and at most {LONGEST.days} days.",
        )
    until = work.now + lasts
    matter = Matter(
        kind=KIND,
        subject=("system", system),
        title=f"Calls of {system} go on uninspected when the detector fails",
        document={
            "system": system,
            "environment": environment,
            "until": stamp(until),
            "reason": reason[:500],
        },
        consequence="Until then, a call whose words could not be inspected goes on, on record.",
        scope={"system": system, "environment": environment},
    )
    rule = Rule(needs=_NEEDS)
    return approvals.ask(work, matter, rule, timing=Timing(expires_at=until), single_use=True)


def exceptions(work: Work) -> tuple[Request, ...]:
    """List the exceptions, the newest first: those asked for, those that hold, those that ended."""
    return approvals.list_requests(work, Query(matter=KIND), limit=_MOST).rows


def end_exception(work: Work, request_id: str, *, reason: str) -> Request:
    """End an exception that holds; one that still waits is withdrawn."""
    found, _, _ = approvals.get(work, request_id)
    if found.matter.kind != KIND:
        raise InvalidError("this is no exception", field="id", remedy="List the exceptions.")
    access.require(work, "exchanges.stop", Scope.read(found.matter.scope))
    if found.state is State.OPEN:
        return approvals.withdraw(work, request_id, reason=reason)
    what = f"ended early: {reason}"[:200]
    return approvals.use(work, request_id, digest=found.version.digest, what=what)


def holds(request: Request, environment: str, at: datetime) -> bool:
    """Tell whether an exception lets calls go on in a place at a moment."""
    document: Mapping[str, Any] = request.version.document
    is_here = request.state is State.APPROVED and document.get("environment") == environment
    return is_here and at < parse_stamp(str(document["until"]))


@dataclass(slots=True)
class Exceptions:
    """The approved exceptions of each system, as of less than a second ago."""

    database: Database = field(repr=False)
    _known: Fresh[str, tuple[Request, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Begin to remember."""
        self._known = Fresh(self.database.clock.monotonic, self._read)

    def of(self, system: str, environment: str) -> str:
        """Name the exception that holds for a system in a place, or nothing."""
        now = self.database.clock.now()
        return next((e.id for e in self._known.get(system) if holds(e, environment, now)), "")

    def _read(self, system: str) -> tuple[Request, ...]:
        about = Query(state=State.APPROVED, matter=KIND, about=("system", system))
        with self.database.look(_READER) as work:
            return approvals.list_requests(work, about, limit=_MOST).rows
