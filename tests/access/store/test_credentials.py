"""Credentials as they are kept, alike on both databases."""

from __future__ import annotations

from muniment.access import Passkey, Person, store
from muniment.db import Database
from muniment.ledger import record
from muniment.ledger.kinds.signin import CredentialAdded
from tests.access.reception import ROOT


def test_passkeys_and_codes(database: Database, ines: Person) -> None:
    """Bytes come back as they were; a use is counted by who saw the last one only."""
    with database.work(ROOT) as work:
        held = Passkey("p1", b"\x00\xff", ines.id, b"\x01\x02", 5, "Laptop", work.now)
        assert store.add_passkey(work, held)
        assert not store.add_passkey(work, held)
        assert store.passkey(work, "p1") == held
        assert store.mark_passkey(work, "p1", before=5, after=6)
        assert not store.mark_passkey(work, "p1", before=5, after=6)
        assert not store.remove_passkey(work, ines.id, "p2")
        store.set_codes(work, ines.id, ["a", "b"])
        assert store.take_code(work, ines.id, "a")
        assert not store.take_code(work, ines.id, "a")
        assert store.codes_left(work, ines.id) == 1
        record(work, CredentialAdded(ines.id, "test"))


def test_a_better_hash_never_undoes_a_change(database: Database, ines: Person) -> None:
    """A hash made anew is kept only in place of the one that was read."""
    with database.work(ROOT) as work:
        store.replace_hash(work, ines.id, "not the one", "better")
        assert store.password_hash(work, ines.id) != "better"
        assert store.remove_password(work, ines.id)
        assert store.password_hash(work, ines.id) == ""
        record(work, CredentialAdded(ines.id, "test"))
