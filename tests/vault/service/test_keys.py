"""Data keys: made once, turned, wrapped anew; and what a lost keyring does, and does not, lose."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from muniment import vault
from muniment.core.actor import Actor, ActorKind
from muniment.core.errors import CorruptError, ForbiddenError, NotFoundError, UnavailableError
from muniment.db import Database
from muniment.settings import Settings
from muniment.testing.ledger import audit, sealed_entries
from muniment.testing.vault import INES, OTHER, SUBJECT, Vaulted, opened_vault
from muniment.vault import Held
from muniment.vault.keyrings.local_file import KEYRING_FILE
from muniment.vault.store import key

REASON = "the yearly turning of keys"


def keep(house: Vaulted, content: bytes = b"words", subject: str = SUBJECT) -> Held:
    """Keep some content."""
    with house.database.work(INES) as work:
        return vault.put(work, house.safe, content, classification="internal", subject=subject)


def read(house: Vaulted, held: Held) -> bytes:
    """Open content and read it."""
    with house.database.work(INES) as work:
        opening = vault.open(work, house.safe, held, reason="to see that it opens")
    return opening.read()


def wrapping(house: Vaulted, kid: str) -> str:
    """Say which key of the keyring wraps a data key."""
    with house.database.look(INES) as work:
        found = key(work, kid)
    assert found
    return found.keyring_key


def test_after_a_rotation_new_content_has_new_keys(vaulted: Vaulted) -> None:
    """The old key opens what it protects and encrypts nothing new; the entry tells how many."""
    old = keep(vaulted)
    done = vault.rotate(vaulted.safe, INES, reason=REASON)
    new = keep(vaulted)
    assert done.retired == 1
    assert new.kid != old.kid
    assert wrapping(vaulted, new.kid) == done.keyring_key != wrapping(vaulted, old.kid)
    assert [read(vaulted, each) for each in (old, new)] == [b"words", b"words"]
    vaulted.log.seal()
    audit(vaulted.log)


def test_a_rotation_may_be_narrow(vaulted: Vaulted) -> None:
    """Only the keys of one subject are turned, if that is what was asked for."""
    one, other = keep(vaulted), keep(vaulted, subject=OTHER)
    assert vault.rotate(vaulted.safe, INES, reason=REASON, subject=SUBJECT).retired == 1
    assert keep(vaulted).kid != one.kid
    assert keep(vaulted, subject=OTHER).kid == other.kid


def test_rewrapping_leaves_the_content_alone(vaulted: Vaulted) -> None:
    """All live keys are wrapped anew, pseudonyms' too; a second time there is nothing to do."""
    held = [keep(vaulted, subject=f"sub_{n:020}") for n in range(5)]
    with vaulted.database.work(INES) as work:
        name = vault.pseudonym(work, vaulted.safe, "anna@example.com")
    done = vault.rotate(vaulted.safe, INES, reason=REASON)
    assert vault.rewrap(vaulted.safe, INES) == 6
    assert vault.rewrap(vaulted.safe, INES) == 0
    assert {wrapping(vaulted, each.kid) for each in held} == {done.keyring_key}
    vaulted.safe.remembered.forget(*(each.kid for each in held))
    assert [read(vaulted, each) for each in held] == [b"words"] * 5
    with vaulted.database.work(INES) as work:
        assert vault.pseudonym(work, vaulted.safe, "Anna@Example.com ") == name
    vaulted.log.seal()
    audit(vaulted.log)


def test_a_destroyed_key_is_not_wrapped_anew(vaulted: Vaulted) -> None:
    """Re-wrapping brings nothing back that was destroyed."""
    held = keep(vaulted)
    with vaulted.database.work(INES) as work:
        asked = vault.ask_shred(work, vaulted.safe, subject=SUBJECT, reason=REASON)
        vault.shred(work, vaulted.safe, asked.id)
    vault.rotate(vaulted.safe, INES, reason=REASON)
    assert vault.rewrap(vaulted.safe, INES) == 0
    with pytest.raises(NotFoundError, match="destroyed"):
        read(vaulted, held)


