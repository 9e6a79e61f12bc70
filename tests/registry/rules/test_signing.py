"""Tests of signatures over models."""

from __future__ import annotations

import base64
import copy
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from muniment.core.errors import InvalidError
from muniment.registry.rules import signing
from tests.registry.signed import A_KEY, a_key, a_signature, public_of

DIGEST = "sha256:" + "a" * 64
FILES = {"model.safetensors": DIGEST, "config.json": "sha256:" + "b" * 64}
OFFICIAL = Path(__file__).parents[2] / "data" / "registry" / "model_signing"


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()])
def test_what_was_signed_is_right_and_nothing_else_is(curve: ec.EllipticCurve) -> None:
    """A signature holds for its key and its files; with another key it is wrong."""
    key = a_key(curve)
    signed = signing.read_bundle(signing.sign(key, None, "m", FILES))
    assert dict(signed.files) == dict(sorted(FILES.items()))
    assert signing.is_right(signed, public_of(key))
    assert not signing.is_right(signed, public_of(a_key(curve)))
    assert signing.read_public_key(public_of(key))[1] == signed.fingerprint


def test_a_signature_by_the_official_tool_is_right() -> None:
    """What `model_signing` of OpenSSF wrote is read and verified, with its files."""
    bundle = json.loads((OFFICIAL / "model.sig").read_text())
    signed = signing.read_bundle(bundle)
    assert signing.is_right(signed, (OFFICIAL / "public.pem").read_text())
    assert sorted(signed.files) == ["config.json", "weights/model.txt"]


def test_we_write_what_the_official_tool_writes() -> None:
    """For the same files the statements are the same, but for the paths it was told to ignore."""
    bundle = json.loads((OFFICIAL / "model.sig").read_text())
    theirs = json.loads(base64.b64decode(bundle["dsseEnvelope"]["payload"]))
    theirs["predicate"]["serialization"]["ignore_paths"] = []
    made = signing.sign(A_KEY, None, "m", signing.read_bundle(bundle).files)
    assert json.loads(base64.b64decode(made["dsseEnvelope"]["payload"])) == theirs
    assert made.keys() == bundle.keys()


def test_a_changed_file_list_is_wrong() -> None:
    """A payload that lists another digest is refused, or the signature does not hold."""
    bundle = a_signature(FILES)
    payload = base64.b64decode(bundle["dsseEnvelope"]["payload"])
    changed = copy.deepcopy(bundle)
    other = payload.replace(b"a" * 64, b"c" * 64)
    changed["dsseEnvelope"]["payload"] = base64.b64encode(other).decode()
    with pytest.raises(InvalidError, match="root does not fit"):
        signing.read_bundle(changed)
    named = payload.replace(b"config.json", b"confiG.json")
    changed["dsseEnvelope"]["payload"] = base64.b64encode(named).decode()
    assert not signing.is_right(signing.read_bundle(changed), public_of(A_KEY))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("mediaType",), "x"),
        (("verificationMaterial",), None),
        (("verificationMaterial", "publicKey", "hint"), 7),
        (("dsseEnvelope", "payload"), "!!"),
        (("dsseEnvelope", "payload"), "bnVsbA=="),
        (("dsseEnvelope", "payloadType"), "text/plain"),
        (("dsseEnvelope", "signatures"), []),
        (("dsseEnvelope", "signatures"), [None]),
    ],
)
def test_what_is_no_signature_is_refused_with_a_way_out(path: tuple[str, ...], value: Any) -> None:
    """Wrong types and missing parts are told, never a traceback."""
    bundle = a_signature(FILES)
    place: Any = bundle
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    with pytest.raises(InvalidError) as caught:
        signing.read_bundle(bundle)
    assert caught.value.remedy


def test_keys_that_are_none_are_refused() -> None:
    """RSA, rubbish, a locked key without its passphrase, and nothing to sign."""
    other = rsa.generate_private_key(65537, 2048)
    pem = other.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    for text in (pem.decode(), "rubbish", ""):
        with pytest.raises(InvalidError):
            signing.read_public_key(text)
    locked = serialization.load_pem_private_key(A_KEY, None).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )
    with pytest.raises(InvalidError):
        signing.sign(locked, None, "m", FILES)
    assert signing.sign(locked, b"secret", "m", FILES)
    with pytest.raises(InvalidError):
        signing.sign(A_KEY, None, "m", {})
