"""Digests: one form, checked when read, compared without a tell."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.digest import digest_bytes, digest_value, parse_digest, same_digest
from muniment.core.errors import InvalidError


@given(st.binary())
def test_a_digest_is_sha256_and_reads_back(data: bytes) -> None:
    """Anybody can compute the same digest, and it is accepted when it comes back."""
    digest = digest_bytes(data)
    assert digest == "sha256:" + hashlib.sha256(data).hexdigest()
    assert parse_digest(digest) == digest


def test_equal_values_have_equal_digests() -> None:
    """The order in which a value was built does not matter."""
    assert digest_value({"a": 1, "b": [True]}) == digest_value({"b": [True], "a": 1})
    assert digest_value({"a": 1}) != digest_value({"a": "1"})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sha256:",
        "sha256:" + "A" * 64,
        "sha1:" + "a" * 64,
        "sha256:" + "a" * 64 + "\n",
        "a" * 64,
    ],
)
def test_another_shape_is_refused(text: str) -> None:
    """Upper case, other lengths and other hashes are not digests here."""
    with pytest.raises(InvalidError, match=r"^body\.root: .*is not a digest.*64 lower-case"):
        parse_digest(text, field="body.root")


@given(st.text(), st.text())
def test_comparison_is_equality_for_any_text(one: str, other: str) -> None:
    """Comparing never fails, also on text that is no digest."""
    assert same_digest(one, other) == (one == other)
    assert same_digest(one, one)


def test_half_a_surrogate_is_compared_too() -> None:
    """Text that cannot be encoded is unequal, not a crash."""
    assert not same_digest("\ud800", "sha256:" + "0" * 64)
