"""A built demonstration: it verifies, everything in it is marked, and it ends at the present."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from muniment.demo import DAYS, Found, look
from muniment.ledger import reconcile
from muniment.ledger.kinds import all_kinds
from muniment.main import open_house
from muniment.verify import main as verify
from tests.demo.asking import MACHINE, Shown

pytestmark = pytest.mark.slow


def test_the_log_verifies_offline(shown: Shown, tmp_path: Path) -> None:
    """The verifier that an auditor has accepts it, with nothing but the key of the log."""
    (tmp_path / "vkey").write_text(shown.house.log.status().vkey)
    folder = str(shown.house.log.tiles.root)
    assert verify([folder, "--key-file", str(tmp_path / "vkey")]) == 0


def test_every_record_says_that_it_is_made_up(shown: Shown) -> None:
    """Each names a producer of a demonstration, and every head the log of one."""
    entries = shown.entries()
    assert len(entries) > 500
    assert all(str(each.value["producer"]).startswith("demo.") for each in entries)
    assert shown.house.log.status().origin == "demo.invalid/brightwater"
    assert (entries[1].kind, entries[1].body["days"]) == ("demo.began", DAYS)
    assert "demo.built" in shown.kinds()


def test_it_tells_ninety_days_that_end_now(shown: Shown) -> None:
    """Times only grow, from three months ago to the moment it was built, and none lies ahead."""
    of_story = [each.at for each in shown.entries() if each.value["producer"] == "demo.build"]
    assert of_story == sorted(of_story)
    assert of_story[-1] <= shown.house.clock.now()
    assert timedelta(days=DAYS - 1) < of_story[-1] - of_story[0] < timedelta(days=DAYS + 1)


def test_the_tables_are_what_the_log_says(shown: Shown) -> None:
    """Nothing was written past the wall: a comparison of tables and log finds no difference."""
    shown.house.log.seal()
    found = reconcile(shown.house.log, MACHINE)
    assert found.rows > 300
    assert found.differences == ()


def test_it_is_known_as_a_demonstration(shown: Shown) -> None:
    """Who looks at the folder finds it built."""
    assert look(shown.folder, open_house) is Found.DEMO


def test_most_of_what_can_be_recorded_happens(shown: Shown) -> None:
    """Of the rooms that people see, each has several kinds of records in it."""
    kinds = shown.kinds()
    for room in ("access", "approvals", "detect", "exchanges", "notices", "policy", "registry"):
        there = {each for each in all_kinds() if each.startswith(f"{room}.")}
        assert len(there & kinds) >= 5, (room, sorted(there & kinds))
