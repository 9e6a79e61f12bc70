"""How to check the ledger: its keys as its own entries name them, and commands that work."""

from __future__ import annotations

import html as html_text
from pathlib import Path

from muniment import verify
from muniment.ledger import lose_key, rotate_key
from muniment.server import House
from tests.web.ledger.recorded import ACTORS, filled, page

CHECK = "/console/ledger/check"


def test_every_key_is_listed_with_its_entry(tmp_path: Path) -> None:
    """Current, retired and lost keys each lead to the record that named them."""
    with filled(tmp_path, 3) as house:
        first = house.log.status().vkey
        second = rotate_key(house.log, ACTORS[0])
        assert "not sealed yet" in page(house, CHECK).text
        house.log.seal()
        third = lose_key(house.log, ACTORS[0], reason="the <disk> burnt")
        house.log.seal()
        found = page(house, CHECK).text
        told = html_text.unescape(found)
        assert told.index(third) < told.rindex(second)
        assert all(key in told for key in (first, second, third))
        assert "Given up: the &lt;disk&gt; burnt" in found
        for state in ("current", "lost", "retired"):
            assert f"{state}</span>" in found


def test_what_does_not_hold_is_named(tmp_path: Path) -> None:
    """When writing has stopped, the page to which every page then leads says why."""
    with filled(tmp_path, 3) as house:
        house.log.broken = "the tiles <do> not lead to the signed root"
        found = page(house, CHECK).text
        assert "the tiles &lt;do&gt; not lead to the signed root" in found
        assert '<a href="/console/ledger/check">See what does not hold</a>' in found


def test_the_commands_name_this_log(ledger_house: House) -> None:
    """What is copied holds the address, the folder and the key of this very log."""
    found = html_text.unescape(page(ledger_house, CHECK).text)
    vkey = ledger_house.log.status().vkey
    assert f"python3 verify.py http://localhost/log/ --key {vkey}" in found
    assert f"{ledger_house.log.tiles.root} --key {vkey}" in found
    assert ledger_house.log.unlock_says in found


def test_the_verifier_can_be_saved(ledger_house: House) -> None:
    """The one file is the very one this server runs."""
    answer = page(ledger_house, "/console/ledger/verify.py")
    assert answer.content == Path(verify.__file__).read_bytes()
    assert answer.headers["content-disposition"] == 'attachment; filename="verify.py"'
