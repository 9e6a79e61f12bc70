"""Erasures as rows: what is done cannot be undone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import DBAPIError

from muniment import vault
from muniment.core.errors import MunimentError
from muniment.testing.vault import INES, OTHER, SUBJECT, Vaulted
from muniment.vault import ShredState
from muniment.vault.store import newest_shreds, save_shred, shred


def test_the_newest_come_first_and_the_done_stay_done(vaulted: Vaulted) -> None:
    """A finished erasure is refused another state by the database itself."""
    for subject in (SUBJECT, OTHER):
        with vaulted.database.work(INES) as work:
            vault.put(work, vaulted.safe, b"x", classification="internal", subject=subject)
            asked = vault.ask_shred(work, vaulted.safe, subject=subject, reason="they asked us")
        vaulted.database.clock.advance(1)  # type: ignore[attr-defined]
    with vaulted.database.work(INES) as work:
        vault.shred(work, vaulted.safe, asked.id)
    with vaulted.database.look(INES) as work:
        found = newest_shreds(work, 10)
        assert [each.subject for each in found] == [OTHER, SUBJECT]
        assert len(newest_shreds(work, 1)) == 1
        done = shred(work, asked.id)
        assert shred(work, "shr_none") is None
    assert done
    assert (done.state, len(done.kids)) == (ShredState.DONE, 1)
    with (
        pytest.raises((DBAPIError, MunimentError), match=r"refused|append-only"),
        vaulted.database.work(INES) as work,
    ):
        save_shred(work, replace(done, state=ShredState.ASKED))
