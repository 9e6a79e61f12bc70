"""What the console shows around every page."""

from __future__ import annotations

from muniment.ledger import check
from muniment.server import House
from muniment.server.shell import make_shell
from muniment.web import LedgerHealth, navigation


def test_says_where_the_reader_is(house: House) -> None:
    """The shell names the data folder and the database, without its address."""
    shell = make_shell(house)
    assert shell.where == "data, sqlite"
    assert shell.groups == navigation()
    assert shell.ledger_health().state


def test_the_corner_says_how_the_ledger_is(house: House) -> None:
    """Not begun is unknown; then entries, what waits, and that it was verified, with a way in."""
    corner = make_shell(house).ledger_health
    assert corner() == LedgerHealth("unknown", href="/console/ledger/check")
    house.log.begin()
    house.log.seen.looked_at = None
    assert corner().witnesses == "1 waits to be sealed"
    house.log.seal()
    check(house.log)
    house.log.seen.looked_at = None
    said = corner()
    assert (said.state, said.entries, said.witnesses) == ("verified", 1, "")
    assert said.verified_at is not None
    house.log.broken = "the tiles do not lead to the signed root"
    assert corner().state == "broken"
