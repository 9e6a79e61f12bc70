"""Signatures over models in the form of OpenSSF model signing, by elliptic curve keys, offline.

A signature is a Sigstore bundle: a DSSE envelope around an in-toto statement that lists each file
with its digest. The root digest is the SHA-256 of all digests, in the order of the names. A key is
named by the SHA-256 of its public half in PEM.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from muniment.core.errors import InvalidError
from muniment.registry.models import Signature, Verdict

MEDIA_TYPE: Final = "application/vnd.dev.sigstore.bundle.v0.3+json"
PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
STATEMENT: Final = "https://in-toto.io/Statement/v1"
PREDICATE: Final = "https://model_signing/signature/v1.0"
MAX_BUNDLE_BYTES: Final = 4 << 20
_MOST_FILES: Final = 10_000
_HASHES: Final[Mapping[str, hashes.HashAlgorithm]] = {
    "secp256r1": hashes.SHA256(),
    "secp384r1": hashes.SHA384(),
    "secp521r1": hashes.SHA512(),
}


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature as it was read: what it is over, who claims to have made it, and the proof."""

    fingerprint: str
    files: Mapping[str, str]
    payload: bytes
    proof: bytes


def read_public_key(pem: str) -> tuple[str, str]:
    """Read a public key; give its one PEM form and its fingerprint."""
    try:
        key = serialization.load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm, TypeError) as error:
        raise _no_key() from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name not in _HASHES:
        raise _no_key()
    text = _pem_of(key)
    return text, _fingerprint(text)


def sign(
    private_pem: bytes, password: bytes | None, name: str, files: Mapping[str, str]
) -> dict[str, Any]:
    """Sign files by their digests with a private key; the bundle is what verifiers read."""
    key = _private_key(private_pem, password)
    if not files:
        raise InvalidError("there is nothing to sign", field="files", remedy="Name a file.")
    payload = _statement(name, files)
    proof = _proof(key, payload, PAYLOAD_TYPE)
    hint = _fingerprint(_pem_of(key.public_key())).removeprefix("sha256:")
    return {
        "mediaType": MEDIA_TYPE,
        "verificationMaterial": {"publicKey": {"hint": hint}, "tlogEntries": []},
        "dsseEnvelope": {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": PAYLOAD_TYPE,
            "signatures": [{"sig": base64.b64encode(proof).decode(), "keyid": ""}],
        },
    }


def read_bundle(given: object) -> Signed:
    """Read a signature without believing it yet."""
    bundle = _object(given)
    if bundle.get("mediaType") != MEDIA_TYPE:
        raise _no_bundle("it is of another kind")
    material = _object(_object(bundle.get("verificationMaterial")).get("publicKey"))
    envelope = _object(bundle.get("dsseEnvelope"))
    proofs = envelope.get("signatures")
    hint = material.get("hint")
    if not isinstance(hint, str) or len(hint) != 64 or not isinstance(proofs, list):
        raise _no_bundle("it names no key by its fingerprint")
    if envelope.get("payloadType") != PAYLOAD_TYPE or len(proofs) != 1:
        raise _no_bundle("its envelope is of another kind")
    payload, proof = _bytes(envelope.get("payload")), _bytes(_object(proofs[0]).get("sig"))
    return Signed(f"sha256:{hint}", _files(payload), payload, proof)


def is_right(signed: Signed, public_pem: str) -> bool:
    """Tell whether the signature was made by this key over exactly this."""
    _, fingerprint = read_public_key(public_pem)
    if fingerprint != signed.fingerprint:
        return False
    return is_proof(signed.payload, PAYLOAD_TYPE, signed.proof, public_pem)


def proof_of(payload: bytes, kind: str, private_pem: bytes, password: bytes | None) -> bytes:
    """Sign bytes of a kind with a private key, enveloped as DSSE does."""
    return _proof(_private_key(private_pem, password), payload, kind)


def is_proof(payload: bytes, kind: str, proof: bytes, public_pem: str) -> bool:
    """Tell whether a signature is by this key over bytes of this kind."""
    text, _ = read_public_key(public_pem)
    key = serialization.load_pem_public_key(text.encode())
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    try:
        key.verify(proof, _enveloped(payload, kind), ec.ECDSA(_HASHES[key.curve.name]))
    except InvalidSignature:
        return False
    return True


