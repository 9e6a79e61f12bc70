"""Where ciphertexts lie: found as an object of their own, or within a batch of their key."""

from __future__ import annotations

from muniment import vault
from muniment.testing.vault import INES, SUBJECT, Vaulted
from muniment.vault import Held
from muniment.vault.store import forget_objects, of_destroyed_keys, place_of, totals


def test_each_place_is_found(vaulted: Vaulted) -> None:
    """A whole object begins at nought; in a batch each begins where the one before ends."""
    contents = [b"a" * length for length in (0, 10, 300)]
    with vaulted.database.work(INES) as work:
        one = vault.put(work, vaulted.safe, b"x", classification="internal", subject=SUBJECT)
        many = vault.put_many(
            work, vaulted.safe, contents, classification="internal", subject=SUBJECT
        )
    with vaulted.database.look(INES) as work:
        whole = place_of(work, one)
        places = [place_of(work, held) for held in many]
        unknown = place_of(work, Held(one.kid, one.commit, "0" * 64, 1))
        assert totals(work) == (4, one.ct_len + sum(held.ct_len for held in many))
        assert of_destroyed_keys(work, 10) == []
    assert whole
    assert (whole.object_sha256, whole.first_byte, whole.is_whole) == (one.ct_sha256, 0, True)
    begins = [place.first_byte for place in places if place]
    assert begins == [0, many[0].ct_len, many[0].ct_len + many[1].ct_len]
    assert unknown is None


def test_what_is_forgotten_is_gone(vaulted: Vaulted) -> None:
    """Forgetting counts what was there."""
    with vaulted.database.work(INES) as work:
        one = vault.put(work, vaulted.safe, b"x", classification="internal", subject=SUBJECT)
        assert forget_objects(work, [one.ct_sha256, "0" * 64]) == 1
        assert place_of(work, one) is None
