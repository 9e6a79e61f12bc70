"""Secrets: of one shape, and known by a digest that fits one use only."""

from __future__ import annotations

import secrets

import pytest

from muniment.access.rules.secrets import SECRET_BYTES, is_secret, secret_digest


def test_a_digest_fits_one_use() -> None:
    """The same secret has another digest for each use."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    assert is_secret(secret)
    assert secret_digest(secret, of="session") != secret_digest(secret, of="link")


@pytest.mark.parametrize("text", ["", "a" * 42, "a" * 44, "é" * 43, "a" * 42 + "\n"])
def test_other_texts_are_none(text: str) -> None:
    """What cannot be a secret is not even looked for."""
    assert not is_secret(text)
