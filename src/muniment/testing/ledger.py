"""A real log for a test, and the audit that is due after every step of one.

The audit believes nothing that the log says of itself: the folder is checked by the offline
verifier with the log's public keys, the index against the tiles, and every receipt against the
entries, where it must stand exactly once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from muniment.core.actor import system_actor
from muniment.db import Database, Receipt
from muniment.ledger import Files, Log, check_index, open_log, record
from muniment.ledger.kinds import Heartbeat
from muniment.plugins.sockets import Keyring
from muniment.settings import Settings
from muniment.vault import Unlock, UnlockSource, open_keyring
from muniment.verify import (
    MET,
    Checkpoint,
    FolderSource,
    Options,
    Report,
    TileTree,
    Trust,
    parse_bundle,
    parse_checkpoint,
    parse_entry,
    parse_vkey,
    tile_path,
    verify_folder,
)

TEST_SECRET: Final = b"a secret for tests only"
_ACTOR: Final = system_actor("test")
_INTERVAL_SECONDS: Final = 60

WrapKeyring = Callable[[Keyring], Keyring]


def open_test_log(
    database: Database,
    settings: Settings,
    *,
    files: Files | None = None,
    producer: str = "test",
    wrap: WrapKeyring | None = None,
) -> Log:
    """Open the log of a test's installation; `wrap` may put something around its keyring."""

    def keyring_of(_installation: str) -> Keyring:
        unlock = Unlock(UnlockSource.FILE, "test", TEST_SECRET)
        opened: Keyring = open_keyring(settings, unlock)
        return wrap(opened) if wrap else opened

    return open_log(
        database, settings, keyring_of, build="sha256:test", producer=producer, files=files
    )


@contextmanager
def opened_log(
    database: Database,
    settings: Settings,
    *,
    files: Files | None = None,
    wrap: WrapKeyring | None = None,
) -> Iterator[Log]:
    """Open the log of a test's installation, and give it back in the end."""
    log = open_test_log(database, settings, files=files, wrap=wrap)
    try:
        yield log
    finally:
        log.close()


def write_records(database: Database, *counts: int, producer: str = "test") -> list[Receipt]:
    """Record a batch of so many heartbeats for each count, and give all receipts."""
    receipts: list[Receipt] = []
    for count in counts:
        with database.work(_ACTOR) as work:
            for _ in range(count):
                record(work, Heartbeat(producer, _INTERVAL_SECONDS))
        receipts += work.receipts
    return receipts


def audit(log: Log, receipts: Iterable[Receipt] = ()) -> Report:
    """Check the whole log, its index, and that every receipt stands for exactly one entry."""
    vkeys = log.vkeys()
    report = audit_folder(log.tiles.root, vkeys)
    _require(log.size() == report.size, "the head is what is shown")
    problems = check_index(log)
    _require(not problems, f"the index agrees with the log: {problems[:3]}")
    _require_receipts(log, report.size, tuple(receipts))
    return report


def audit_folder(folder: Path, vkeys: Iterable[str], options: Options | None = None) -> Report:
    """Check a log on disk as an outsider does who holds these keys."""
    report = verify_folder(folder, Trust(tuple(map(parse_vkey, vkeys))), options)
    _require(report.answer == MET, f"the log verifies: {report.as_text()}")
    return report


def sealed_entries(folder: Path, size: int) -> Iterator[dict[str, object]]:
    """Read every entry from the bundles, by the verifier's own reading."""
    source = FolderSource(str(folder))
    for first in range(0, size, 256):
        width = min(256, size - first)
        names = [tile_path("entries", first // 256, each) for each in (width, 256)]
        data = next(filter(None, (source.read(name, 1 << 24) for name in names)), b"")
        for one in parse_bundle(data)[:width]:
            yield parse_entry(one)


def _require_receipts(log: Log, size: int, receipts: tuple[Receipt, ...]) -> None:
    if not receipts:
        return
    places = Counter(
        (one["id"], one["producer"], one["seq"]) for one in sealed_entries(log.tiles.root, size)
    )
    waiting = log.status().waiting
    missing = [each for each in receipts if not places[each.id, each.producer, each.seq]]
    _require(len(missing) <= waiting, f"every acknowledged record is there: {missing[:3]}")
    twice = [each for each, count in places.items() if count > 1]
    _require(not twice, f"no record stands there twice: {twice[:3]}")


@dataclass
class SignedHeads:
    """Notes every head that is ever signed, around any keyring; no two may contradict."""

    roots: dict[int, set[bytes]] = field(default_factory=dict)

    def around(self, keyring: Keyring) -> Keyring:
        """Give the keyring with an ear at its signatures."""
        return _Listening(keyring, self)

    def heard(self, message: bytes) -> None:
        """Note a head; other things that are signed do not matter here."""
        try:
            head: Checkpoint = parse_checkpoint(message.decode())
        except ValueError:
            return
        self.roots.setdefault(head.size, set()).add(head.root)

    def require_one_history(self, folder: Path, size: int) -> None:
        """Require that every head signed so far is a beginning of the log as it is now."""
        tree = TileTree(FolderSource(str(folder)), size)
        for signed, roots in self.roots.items():
            _require(len(roots) == 1, f"a head of {signed} entries was signed with two roots")
            _require(signed <= size, f"a head of {signed} was signed; the log has {size}")
            _require(roots == {tree.root(signed)}, f"the head of {signed} is of this history")


@dataclass(frozen=True)
class _Listening:
    keyring: Keyring
    heads: SignedHeads

    def current(self, purpose: str) -> str:
        return self.keyring.current(purpose)

    def wrap(self, key_id: str, data_key: bytes, context: bytes) -> bytes:
        return self.keyring.wrap(key_id, data_key, context)

    def unwrap(self, key_id: str, wrapped: bytes, context: bytes) -> bytes:
        return self.keyring.unwrap(key_id, wrapped, context)

    def sign(self, key_id: str, message: bytes) -> bytes:
        self.heads.heard(message)
        return self.keyring.sign(key_id, message)

    def public_key(self, key_id: str) -> bytes:
        return self.keyring.public_key(key_id)

    def rotate(self, purpose: str) -> str:
        return self.keyring.rotate(purpose)


def _require(kept: bool, promise: str) -> None:  # noqa: FBT001 an assertion that says its promise
    if not kept:
        raise AssertionError(f"broken promise: {promise}")
