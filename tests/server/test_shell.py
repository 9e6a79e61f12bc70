"""What the console shows around every page."""

from __future__ import annotations

from muniment.server import House
from muniment.server.shell import make_shell
from muniment.web import navigation


def test_says_where_the_reader_is(house: House) -> None:
    """The shell names the data folder and the database, without its address."""
    shell = make_shell(house)
    assert shell.where == "data, sqlite"
    assert shell.groups == navigation()
    assert shell.ledger_health().state
