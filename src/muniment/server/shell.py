"""What the console's shell shows around every page of this installation."""

from __future__ import annotations

from muniment.ledger import Log
from muniment.server.house import House
from muniment.web import LedgerHealth, Shell, navigation

_CHECK_HREF = "/console/ledger/check"


def make_shell(house: House) -> Shell:
    """List the pages there are, and say where the reader is."""
    return Shell(
        groups=navigation(),
        where=_where(house),
        ledger_health=lambda: ledger_health(house.log),
        is_demo=house.log.is_demo(),
    )


def _where(house: House) -> str:
    if house.log.is_demo():
        return "Demo"
    return f"{house.settings.data.dir.resolve().name}, {house.database.dialect}"


def ledger_health(log: Log) -> LedgerHealth:
    """Say from memory how the log is; nothing seen yet is said as not known."""
    found = log.health()
    return LedgerHealth(
        state=found.state.value,
        verified_at=found.verified_at,
        entries=found.size or None,
        witnesses=_waiting(found.waiting),
        href=_CHECK_HREF,
    )


def _waiting(count: int) -> str:
    if not count:
        return ""
    return f"{count:,} {'waits' if count == 1 else 'wait'} to be sealed"
