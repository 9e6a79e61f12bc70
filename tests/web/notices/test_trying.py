"""The page of a test."""

from __future__ import annotations

from tests.web.notices.asking import Console


def test_a_test_says_how_it_fared(console: Console) -> None:
    """Over a channel whose host nobody knows it is not taken, and the page says so."""
    here = f"/channels/{console.channel.id}/test"
    assert console.get(here).status == 200
    assert console.get(here, console.ada).status == 403
    assert console.post(here, console.ada).status == 403
    told = console.post(here)
    assert told.status == 200
    assert b"It was not taken" in told.body or b"never be delivered" in told.body
    assert console.get("/channels/chn_none/test").status == 404
