"""What the console's shell shows around every page of this installation."""

from __future__ import annotations

from muniment.core.errors import MunimentError
from muniment.ledger import Log
from muniment.server.house import House
from muniment.web import LedgerHealth, Shell, navigation

_CHECK_HREF = "/console/ledger/check"


def make_shell(house: House) -> Shell:
    """List the pages there are, and say where the reader is."""
    return Shell(
        groups=navigation(),
        where=f"{house.settings.data.dir.resolve().name}, {house.database.dialect}",
        ledger_health=lambda: ledger_health(house.log),
    )


def ledger_health(log: Log) -> LedgerHealth:
    """Say how the log is; when it cannot say, that nothing is known, for every page shows this."""
    try:
        found = log.health()
    except MunimentError:
        return LedgerHealth(state="unknown", href=_CHECK_HREF)
    return LedgerHealth(
        state=found.state.value,
        verified_at=found.verified_at,
        entries=found.size,
        witnesses=f"{found.waiting:,} wait to be sealed" if found.waiting else "",
        href=_CHECK_HREF,
    )
