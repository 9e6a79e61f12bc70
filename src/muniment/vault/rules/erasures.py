"""Erasing: what is asked, who may agree to it, and what a certificate must show.

A certificate is one JSON file. It carries the exact entries of the request, the approval and the
destruction, each with its proof from the log, so that whoever holds the log's key can check it
with nothing else. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from muniment.core.clock import parse_stamp
from muniment.core.digest import Digest, digest_value
from muniment.core.errors import InvalidError

CERTIFICATE_KIND: Final = "muniment.certificate/1"
REQUEST_KIND: Final = "vault.shred_asked"
DESTRUCTION_KIND: Final = "vault.shredded"
MATTER_KIND: Final = "vault.shred"
_OWN_APPROVAL: Final = "vault.shred_approved"
_DECIDED: Final = "approvals.decided"
APPROVAL_KINDS: Final = frozenset({_OWN_APPROVAL, _DECIDED})
PROVED: Final = ("request", "approval", "destruction")


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One entry of the log with its proof: what role it plays here, its bytes, where it stands."""

    role: str
    entry: bytes
    proof: bytes


def scope_digest(shred: str, subject: str, classification: str) -> Digest:
    """Fingerprint exactly what is to be erased; an approval is bound to it.

    It is the digest of a matter in the room of approvals: its kind, what it is about, its document.
    """
    document = {"shred": shred, "subject": subject, "classification": classification}
    return digest_value([MATTER_KIND, ["erasure", shred], document])


def keys_digest(kids: Sequence[str]) -> Digest:
    """Fingerprint the names of the keys that were destroyed."""
    return digest_value(sorted(kids))


def needs_second_person(classifications: Sequence[str], two_person: Sequence[str]) -> bool:
    """Tell whether a second person must agree before keys of these classifications go."""
    return bool(set(classifications) & set(two_person))


def approval_problem(request: Mapping[str, Any], approval: Mapping[str, Any]) -> str:
    """Say why a recorded decision does not carry this request; empty when it does."""
    asked, decided = request["body"], approval["body"]
    asker, decider = request["actor"], approval["actor"]
    if approval["kind"] not in APPROVAL_KINDS:
        return f"{approval['kind']} is no decision"
    if decided.get("digest") != asked["digest"]:
        return "the decision is about something else"
    if said := _said_otherwise(approval["kind"], decided):
        return f"the decision says {said}"
    if decider["kind"] != "person":
        return f"a {decider['kind']} decided, and a person must"
    agreed = {decider["id"], decided.get("acts_for", "")}
    if asker["kind"] == "person" and asker["id"] in agreed:
        return "whoever asked cannot be the one who agrees"
    return ""


def _said_otherwise(kind: str, decided: Mapping[str, Any]) -> str:
    """Give what a decision says if it is not the yes that all who were asked have given."""
    if kind == _OWN_APPROVAL:
        given, wanted = [decided.get("decision")], ["approved"]
    else:
        given, wanted = [decided.get("answer"), decided.get("state")], ["approve", "approved"]
    return "" if given == wanted else " and ".join(map(repr, given))


def make_certificate(exhibits: Sequence[Exhibit], kids: Sequence[str], vkey: str) -> bytes:
    """Write the certificate of an erasure, for people to read and for verify.py to check."""
    found = {one.role: json.loads(one.entry) for one in exhibits}
    done = found["destruction"]
    body = done["body"]
    certificate = {
        "kind": CERTIFICATE_KIND,
        "says": _sentences(done, found, len(kids)),
        "erasure": body,
        "destroyed_at": done["at"],
        "keys": sorted(kids),
        "log": {"origin": vkey.partition("+")[0], "vkey": vkey},
        "entries": [
            {"role": one.role, "entry": one.entry.decode(), "proof": one.proof.decode()}
            for one in exhibits
        ],
    }
    return json.dumps(certificate, ensure_ascii=False, indent=1).encode() + b"\n"


def certificate_problems(data: bytes) -> tuple[str, ...]:
    """Say what in a certificate contradicts its own entries; proofs are verify.py's to check."""
    try:
        given = json.loads(data)
        entries = {one["role"]: json.loads(one["entry"]) for one in given["entries"]}
        if given["kind"] != CERTIFICATE_KIND or len(entries) != len(given["entries"]):
            return ("this is no certificate of an erasure",)
        return tuple(_contradictions(given, entries))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return ("this is no certificate of an erasure",)


def _contradictions(given: Mapping[str, Any], entries: Mapping[str, Any]) -> list[str]:
    request, done = entries["request"], entries["destruction"]
    body = done["body"]
    found = []
    if request["kind"] != REQUEST_KIND or done["kind"] != DESTRUCTION_KIND:
        found.append("its entries are of other kinds")
    if body["request"] != request["id"] or body["shred"] != request["body"]["shred"]:
        found.append("the destruction names another request")
    if (body["subject"], body["classification"]) != (
        request["body"]["subject"],
        request["body"]["classification"],
    ):
        found.append("what was destroyed is not what was asked for")
    if body != given["erasure"] or done["at"] != given["destroyed_at"]:
        found.append("what it says of the erasure is not what the entry says")
    if body["keys_digest"] != keys_digest(given["keys"]) or body["keys"] != len(given["keys"]):
        found.append("the keys it lists are not the keys that were destroyed")
    if given["says"] != _sentences(done, entries, len(given["keys"])):
        found.append("its sentences are not what the entries say")
    if body["approval"] and (
        "approval" not in entries or entries["approval"]["id"] != body["approval"]
    ):
        found.append("the approval that the destruction names is missing")
    if "approval" in entries and (why := approval_problem(request, entries["approval"])):
        found.append(f"the approval does not carry it: {why}")
    if not request["at"] <= done["at"]:
        found.append("it was destroyed before it was asked for")
    return found


def _sentences(done: Mapping[str, Any], found: Mapping[str, Any], keys: int) -> list[str]:
    body, asker = done["body"], found["request"]["actor"]
    what = f"content classified {body['classification']}" if body["classification"] else "content"
    agreed = "No second person had to agree."
    if "approval" in found:
        decider = found["approval"]["actor"]
        agreed = f"{decider['kind']} {decider['id']} agreed at {found['approval']['at']}."
    return [
        f"At {done['at']} all {keys} keys to the {what} of {body['subject']} were destroyed.",
        f"{asker['kind']} {asker['id']} asked for it at {found['request']['at']}. {agreed}",
        f"Running processes had forgotten the keys by {body['memory_until']}.",
        f"Backups made before may hold the wrapped keys until {body['backups_until']}.",
        "Whoever restores such a backup must destroy the keys again.",
        "The log itself is complete: what was recorded of this content stays provable.",
    ]


def horizon(at_stamp: str, seconds: int) -> str:
    """Say when something that lasts so long after a moment is over."""
    ends = parse_stamp(at_stamp) + timedelta(seconds=seconds)
    return ends.replace(microsecond=0).isoformat().replace("+00:00", "Z")


def require_kids(count: int) -> int:
    """Refuse an erasure that would destroy nothing."""
    if not count:
        raise InvalidError(
            "there are no keys to destroy: nothing is kept of this subject",
            field="subject",
            remedy="Look at `muniment vault status`; perhaps it was erased already.",
        )
    return count
