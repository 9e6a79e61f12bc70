"""Signatures over files of models, and the keys whose signatures count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from muniment import access, ledger
from muniment.access import EVERYTHING
from muniment.core.canonical import canonical_bytes
from muniment.core.digest import digest_value
from muniment.core.errors import ConflictError, InvalidError
from muniment.db import Work
from muniment.ledger.kinds.registry_files import SignatureChecked, SignerEnded, SignerTrusted
from muniment.registry import store
from muniment.registry.models import Signature, Signer, Verdict
from muniment.registry.rules import signing
from muniment.registry.rules.profiles import require_text
from muniment.registry.service.standing import author_of, place_of


def trust_signer(
    work: Work, name: str, public_key: str, *, reason: str, system: str = ""
) -> Signer:
    """Let signatures by a key count, for one system or for all."""
    system_id = store.systems.get(work, system).id if system else ""
    access.require(work, "registry.trust", place_of(system_id) if system_id else EVERYTHING)
    pem, fingerprint = signing.read_public_key(public_key)
    said = require_text(reason, "reason", longest=500, empty=False)
    for each in store.artefacts.signers(work, system_id):
        if each.fingerprint == fingerprint and each.system_id == system_id:
            return each
    signer = Signer(
        id=work.new_id("sgn"),
        system_id=system_id,
        name=require_text(name, "name", longest=100, empty=False),
        fingerprint=fingerprint,
        public_key=pem,
        author=author_of(work),
        made_at=work.now,
    )
    store.artefacts.add_signer(work, signer)
    ledger.record(work, SignerTrusted(signer.id, system_id, fingerprint, said))
    return signer


def end_signer(work: Work, signer_id: str, *, reason: str) -> None:
    """Let signatures by a key count no more, those made before neither."""
    found = next(
        (each for each in store.artefacts.signers(work, everywhere=True) if each.id == signer_id),
        None,
    )
    place = place_of(found.system_id) if found and found.system_id else EVERYTHING
    access.require(work, "registry.trust", place)
    said = require_text(reason, "reason", longest=500, empty=False)
    if found is None or not store.artefacts.end_signer(work, signer_id, work.now):
        raise ConflictError(
            "no such key counts now",
            subject=signer_id[:60],
            remedy="See `muniment registry artefact signers`.",
        )
    ledger.record(work, SignerEnded(found.id, found.fingerprint, said))


def signers(work: Work) -> tuple[Signer, ...]:
    """List the keys there are and were."""
    access.require(work, "registry.read")
    return store.artefacts.signers(work, everywhere=True)


def check_signature(work: Work, id_or_key: str, bundle: Mapping[str, Any]) -> Signature:
    """Look at a signature over files of a system, and keep it with what came out."""
    system = store.systems.get(work, id_or_key)
    access.require(work, "registry.report", place_of(system.id))
    if len(canonical_bytes(bundle)) > signing.MAX_BUNDLE_BYTES:
        raise InvalidError("the signature is too long", field="signature")
    signed = signing.read_bundle(bundle)
    verdict, says = _judged(work, system.id, signed)
    digests = tuple(sorted(set(signed.files.values())))
    signature = Signature(
        id=work.new_id("sig"),
        system_id=system.id,
        digest=digests[0],
        fingerprint=signed.fingerprint,
        verdict=verdict,
        says=says,
        bundle=bundle,
        author=author_of(work),
        at=work.now,
    )
    store.artefacts.add_signature(work, signature, digests)
    ledger.record(
        work,
        SignatureChecked(
            system_id=system.id,
            signature_id=signature.id,
            fingerprint=signed.fingerprint,
            bundle_digest=digest_value(dict(bundle)),
            digests=digests[:50],
            verdict=verdict,
        ),
    )
    return signature


def _judged(work: Work, system_id: str, signed: signing.Signed) -> tuple[Verdict, str]:
    keys = [
        each
        for each in store.artefacts.signers(work, system_id)
        if each.fingerprint == signed.fingerprint
    ]
    if not keys:
        return "could_not_tell", "It names a key that does not count here."
    if not signing.is_right(signed, keys[0].public_key):
        return "not_met", "The signature was not made by the key it names over these files."
    return "met", f"It was made by the key {keys[0].name} over {len(signed.files)} files."
