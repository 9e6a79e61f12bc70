"""Measures a log that is there: checking all of it, proofs, finding one changed byte, and pymerkle.

The log is made by the product's own rules and written without syncing, because only reading it is
measured here.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.report import Report
from muniment.core.actor import system_actor
from muniment.core.clock import SystemClock, stamp
from muniment.core.ids import IdMaker
from muniment.ledger import rules
from muniment.ledger.kinds import Heartbeat
from muniment.ledger.kinds.base import kind
from muniment.ledger.rules import format_note, prove_many
from muniment.ledger.service.halves import make_all
from muniment.verify import (
    MET,
    Checkpoint,
    FolderSource,
    Key,
    Options,
    TileTree,
    Trust,
    leaf_hash,
    make_key,
    tile_path,
    verify_folder,
    verify_inclusion,
)

ORIGIN: Final = "bench.example/log"
_STEP: Final = 65_536
VERIFY_ONE: Final = "verify offline, one process"
VERIFY_TWO: Final = "verify offline, two processes"
HASHES_TWO: Final = "verify the hashes alone, two processes"
TEN_MILLION: Final = "  10,000,000 entries, from: "
LEAST: Final = "hashlib alone: a leaf and a node for each entry, one process"
FLIPPED: Final = "name the entry of one flipped byte, per 1,000,000"
PROVE: Final = "inclusion proofs generated, cold"
CHECK: Final = "inclusion proofs verified"
THEIR_APPEND: Final = "pymerkle: append to a tree in memory"
THEIR_PROVE: Final = "pymerkle: inclusion proofs generated"
THEIR_CHECK: Final = "pymerkle: inclusion proofs verified"
TREE: Final = "our tree in memory: hash and append"


@kind("bench.call_intended", subject=("system", "system"))
@dataclass(frozen=True, slots=True)
class CallIntended:
    """A call is about to leave: as large as the gateway's own record, with digests for content."""

    exchange: str
    model: str
    request: str
    system: str


@kind("bench.call_answered")
@dataclass(frozen=True, slots=True)
class CallAnswered:
    """The call was answered."""

    exchange: str
    status: int
    input_tokens: int
    output_tokens: int
    response: str
    stopped_by: str | None = None


def ordinary_records(count: int, first: int = 0) -> list[object]:
    """Make records as they are ordinarily: two for each call, and a heartbeat among them."""
    return [_ordinary(n) for n in range(first, first + count)]


def _ordinary(n: int) -> object:
    if n % 1_000 == 999:
        return Heartbeat("bench", 60)
    exchange, digest = f"exc_{n // 2:026d}", f"sha256:{n * 0x9E3779B97F4A7C15:064x}"
    if n % 2:
        rule = "pii.email" if n % 50 == 1 else None
        return CallAnswered(exchange, 200, 400 + n % 90, n % 700, digest, rule)
    system = f"sys_{n % 40:026d}"
    return CallIntended(exchange, "gpt-4o-2024-11-20", digest, system)


def measure(report: Report, folder: Path, size: int, proofs: int) -> None:
    """Make a log of this size and measure whoever reads it."""
    key = make_log(folder, size)
    bytes_each = sum(len(each) for each in next(entries_in_steps(1_000))) / 1_000
    report.facts.append(f"an entry of the log that is verified has {bytes_each:.0f} bytes")
    trust = Trust(keys=(key,))
    for what, jobs, hashes_only in (
        (VERIFY_ONE, 1, False),
        (VERIFY_TWO, 2, False),
        (HASHES_TWO, 2, True),
    ):
        options = Options(jobs=jobs, hashes_only=hashes_only)
        seconds = seconds_of(partial(_require_met, folder, trust, options))
        rate = report.add(what, size / seconds, "entries/s", f"{seconds:.1f} s for {size:,}")
        report.add(TEN_MILLION + what, 1e7 / rate, "s", "extrapolated")
    _measure_hashing(report, min(size, 200_000))
    _name_flipped_byte(report, folder, trust, size)
    _measure_proofs(report, folder, size, proofs)


def _measure_hashing(report: Report, count: int) -> None:
    """Do nothing but a leaf hash and a node hash for each entry: no verifier can be quicker."""
    entries = [each for step in entries_in_steps(count) for each in step]
    sha, node = hashlib.sha256, b"\1" + bytes(64)
    began = time.perf_counter()
    for entry in entries:
        sha(b"\0" + entry).digest()
        sha(node).digest()
    report.add(LEAST, len(entries) / (time.perf_counter() - began), "entries/s")