def answer(signatures: Sequence[Signature], trusted: Collection[str]) -> tuple[Verdict, str]:
    """Answer whether a file is signed by a key that counts; what is signed once stays so."""
    good = [each for each in signatures if each.verdict == "met" and each.fingerprint in trusted]
    if good:
        return "met", f"Signed by the key {good[0].fingerprint[7:19]}."
    wrong = next((each for each in signatures if each.verdict == "not_met"), None)
    if wrong is not None:
        return "not_met", wrong.says
    if signatures:
        return "could_not_tell", "It is signed by a key that does not count here."
    return "could_not_tell", "No signature over it is known."


def _statement(name: str, files: Mapping[str, str]) -> bytes:
    ordered = sorted(files.items())
    digests = [digest.removeprefix("sha256:") for _, digest in ordered]
    value = {
        "_type": STATEMENT,
        "subject": [{"name": name, "digest": {"sha256": _root(digests)}}],
        "predicateType": PREDICATE,
        "predicate": {
            "serialization": {
                "method": "files",
                "hash_type": "sha256",
                "allow_symlinks": False,
                "ignore_paths": [],
            },
            "resources": [
                {"name": each, "algorithm": "sha256", "digest": digest}
                for (each, _), digest in zip(ordered, digests, strict=True)
            ],
        },
    }
    return json.dumps(value, ensure_ascii=False, indent=2).encode()


def _files(payload: bytes) -> dict[str, str]:
    """Read which files a statement lists, and check it against its own root."""
    try:
        statement = _object(json.loads(payload))
    except (ValueError, RecursionError) as error:
        raise _no_bundle("its statement is not JSON") from error
    if statement.get("predicateType") != PREDICATE or statement.get("_type") != STATEMENT:
        raise _no_bundle("its statement is of another kind")
    subjects = statement.get("subject")
    resources = _object(statement.get("predicate")).get("resources")
    if not isinstance(subjects, list) or len(subjects) != 1 or not isinstance(resources, list):
        raise _no_bundle("its statement names no files")
    if not 0 < len(resources) <= _MOST_FILES:
        raise _no_bundle(f"it names {len(resources):,} files")
    found: dict[str, str] = {}
    for each in map(_object, resources):
        name, digest = each.get("name"), each.get("digest")
        if each.get("algorithm") != "sha256" or not isinstance(name, str) or name in found:
            raise _no_bundle("a file is not named by SHA-256, or twice")
        if not isinstance(digest, str) or len(digest) != 64 or not _is_hex(digest):
            raise _no_bundle("a digest of it is none")
        found[name] = f"sha256:{digest}"
    root = _object(_object(subjects[0]).get("digest")).get("sha256")
    if root != _root([each.removeprefix("sha256:") for each in found.values()]):
        raise _no_bundle("its root does not fit its files")
    return found


def _root(digests: Sequence[str]) -> str:
    return hashlib.sha256(b"".join(map(bytes.fromhex, digests))).hexdigest()


def _enveloped(payload: bytes, kind: str) -> bytes:
    """Write what is signed: DSSE's pre-authentication encoding."""
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind.encode(), len(payload), payload)


def _private_key(pem: bytes, password: bytes | None) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_pem_private_key(pem, password)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise InvalidError(
            "the private key cannot be opened",
            field="key",
            remedy="Give a PEM file and, if it is locked, its passphrase.",
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name not in _HASHES:
        raise _no_key()
    return key


def _proof(key: ec.EllipticCurvePrivateKey, payload: bytes, kind: str) -> bytes:
    return key.sign(_enveloped(payload, kind), ec.ECDSA(_HASHES[key.curve.name]))


def _pem_of(key: ec.EllipticCurvePublicKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, form).decode()


def _fingerprint(pem: str) -> str:
    return "sha256:" + hashlib.sha256(pem.encode()).hexdigest()


def _is_hex(text: str) -> bool:
    return all(letter in "0123456789abcdef" for letter in text)


def _bytes(text: object) -> bytes:
    try:
        return base64.b64decode(text if isinstance(text, str) else "", validate=True)
    except (binascii.Error, ValueError) as error:
        raise _no_bundle("it is not base64") from error


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _no_bundle("a part of it is no object")
    return value


def _no_key() -> InvalidError:
    return InvalidError(
        "this is no elliptic curve key of P-256, P-384 or P-521",
        field="key",
        remedy="Make one: openssl ecparam -name prime256v1 -genkey -noout -out signing.pem",
    )


def _no_bundle(why: str) -> InvalidError:
    return InvalidError(
        f"this is no signature over a model: {why}",
        field="signature",
        remedy="Sign with `muniment registry artefact sign`, or with model_signing and a key.",
    )
