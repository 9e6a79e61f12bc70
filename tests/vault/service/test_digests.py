"""Digests under a subject's key: they prove a text until its subject is erased."""

from __future__ import annotations

import hmac
from dataclasses import replace

import pytest

from muniment import vault
from muniment.core.errors import ConflictError, ForbiddenError, NotFoundError
from muniment.testing.vault import INES, OMAR, OTHER, SUBJECT, Vaulted
from muniment.vault import Digester
from muniment.vault.rules import digest_key, keyed_digest
from tests.access.recorded import records


def test_a_disputed_text_is_proved_or_disproved(vaulted: Vaulted) -> None:
    """The same text matches, any other does not, and each question is on record with its reason."""
    kid, digest = Digester(vaulted.safe, "internal").digest(INES, SUBJECT, b"I said so")
    for text, same in ((b"I said so", True), (b"I never said so", False)):
        with vaulted.database.work(INES) as work:
            asked = vault.matches(work, vaulted.safe, kid, digest, text, reason="a dispute")
        assert asked is same
    told = [each["body"] for each in records(vaulted.database) if each["kind"] == "vault.matched"]
    assert [each["same"] for each in told] == [True, False]
    assert {each["reason"] for each in told} == {"a dispute"}


def test_each_subject_has_its_own_digests(vaulted: Vaulted) -> None:
    """The same text of two people has two digests, so that neither tells of the other."""
    digester = Digester(vaulted.safe, "internal")
    one, other = digester.digest(INES, SUBJECT, b"x"), digester.digest(INES, OTHER, b"x")
    assert one == digester.digest(INES, SUBJECT, b"x")
    assert one[0] != other[0]
    assert one[1] != other[1]


def test_keys_are_asked_for_again_after_a_second(vaulted: Vaulted) -> None:
    """A key that was turned makes no new digests a second later."""
    digester = Digester(vaulted.safe, "internal")
    kid, _ = digester.digest(INES, SUBJECT, b"x")
    vault.rotate(vaulted.safe, INES, reason="in turn")
    assert digester.digest(INES, SUBJECT, b"x")[0] == kid
    vaulted.database.clock.advance(1)  # type: ignore[attr-defined]  # it moves when told
    assert digester.digest(INES, SUBJECT, b"x")[0] != kid


def test_who_may_not_ask_and_what_is_unknown(vaulted: Vaulted) -> None:
    """Asking needs the right to open content, and the name of a key that is there."""
    with vaulted.database.work(INES) as work, pytest.raises(NotFoundError):
        vault.matches(work, vaulted.safe, "vk_none", "x", b"x", reason="a dispute")
    stranger = replace(INES, id="per_nobody")
    with vaulted.database.work(stranger) as work, pytest.raises(ForbiddenError):
        vault.matches(work, vaulted.safe, "vk_none", "x", b"x", reason="a dispute")


def test_the_digest_is_what_the_standards_say() -> None:
    """HKDF-SHA256 without salt over the named context, then HMAC-SHA256, recomputed by hand."""
    secret, kid = bytes(range(32)), "vk_1"
    extracted = hmac.digest(bytes(32), secret, "sha256")
    derived = hmac.digest(extracted, b"muniment.vault/1 digest\0vk_1\x01", "sha256")
    assert digest_key(secret, kid) == derived
    by_hand = hmac.digest(derived, b"x", "sha256").hex()
    assert keyed_digest(derived, b"x") == f"hmac-sha256:{by_hand}"


def test_after_erasure_nothing_is_proved(vaulted: Vaulted) -> None:
    """Once the key is destroyed nobody can say what the digest was of."""
    kid, digest = Digester(vaulted.safe, "internal").digest(INES, SUBJECT, b"I said so")
    with vaulted.database.work(INES) as work:
        asked = vault.ask_shred(work, vaulted.safe, subject=SUBJECT, reason="they asked us to")
    vaulted.log.seal()
    with vaulted.database.work(OMAR) as work:
        vault.approve_shred(work, asked.id, reason="checked with the law in hand")
    vaulted.log.seal()
    with vaulted.database.work(INES) as work:
        vault.shred(work, vaulted.safe, asked.id)
    with vaulted.database.work(INES) as work, pytest.raises(ConflictError, match="destroyed"):
        vault.matches(work, vaulted.safe, kid, digest, b"I said so", reason="a dispute")
