"""What stands in the tables of these pages."""

from __future__ import annotations

from dataclasses import replace

from muniment.web.registry.cells import interval_cells, shares_text
from tests.registry.making import AT, NEW, OLD, an_interval


def test_an_interval_says_who_shared_and_whether_we_know_better() -> None:
    """Shares, times, and that it was corrected later."""
    found = an_interval((OLD, 90), (NEW, 10))
    assert shares_text(found) == "90 % aaaaaaaaaaaa, 10 % bbbbbbbbbbbb"
    assert interval_cells(found)[3].text == "still"
    assert interval_cells(replace(found, corrected_at=AT))[4].text == "corrected later"
