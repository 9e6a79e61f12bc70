"""Tests of signatures over files, and of whose count."""

from __future__ import annotations

import pytest

from muniment import registry
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError
from tests.registry.signed import A_KEY, a_key, a_signature, public_of
from tests.registry.yard import Yard

DIGEST = "sha256:" + "a" * 64
FILES = {"model.bin": DIGEST}


def signed(yard: Yard) -> tuple[str, str]:
    """Say what a version that names the file knows of its signature."""
    version = yard.version(
        "model/main", artefacts=[{"name": "model.bin", "digest": DIGEST}], licence="mit"
    )
    with yard.looking() as work:
        return registry.artefacts_in(work, version)[0].signed


def checked(yard: Yard, bundle: dict[str, object]) -> registry.Signature:
    """Bring a signature as Ben."""
    with yard.by("ben") as work:
        return registry.check_signature(work, yard.system.key, bundle)


def test_a_signature_counts_by_whose_key_it_is(yard: Yard) -> None:
    """Unknown, then trusted, then trusted no more: each time the answer follows."""
    yard.approved()
    assert signed(yard) == ("could_not_tell", "No signature over it is known.")
    assert checked(yard, a_signature(FILES)).verdict == "could_not_tell"
    assert signed(yard)[0] == "could_not_tell"
    pem = public_of(A_KEY)
    with yard.by("cora") as work:
        signer = registry.trust_signer(work, "Release key", pem, reason="met in person")
        assert registry.trust_signer(work, "Again", pem, reason="met in person") == signer
    found = checked(yard, a_signature(FILES))
    assert (found.verdict, found.says) == (
        "met",
        "It was made by the key Release key over 1 files.",
    )
    assert signed(yard)[0] == "met"
    with yard.by("cora") as work:
        registry.end_signer(work, signer.id, reason="the key leaked")
    assert signed(yard) == ("could_not_tell", "It is signed by a key that does not count here.")
    with yard.by("cora") as work, pytest.raises(ConflictError):
        registry.end_signer(work, signer.id, reason="the key leaked")
    with yard.looking() as work:
        assert [each.ended_at is None for each in registry.signers(work)] == [False]


def test_a_signature_that_does_not_hold_is_wrong(yard: Yard) -> None:
    """One that names a key but was made by another is not met; a right one outdoes it."""
    yard.approved()
    with yard.by("cora") as work:
        pem = public_of(A_KEY)
        registry.trust_signer(work, "Key", pem, reason="ours", system=yard.system.key)
    bundle = a_signature(FILES)
    other = registry.sign_files(a_key(), None, "m", FILES)
    forged = {**bundle, "dsseEnvelope": other["dsseEnvelope"]}
    assert checked(yard, forged).verdict == "not_met"
    assert signed(yard)[0] == "not_met"
    checked(yard, bundle)
    assert signed(yard)[0] == "met"


def test_who_may_not_is_refused(yard: Yard) -> None:
    """A builder trusts no key; what is no signature is refused."""
    yard.approved()
    with yard.by("ben") as work, pytest.raises(ForbiddenError):
        registry.trust_signer(work, "Mine", public_of(A_KEY), reason="mine")
    with yard.by("rita") as work, pytest.raises(ForbiddenError):
        registry.check_signature(work, yard.system.key, a_signature(FILES))
    with pytest.raises(InvalidError):
        checked(yard, {"mediaType": "x"})
