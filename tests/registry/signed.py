"""Keys and signatures for tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from muniment.registry.rules import signing


def a_key(curve: ec.EllipticCurve | None = None) -> bytes:
    """Make a private key, in PEM."""
    return ec.generate_private_key(curve or ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def public_of(key: bytes) -> str:
    """Give the public half of a key, in PEM."""
    private = serialization.load_pem_private_key(key, None)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return private.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def a_signature(files: Mapping[str, str]) -> dict[str, Any]:
    """Sign files with the key that these tests share."""
    return signing.sign(A_KEY, None, "model", files)


A_KEY: Final = a_key()