def make_log(folder: Path, size: int) -> Key:
    """Write a log of this size into a folder and sign it; give the key."""
    private = Ed25519PrivateKey.generate()
    key = make_key(ORIGIN, private.public_key().public_bytes_raw())
    frontier, rest = rules.Frontier(), b""
    for entries in entries_in_steps(size):
        growth = rules.append_leaves(frontier, [leaf_hash(each) for each in entries])
        packed = rules.pack_bundles(frontier.size, rest, entries)
        for tile in (*growth.tiles, *packed.bundles):
            path = folder / tile_path(tile.level, tile.number, tile.width)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(tile.data)
        frontier, rest = growth.frontier, packed.rest
    head = Checkpoint(ORIGIN, frontier.size, frontier.root())
    note = rules.sign_checkpoint(head, key, private.sign)
    (folder / "checkpoint").write_bytes(format_note(note))
    return key


def entries_in_steps(size: int) -> Iterator[list[bytes]]:
    """Make ordinary entries, some thousand at a time."""
    clock = SystemClock()
    ids, actor = IdMaker(clock), system_actor("bench")
    for first in range(0, size, _STEP):
        records = ordinary_records(min(_STEP, size - first), first)
        at = stamp(clock.now())
        halves = make_all(records, actor=actor, at=at, ids=ids, producer="bench")
        yield [each.at_place(first + n + 1) for n, each in enumerate(halves)]


def seconds_of(call: Callable[[], object]) -> float:
    """Take the time of something."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _require_met(folder: Path, trust: Trust, options: Options) -> None:
    found = verify_folder(folder, trust, options)
    if found.answer != MET:
        raise SystemExit(f"the log does not verify: {found.as_text()}")


def _name_flipped_byte(report: Report, folder: Path, trust: Trust, size: int) -> None:
    index = size * 2 // 3
    path = folder / tile_path("entries", index // 256, min(256, size - index // 256 * 256))
    before = path.read_bytes()
    at = before.index(b'"seq":%d,' % (index + 1))
    changed = bytearray(before)
    changed[at - 12] ^= 1
    path.write_bytes(changed)
    began = time.perf_counter()
    found = verify_folder(folder, trust, Options(jobs=2))
    seconds = time.perf_counter() - began
    path.write_bytes(before)
    if index not in [each.index for each in found.findings]:
        raise SystemExit(f"entry {index} was changed and is not named: {found.as_text()}")
    report.add(FLIPPED, seconds * 1e6 / size, "s", f"{seconds:.2f} s for {size:,}, two processes")


def _measure_proofs(report: Report, folder: Path, size: int, count: int) -> None:
    chance = random.Random(7)
    wanted = [chance.randrange(size) for _ in range(count)]
    tree = TileTree(FolderSource(str(folder)), size)
    root = tree.root(size)
    tree = TileTree(FolderSource(str(folder)), size)  # another one, which has read nothing yet
    note = f"a sample of {count:,} at {size:,}"
    began = time.perf_counter()
    proofs = prove_many(tree, wanted, size)
    report.add(PROVE, len(proofs) / (time.perf_counter() - began), "proofs/s", note)
    leaves = [(tree.node(0, index), index) for index in proofs]
    known: dict[int, bytes] = {}
    began = time.perf_counter()
    held = [
        verify_inclusion(leaf, index, size, proofs[index], root, known) for leaf, index in leaves
    ]
    report.add(CHECK, len(held) / (time.perf_counter() - began), "proofs/s", note)
    if not all(held):
        raise SystemExit("a proof does not hold")


def measure_pymerkle(report: Report, size: int, proofs: int) -> None:
    """Measure the same steps with pymerkle, where somebody has installed it."""
    entries = [each for step in entries_in_steps(size) for each in step]
    seconds = seconds_of(
        lambda: rules.append_leaves(rules.Frontier(), [leaf_hash(each) for each in entries])
    )
    report.add(TREE, size / seconds, "entries/s", f"{size:,} entries")
    if find_spec("pymerkle") is None:
        report.facts.append("pymerkle was not installed here, so it was not measured beside us")
        return
    pymerkle: Any = import_module("pymerkle")
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    seconds = seconds_of(lambda: [tree.append_entry(each) for each in entries])
    report.add(THEIR_APPEND, size / seconds, "entries/s", f"{size:,} entries")
    chance = random.Random(7)
    wanted = [chance.randrange(1, size + 1) for _ in range(proofs)]
    began = time.perf_counter()
    made = [tree.prove_inclusion(index, size) for index in wanted]
    report.add(THEIR_PROVE, proofs / (time.perf_counter() - began), "proofs/s", f"at {size:,}")
    root, leaves = tree.get_state(size), [tree.get_leaf(index) for index in wanted]
    began = time.perf_counter()
    for leaf, proof in zip(leaves, made, strict=True):
        pymerkle.verify_inclusion(leaf, root, proof)
    report.add(THEIR_CHECK, proofs / (time.perf_counter() - began), "proofs/s", f"at {size:,}")
    for ours, theirs in ((TREE, THEIR_APPEND), (PROVE, THEIR_PROVE), (CHECK, THEIR_CHECK)):
        report.compare(ours, theirs)
