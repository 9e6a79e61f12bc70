"""Judges what was observed: is a heartbeat to be believed, and does it fit what is declared?"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from muniment.core.clock import parse_stamp, stamp
from muniment.core.errors import ForbiddenError, InvalidError
from muniment.registry.models import (
    Heard,
    Heartbeat,
    Host,
    Means,
    Observation,
    Observed,
    PartKind,
    PartVersion,
    Served,
    Sighting,
)
from muniment.registry.rules import signing
from muniment.registry.rules.sightings import is_of

HEARTBEAT_TYPE: Final = "application/vnd.muniment.heartbeat+json"
TOLERANCE: Final = timedelta(minutes=5)
APART: Final = timedelta(days=1)
BETWEEN: Final = timedelta(minutes=1)
WATCHED: Final = (PartKind.MODEL, PartKind.PROMPT, PartKind.TOOLS)
_MOST_BYTES: Final = 4_000
_REMEDY: Final = "Make it with `muniment registry heartbeat`; docs/registry.md shows its form."


def signed_heartbeat(told: Heartbeat, private_pem: bytes, password: bytes | None) -> dict[str, Any]:
    """Write what a host says it runs, and sign it: a DSSE envelope."""
    value = {"at": stamp(told.at), "host": told.host_id, "set": told.set_digest}
    payload = json.dumps(value, sort_keys=True).encode()
    proof = signing.proof_of(payload, HEARTBEAT_TYPE, private_pem, password)
    return {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": HEARTBEAT_TYPE,
        "signatures": [{"sig": base64.b64encode(proof).decode()}],
    }


def read_heartbeat(given: Mapping[str, Any]) -> tuple[Heartbeat, bytes, bytes]:
    """Read a heartbeat, what was signed of it and the signature, without believing it yet."""
    if given.get("payloadType") != HEARTBEAT_TYPE:
        raise _strange("it is of another kind")
    proofs = given.get("signatures")
    if not isinstance(proofs, list) or len(proofs) != 1 or not isinstance(proofs[0], Mapping):
        raise _strange("it carries not exactly one signature")
    payload, proof = _bytes(given.get("payload")), _bytes(proofs[0].get("sig"))
    try:
        value = json.loads(payload)
        at = parse_stamp(str(value["at"]))
        host, set_digest = value["host"], value["set"]
    except (KeyError, TypeError, ValueError, RecursionError, InvalidError) as error:
        raise _strange("it does not say host, set and at") from error
    if not isinstance(host, str) or not isinstance(set_digest, str):
        raise _strange("it does not say host, set and at")
    if not _is_digest(set_digest):
        raise _strange("its set is no digest")
    return Heartbeat(host[:40], set_digest, at), payload, proof


def require_believable(
    told: Heartbeat, payload: bytes, proof: bytes, host: Host | None, now: datetime
) -> Host:
    """Believe a heartbeat that a known host signed just now; all others are refused alike."""
    known = host is not None and host.ended_at is None
    if host is None or not known:
        raise _unbelievable("no such host is trusted")
    if not signing.is_proof(payload, HEARTBEAT_TYPE, proof, host.public_key):
        raise _unbelievable("its signature is not by the host's key")
    if abs(told.at - now) > TOLERANCE:
        raise _unbelievable("its time is not ours: it is old, or its clock is wrong")
    return host


def of_traffic(
    stretch: Observed,
    seen: Sighting,
    versions: Mapping[str, Sequence[PartVersion]],
    served: frozenset[tuple[str, int]] = frozenset(),
) -> Observation:
    """Tell a stretch of traffic or of predictions as an interval of the version it was of.

    Where several versions answer to the same name, it is the one that is declared to serve, or else
    none of them in particular.
    """
    mine = [each for each in versions.get(seen.system_id, ()) if is_of(seen, each)]
    serving = [each for each in mine if (each.label, each.number) in served]
    chosen = serving[:1] or mine
    label = chosen[0].label if len({each.label for each in chosen}) == 1 else ""
    exact = chosen[0] if len(chosen) == 1 else None
    return Observation(
        system_id=seen.system_id,
        environment=seen.environment,
        means=stretch.means,
        what=seen.what,
        starts_at=stretch.starts_at,
        ends_at=stretch.ends_at,
        count=stretch.count,
        record=f"entry {stretch.entry}" if stretch.entry >= 0 else "",
        label=label or (mine[0].kind.value if mine else ""),
        version=exact.number if exact is not None else None,
        digest=exact.digest if exact is not None else seen.digest,
        reported=seen.reported,
    )


def of_host(stretch: Heard, host: Host) -> Observation:
    """Tell what a host said as an interval of the set it runs."""
    return Observation(
        system_id=host.system_id,
        environment=host.environment,
        means=Means.HEARTBEAT,
        what=stretch.set_digest[:19],
        starts_at=stretch.starts_at,
        ends_at=stretch.ends_at,
        count=stretch.count,
        record=stretch.record_id,
        set_digest=stretch.set_digest,
        witness=host.name,
    )


def conflicts(
    declared: Mapping[str, Sequence[Served]], observed: Iterable[Observation]
) -> tuple[str, ...]:
    """Say where what was observed at a moment differs from what is declared of it."""
    serving = {(each.label, each.number) for some in declared.values() for each in some}
    reported = {
        str(each.document.get("reported", ""))
        for some in declared.values()
        for each in some
        if each.document.get("reported")
    }
    found = [_conflict(each, declared, serving, reported) for each in observed]
    return tuple(dict.fromkeys(each for each in found if each))


def _conflict(
    seen: Observation,
    declared: Mapping[str, Sequence[Served]],
    serving: set[tuple[str, int]],
    reported: set[str],
) -> str:
    if seen.set_digest:
        if seen.set_digest in declared:
            return ""
        return f"{seen.witness} runs the set {seen.set_digest[:19]}, which is not declared then"
    if not seen.label:
        return f"{seen.what} was seen, and is not registered"
    if (seen.label, seen.version) not in serving:
        named = seen.label if seen.version is None else f"{seen.label} {seen.version}"
        return f"{named} was seen as {seen.what}, and is not declared to serve then"
    if seen.reported and reported and seen.reported not in reported:
        return f"the provider of {seen.what} calls it {seen.reported}, which is not declared"
    return ""


def _is_digest(text: str) -> bool:
    letters = text.removeprefix("sha256:")
    return len(text) == 71 and len(letters) == 64 and set(letters) <= set("0123456789abcdef")


def _bytes(text: object) -> bytes:
    if not isinstance(text, str) or len(text) > _MOST_BYTES:
        raise _strange("a part of it is missing, or too long")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _strange("a part of it is not base64") from error


def _strange(why: str) -> InvalidError:
    return InvalidError(f"this is no heartbeat: {why}", field="heartbeat", remedy=_REMEDY)


def _unbelievable(why: str) -> ForbiddenError:
    return ForbiddenError(
        f"this heartbeat is not to be believed: {why}",
        remedy="See `muniment registry hosts`; trust the host's key, or set its clock.",
    )
