"""Data keys as rows: what is destroyed stays destroyed, whatever is tried."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import DBAPIError

from muniment import vault
from muniment.core.errors import MunimentError
from muniment.db import UnrecordedChangeError
from muniment.testing.vault import INES, SUBJECT, Vaulted
from muniment.vault import KeyState
from muniment.vault.store import key
from muniment.vault.store.tables import keys_table


def destroyed(house: Vaulted) -> str:
    """Make a key and destroy it; give its name."""
    with house.database.work(INES) as work:
        held = vault.put(work, house.safe, b"x", classification="internal", subject=SUBJECT)
    with house.database.work(INES) as work:
        asked = vault.ask_shred(work, house.safe, subject=SUBJECT, reason="they asked us to")
        vault.shred(work, house.safe, asked.id)
    return held.kid


def test_a_destroyed_key_cannot_come_back(vaulted: Vaulted) -> None:
    """The database itself refuses new material, another state, and the removal of the row."""
    kid = destroyed(vaulted)
    mine = keys_table.c.kid == kid
    for statement in (
        update(keys_table).where(mine).values(wrapped=b"material", state="current"),
        update(keys_table).where(mine).values(subject="sub_somebodyelse00"),
        delete(keys_table).where(mine),
    ):
        with (
            pytest.raises((DBAPIError, MunimentError), match=r"refused|append-only"),
            vaulted.database.work(INES) as work,
        ):
            work.write(statement)
    with vaulted.database.look(INES) as work:
        found = key(work, kid)
    assert found
    assert (found.state, found.wrapped) == (KeyState.DESTROYED, None)


def test_a_key_is_destroyed_with_its_material_or_not_at_all(vaulted: Vaulted) -> None:
    """A row that says destroyed and still holds material is refused, and so is the reverse."""
    with vaulted.database.work(INES) as work:
        held = vault.put(work, vaulted.safe, b"x", classification="internal", subject=SUBJECT)
    mine = keys_table.c.kid == held.kid
    for values in ({"state": "destroyed"}, {"wrapped": None}):
        with (
            pytest.raises((DBAPIError, MunimentError)),
            vaulted.database.work(INES) as work,
        ):
            work.write(update(keys_table).where(mine).values(values))


def test_a_key_is_not_made_or_destroyed_without_a_record(vaulted: Vaulted) -> None:
    """The wall refuses a change of keys that no entry speaks of."""
    destroyed(vaulted)
    row = {
        "kid": "vk_smuggled",
        "classification": "internal",
        "subject": SUBJECT,
        "period": "2026-11",
        "version": 9,
        "state": "current",
        "keyring_key": "k",
        "wrapped": b"w",
        "made_at": vaulted.database.clock.now(),
    }
    with pytest.raises(UnrecordedChangeError), vaulted.database.work(INES) as work:
        work.write(insert(keys_table).values(row))
