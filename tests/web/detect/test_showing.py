"""The page of one change: what it changes, what was measured, and how it stands."""

from __future__ import annotations

import re
from pathlib import Path

from muniment import detect
from muniment.core.actor import system_actor
from muniment.detect import Configuration, OpenTexts, Term, TermKind
from tests.server.office import office_in, words
from tests.web.detect.test_changing import page


def test_the_page_shows_differences_and_figures(tmp_path: Path) -> None:
    """Each line with its two sides, each set with its answer, and no button before the yes."""
    term = Term("falcon", TermKind.BANNED, "Project <Falcon>", "PROJECT")
    with office_in(tmp_path) as office:
        with office.house.database.work(system_actor("test")) as work:
            made = detect.propose(
                work,
                Configuration(terms=(term,), threshold=0.4),
                OpenTexts(),
                owner="per_ines",
                reason="our own words",
            )
        told = page(office, f"/{made.id}")
    shown = words(told)
    assert "own term falcon (banned): Project <Falcon> not there PROJECT" in shown
    assert "threshold 0.5 0.4" in shown
    assert "<Falcon>" not in told.body.decode()
    assert re.search(r"Values, texts by hand met \d+ of \d+ \d+ of \d+ \d+ \d+ ", shown)
    assert "could not tell" in shown
    assert "waiting" in shown
    assert "no end" in shown
    assert "Put in force" not in shown
