"""The head of the log, taken apart to be drawn."""

from __future__ import annotations

from pathlib import Path

from muniment.web.heads import open_head
from tests.web.ledger.recorded import filled


def test_a_head_is_taken_apart_as_it_was_signed(tmp_path: Path) -> None:
    """Origin, size and root are the log's own, and its own signature is no witness."""
    with filled(tmp_path, 5) as house:
        head = open_head(house.log)
        published = house.log.tiles.published()
    assert head is not None
    assert published is not None
    lines = published.decode().splitlines()
    assert [head.origin, str(head.size)] == lines[:2]
    assert [signer.is_log for signer in head.signers] == [True]
    assert head.witnesses == 0
