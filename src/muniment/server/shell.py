"""What the console's shell shows around every page of this installation."""

from __future__ import annotations

from muniment.server.house import House
from muniment.web import LedgerHealth, Shell, navigation


def make_shell(house: House) -> Shell:
    """List the pages there are, and say where the reader is."""
    return Shell(
        groups=navigation(),
        where=f"{house.settings.data.dir.resolve().name}, {house.database.dialect}",
        ledger_health=lambda: LedgerHealth(state="unknown"),
    )