def test_many_at_once_share_one_key(vaulted: Vaulted) -> None:
    """Threads that keep the first content of a subject at the same moment make one key."""
    start = threading.Barrier(4)

    def one(number: int) -> Held:
        start.wait()
        return keep(vaulted, f"content {number}".encode())

    with ThreadPoolExecutor(4) as threads:
        held = list(threads.map(one, range(4)))
    assert len({each.kid for each in held}) == 1
    assert [read(vaulted, each) for each in held] == [f"content {n}".encode() for n in range(4)]
    vaulted.log.seal()
    entries = sealed_entries(vaulted.log.tiles.root, vaulted.log.size())
    assert [one["kind"] for one in entries].count("vault.key_made") == 1


def test_a_row_cannot_wear_anothers_key(vaulted: Vaulted) -> None:
    """Wrapped material moved to another row does not unwrap there, even by hand in the database."""
    one, other = keep(vaulted), keep(vaulted, subject=OTHER)
    with vaulted.database.look(INES) as work:
        mine, theirs = key(work, one.kid), key(work, other.kid)
    assert mine
    assert theirs
    keyring = vaulted.safe.keyring()
    assert theirs.wrapped
    with pytest.raises(CorruptError):
        keyring.unwrap(theirs.keyring_key, theirs.wrapped, vaulted.safe.context(mine))


@pytest.mark.parametrize("kind", [ActorKind.PERSON, ActorKind.SERVICE])
def test_turning_keys_needs_a_permission(vaulted: Vaulted, kind: ActorKind) -> None:
    """Who relies on no grant turns nothing, and the keyring is not touched."""
    keep(vaulted)
    before = vaulted.safe.keyring().current("vault")
    with pytest.raises(ForbiddenError):
        vault.rotate(vaulted.safe, Actor(kind, "somebody"), reason=REASON)
    with pytest.raises(ForbiddenError):
        vault.rewrap(vaulted.safe, Actor(kind, "somebody"))
    assert vaulted.safe.keyring().current("vault") == before


class Deaf:
    """A keyring whose service does not answer for data keys."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def wrap(self, *_: object) -> bytes:
        raise UnavailableError("the key service does not answer", remedy="Try again.")

    unwrap = wrap


def test_a_keyring_that_does_not_answer_keeps_nothing(
    database: Database, settings: Settings
) -> None:
    """Content is refused rather than kept in plain; nothing is recorded; later it works."""
    with (
        opened_vault(database, settings, wrap=Deaf) as house,
        pytest.raises(UnavailableError),
    ):
        keep(house)
    with opened_vault(database, settings) as house:
        assert read(house, keep(house)) == b"words"
        house.log.seal()
        audit(house.log)


def test_a_lost_keyring_loses_content_but_never_the_log(
    database: Database, settings: Settings
) -> None:
    """The log verifies and reads; old content is told as lost; new content is kept after rotate."""
    with opened_vault(database, settings) as house:
        held = keep(house)
        read(house, held)
        house.log.seal()
        size, vkeys = house.log.size(), house.log.vkeys()
    (settings.data.dir / KEYRING_FILE).unlink()
    with opened_vault(database, settings) as house:
        assert audit(house.log).size == size  # what was sealed verifies with the key of old
        entries = list(sealed_entries(house.log.tiles.root, size))
        assert any(one.get("content") == [held.as_reference()] for one in entries)
        with pytest.raises(NotFoundError, match="no longer holds") as caught:
            read(house, held)
        assert "vault rotate" in caught.value.remedy
        with pytest.raises(NotFoundError, match="no longer holds"):
            keep(house)
        vault.rotate(house.safe, INES, reason="the keyring was lost")
        assert read(house, keep(house)) == b"words"
        assert house.log.vkeys() == vkeys
