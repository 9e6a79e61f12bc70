"""Makes logs for tests: a folder of tiles, entries, keys, checkpoints and cosignatures.

Everything here is written with the writer's own rules, so that a test of the verifier is also a
test that the two halves agree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from muniment.core.clock import stamp
from muniment.ledger.rules import (
    Frontier,
    append_leaves,
    cosign,
    format_note,
    pack_bundles,
    sign_checkpoint,
    validate_entry,
    with_signatures,
)
from muniment.verify import (
    COSIGNATURE,
    ED25519,
    Checkpoint,
    Key,
    Note,
    fold_peaks,
    leaf_hash,
    make_key,
    peaks_of,
    tile_path,
)

ORIGIN = "ledger.example/main"
START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """Give the root of the tree over these leaf hashes."""
    return fold_peaks(peaks_of(leaf_hashes))


@dataclass(frozen=True)
class Signer:
    """A key pair for tests, always the same for the same name."""

    key: Key
    private: Ed25519PrivateKey

    def sign(self, data: bytes) -> bytes:
        return self.private.sign(data)


def signer(name: str = ORIGIN, key_type: int = ED25519, *, seed: str = "") -> Signer:
    """Make the key pair that belongs to a name."""
    private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256((seed or name).encode()).digest())
    return Signer(make_key(name, private.public_key().public_bytes_raw(), key_type), private)


def witness(name: str) -> Signer:
    """Make a witness's key pair."""
    return signer(name, COSIGNATURE)


def entry(index: int, **changes: object) -> dict[str, object]:
    """Make the values of an ordinary entry."""
    values: dict[str, object] = {
        "v": 1,
        "kind": "registry.system_registered",
        "id": f"ent_{index:08d}",
        "at": stamp(START + timedelta(seconds=index)),
        "actor": {"kind": "person", "id": "psn_ada"},
        "subject": {"kind": "system", "id": f"sys_{index % 7}"},
        "body": {"name": f"system {index}", "tier": index % 4},
        "producer": "web",
        "seq": index + 1,
    }
    return values | changes


def began(**body: object) -> dict[str, object]:
    """Make the values of the entry a log begins with."""
    told: dict[str, object] = {
        "installation": "ins_1",
        "operator": "Example Ltd",
        "origin": ORIGIN,
        "build": "0.1.0",
        "predecessor": None,
    }
    return entry(0, kind="ledger.began", subject=None, body=told | body)


def entries(count: int) -> list[bytes]:
    """Make an ordinary log of so many entries."""
    values = [began(), *(entry(i) for i in range(1, count))]
    return [validate_entry(one) for one in values[:count]]


@dataclass
class Log:
    """A log in a folder that grows, publishing a checkpoint after each step."""

    folder: Path
    log_signer: Signer = field(default_factory=signer)
    witnesses: Sequence[Signer] = ()
    cosigned_at: int = int((START + timedelta(days=1)).timestamp())
    frontier: Frontier = field(default_factory=Frontier)
    rest: bytes = b""
    all_entries: list[bytes] = field(default_factory=list)

    def append(self, more: Iterable[bytes | Mapping[str, object]]) -> bytes:
        """Add entries, write tiles and bundles, and sign; gives the checkpoint."""
        data = [one if isinstance(one, bytes) else validate_entry(one) for one in more]
        growth = append_leaves(self.frontier, [leaf_hash(one) for one in data])
        packed = pack_bundles(self.frontier.size, self.rest, data)
        for tile in (*growth.tiles, *packed.bundles):
            path = self.folder / tile_path(tile.level, tile.number, tile.width)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(tile.data)
        self.frontier, self.rest = growth.frontier, packed.rest
        self.all_entries += data
        return self.publish()

    def publish(self) -> bytes:
        """Sign the head as it is."""
        head = Checkpoint(self.log_signer.key.name, self.frontier.size, self.frontier.root())
        data = format_note(self.signed(head))
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "checkpoint").write_bytes(data)
        return data

    def signed(self, head: Checkpoint) -> Note:
        """Sign some head with the log's key and all witnesses."""
        note = sign_checkpoint(head, self.log_signer.key, self.log_signer.sign)
        more = [cosign(note, w.key, self.cosigned_at, w.sign) for w in self.witnesses]
        return with_signatures(note, more)


def policy_text(log: Signer, witnesses: Mapping[str, Signer], quorum: str = "") -> bytes:
    """Write a policy that asks for all of these witnesses."""
    lines = [f"log {log.key.vkey}"]
    lines += [f"witness {name} {one.key.vkey}" for name, one in witnesses.items()]
    if witnesses and not quorum:
        lines.append(f"group everyone all {' '.join(witnesses)}")
    lines.append(f"quorum {quorum or ('everyone' if witnesses else 'none')}")
    return "\n".join(lines).encode() + b"\n"
