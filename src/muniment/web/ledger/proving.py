"""How an entry is proved, as values to draw: the leaf, the path to the root, the head, the time.

The path is walked here as any verifier walks it (RFC 9162, 2.1.3.2), so that the picture shows the
hashes that were really joined. What this server says of its own proof is said as its own word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from muniment import ledger
from muniment.core.clock import parse_stamp
from muniment.core.errors import NotFoundError
from muniment.ledger import Entry, Log, Query
from muniment.verify import (
    Trust,
    leaf_hash,
    node_hash,
    parse_proof,
    parse_vkey,
    verify_proof,
)
from muniment.web.heads import Head, head_of

STEP_PX: Final = 34


@dataclass(frozen=True, slots=True)
class Step:
    """One hash of the path: on which side it joins, what comes of it, and where it is drawn."""

    side: Literal["left", "right"]
    sibling: str
    joined: str
    from_y: int
    to_y: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which signed heads an entry came, by the log's own clock."""

    after: datetime | None
    before: datetime


@dataclass(frozen=True, slots=True)
class ProofView:
    """Everything the panel shows of a proof."""

    leaf: str
    steps: tuple[Step, ...]
    head: Head
    answer: Literal["met", "not met", "could not tell"]
    said: str
    height_px: int


def proof_of(log: Log, entry: Entry) -> ProofView | None:
    """Prove an entry under the published head; nothing when that head does not cover it yet."""
    try:
        data = ledger.prove(log, entry.index)
    except NotFoundError:
        return None
    proof, leaf = parse_proof(data), leaf_hash(entry.data)
    head = head_of(proof.checkpoint)
    report = verify_proof(data, Trust(tuple(map(parse_vkey, log.vkeys()))), leaf=leaf)
    steps = path(leaf, proof.index, head.size, proof.hashes)
    answers: dict[str, Literal["met", "not met"]] = {"met": "met", "not met": "not met"}
    return ProofView(
        leaf=leaf.hex(),
        steps=steps,
        head=head,
        answer=answers.get(report.answer, "could not tell"),
        said="; ".join(finding.message for finding in report.findings),
        height_px=(len(steps) + 1) * STEP_PX,
    )


def path(leaf: bytes, index: int, size: int, hashes: Sequence[bytes]) -> tuple[Step, ...]:
    """Walk from a leaf to the root, noting on which side each hash joins."""
    steps: list[Step] = []
    position, last, current = index, size - 1, leaf
    for sibling in hashes:
        is_left = bool(position & 1) or position == last
        current = node_hash(sibling, current) if is_left else node_hash(current, sibling)
        while is_left and position and not position & 1:
            position, last = position >> 1, last >> 1
        position, last = position >> 1, last >> 1
        from_y = (len(hashes) - len(steps)) * STEP_PX + STEP_PX // 2
        side: Literal["left", "right"] = "left" if is_left else "right"
        steps.append(Step(side, sibling.hex(), current.hex(), from_y, from_y - STEP_PX))
    return tuple(steps)


def bounds(log: Log, index: int, signed_at: datetime) -> Bounds:
    """Find the signed heads an entry came between; the present head bounds it if no other does."""
    noted = "ledger.checkpoint_signed"
    later = ledger.find(log, Query(noted, from_index=index, oldest_first=True), limit=3).rows
    earlier = ledger.find(log, Query(noted, to_index=index), limit=1).rows
    heads = [_noted(log, row.index) for row in (*earlier, *later)]
    after = [at for size, at in heads if size <= index]
    before = [at for size, at in heads if size > index]
    return Bounds(max(after, default=None), min(before, default=signed_at))


def _noted(log: Log, index: int) -> tuple[int, datetime]:
    body = ledger.entry(log, index).body
    return int(body["size"]), parse_stamp(str(body["signed_at"]))
