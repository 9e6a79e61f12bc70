"""Where ciphertexts lie: each object under its digest, with how many contents it holds."""

from __future__ import annotations

from dataclasses import replace

from muniment import vault
from muniment.testing.vault import INES, SUBJECT, Vaulted
from muniment.vault.store import forget_objects, items_of, of_nobody, totals


def test_each_object_is_found_by_what_its_entry_says(vaulted: Vaulted) -> None:
    """A content alone, and a page of three; another digest finds nothing."""
    contents = [b"a" * length for length in (0, 10, 300)]
    with vaulted.database.work(INES) as work:
        one = vault.put(work, vaulted.safe, b"x", classification="internal", subject=SUBJECT)
        many = vault.put_many(
            work, vaulted.safe, contents, classification="internal", subject=SUBJECT
        )
    with vaulted.database.look(INES) as work:
        assert items_of(work, one) == 1
        assert [items_of(work, held) for held in many] == [3, 3, 3]
        assert items_of(work, replace(one, ct_sha256="0" * 64)) == 0
        assert totals(work) == (4, one.ct_len + many[0].ct_len)
        assert of_nobody(work, 10) == []


def test_what_is_forgotten_is_gone(vaulted: Vaulted) -> None:
    """Forgetting counts what was there."""
    with vaulted.database.work(INES) as work:
        one = vault.put(work, vaulted.safe, b"x", classification="internal", subject=SUBJECT)
        assert forget_objects(work, [one.ct_sha256, "0" * 64]) == 1
        assert items_of(work, one) == 0
