"""What has been done of the path, read from records and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from muniment import access, exchanges, gateway, ledger, registry
from muniment.db import Work
from muniment.exchanges import Exchange, State, Wanted
from muniment.gateway import Caller
from muniment.ledger import Log, Query
from muniment.registry import SystemQuery
from muniment.web.callers import BEGIN

ADDRESS: Final = BEGIN
MAY: Final = gateway.MAY_BEGIN


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name, whether it is done, and the record that says so."""

    key: str
    title: str
    done: bool
    said: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """How far somebody has come."""

    steps: tuple[Step, ...]
    organisation: str
    callers: tuple[Caller, ...]
    call: Exchange | None

    @property
    def left(self) -> tuple[Step, ...]:
        """List what is not done yet."""
        return tuple(each for each in self.steps if not each.done)

    @property
    def current(self) -> str:
        """Name the first step that is not done."""
        return self.left[0].key if self.left else ""


def look(work: Work, log: Log) -> Path:
    """Read how far it has come."""
    called = access.organisation(work)
    systems = registry.find_systems(work, SystemQuery(), limit=1).rows
    answered = _one(work, Wanted(state=State.ANSWERED.value))
    masked = _one(work, Wanted(effect="cure"))
    verified = ledger.find(log, Query("ledger.verified"), limit=1).rows
    steps = (
        Step("name", "Name the organisation", bool(called), called, _kind("organisation_named")),
        Step(
            "system",
            "Create the first system",
            bool(systems),
            systems[0].profile.name if systems else "",
            f"/console/registry/systems/{systems[0].id}" if systems else "",
        ),
        Step("call", "Send the first governed call", answered is not None, *_call(answered)),
        Step("watch", "See its personal data masked", masked is not None, *_call(masked)),
        Step(
            "verify",
            "Verify the ledger away from this server",
            bool(verified),
            f"entry {verified[0].index:,}" if verified else "",
            f"/console/ledger/{verified[0].index}" if verified else "",
        ),
    )
    return Path(steps, called, gateway.callers_of(work, work.actor.id), masked or answered)


def _one(work: Work, wanted: Wanted) -> Exchange | None:
    rows = exchanges.find(work, wanted, limit=1).rows
    return rows[0] if rows else None


def _call(found: Exchange | None) -> tuple[str, str]:
    return (found.id, f"/console/exchanges/{found.id}") if found is not None else ("", "")


def _kind(name: str) -> str:
    return f"/console/ledger?kind=access.{name}"
