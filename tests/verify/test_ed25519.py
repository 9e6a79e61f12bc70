"""The Ed25519 inside the verifier: published vectors, the library's verdicts, and strictness."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import example, given, settings
from hypothesis import strategies as st

from muniment import verify
from muniment.verify import ed25519_verify, ed25519_verify_pure

VECTORS = json.loads(
    (Path(__file__).parents[1] / "data/ledger/rfc8032.json").read_text(encoding="utf-8")
)
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]


def library_says(public: bytes, message: bytes, signature: bytes) -> bool:
    """The verdict of the cryptography library alone."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@pytest.fixture(params=[True, False], ids=["library", "pure"])
def backend(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Check once with the library and once without it."""
    monkeypatch.setattr(verify, "HAS_CRYPTOGRAPHY", request.param)


@pytest.mark.parametrize("vector", VECTORS)
def test_the_vectors_of_the_standard_hold(vector: dict[str, str], backend: None) -> None:
    """RFC 8032's own signatures hold, and fail with another message."""
    public, message, signature = (
        bytes.fromhex(vector[name]) for name in ("public", "message", "signature")
    )
    assert ed25519_verify(public, message, signature)
    assert not ed25519_verify(public, message + b".", signature)


@settings(max_examples=30, deadline=None)
@example(bytes(32), b"", 5)  # the highest bits of the scalar, beyond the group's order
@example(bytes(32), b"", 6)
@example(bytes(32), b"", 7)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511))
def test_pure_and_library_agree(seed: bytes, message: bytes, bit: int) -> None:
    """Honest signatures hold in both, and with one bit flipped in neither."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = private.public_key().public_bytes_raw(), private.sign(message)
    assert ed25519_verify_pure(public, message, signature)
    assert library_says(public, message, signature)
    flipped = (int.from_bytes(signature, "big") ^ 1 << bit).to_bytes(64, "big")
    assert not ed25519_verify_pure(public, message, flipped)
    assert not library_says(public, message, flipped)


@settings(max_examples=30, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(min_size=64, max_size=64))
def test_pure_and_library_agree_on_noise(public: bytes, signature: bytes) -> None:
    """Noise is refused by both, without an error."""
    assert ed25519_verify_pure(public, b"m", signature) == library_says(public, b"m", signature)


@pytest.mark.parametrize("point", SMALL_ORDER)
def test_points_of_small_order_are_refused(point: str, backend: None) -> None:
    """A key of small order, which would sign everything, is refused; so is such a commitment."""
    small = bytes.fromhex(point)
    assert not ed25519_verify(small, b"anything", bytes.fromhex(SMALL_ORDER[0]) + bytes(32))
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    public = private.public_key().public_bytes_raw()
    assert not ed25519_verify(public, b"m", small + private.sign(b"m")[32:])


def test_a_small_order_key_would_have_passed_without_the_rule() -> None:
    """The rule is needed: the bare arithmetic accepts the neutral element as a key."""
    neutral = bytes.fromhex(SMALL_ORDER[0])
    assert ed25519_verify_pure(neutral, b"anything", neutral + bytes(32))


@pytest.mark.parametrize("y", [P, P + 1, P + 2, P + 18, 2**255 - 1])
@pytest.mark.parametrize("sign", [0, 1])
def test_points_written_in_a_second_way_are_refused(y: int, sign: int, backend: None) -> None:
    """A coordinate of p or more is not canonical, whatever point it may stand for."""
    data = (y | sign << 255).to_bytes(32, "little")
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    assert not ed25519_verify(data, b"m", private.sign(b"m"))
    assert not ed25519_verify(
        private.public_key().public_bytes_raw(), b"m", data + private.sign(b"m")[32:]
    )


def test_a_scalar_beyond_the_order_is_refused(backend: None) -> None:
    """S + L would verify in sloppy arithmetic and make signatures malleable."""
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    public, signature = private.public_key().public_bytes_raw(), private.sign(b"m")
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    assert ed25519_verify(public, b"m", signature)
    assert not ed25519_verify(public, b"m", signature[:32] + scalar.to_bytes(32, "little"))


@pytest.mark.parametrize(("key_bytes", "signature_bytes"), [(31, 64), (33, 64), (32, 63), (0, 0)])
def test_wrong_lengths_are_refused(key_bytes: int, signature_bytes: int, backend: None) -> None:
    """Anything but 32 and 64 bytes is no key and no signature."""
    assert not ed25519_verify(b"\2" * key_bytes, b"m", b"\2" * signature_bytes)
