"""The reception: hashes cost, secrets are bound, and too many at once wait."""

from __future__ import annotations

import threading

import pytest

from muniment.access import Reception
from muniment.access.service import reception as module
from muniment.access.service.reception import HASHER, digest_of, fresh_secret
from muniment.core.errors import CorruptError, UnavailableError


def test_sealed_for_one_use(reception: Reception) -> None:
    """What is sealed opens in its own context only, and a damaged hash is said."""
    key_id, sealed = reception.seal(b"secret", "a")
    assert reception.unseal(key_id, sealed, "a") == b"secret"
    with pytest.raises(CorruptError):
        reception.unseal(key_id, sealed, "b")
    with pytest.raises(CorruptError):
        reception.verify("no hash at all", "password")


def test_secrets_are_kept_as_digests() -> None:
    """A secret and its digest belong together; another use has another digest."""
    secret, digest = fresh_secret("link")
    assert digest_of(secret, "link") == digest != digest_of(secret, "step")
    assert digest_of("short", "link") == ""


def test_hashing_is_dear() -> None:
    """Passwords are hashed with 64 MiB, three passes and Argon2id."""
    assert HASHER.hash("x").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_too_many_at_once_are_told(reception: Reception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever would make the machine hash without end waits, and is told."""
    monkeypatch.setattr(module, "_PATIENCE_SECONDS", 0.01)
    held = threading.Event()
    for _turn in range(4):
        reception._turns.acquire()
    with pytest.raises(UnavailableError):
        reception.hash("password")
    held.set()
    reception._turns.release()
    assert reception.hash("password")
