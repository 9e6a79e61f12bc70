"""The parts by which a vault dies at a given step: its database, its storage, its keyring.

A step is every side effect from without: just before it, half-way through a write, just after it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from muniment.blobs import DiskStorage
from muniment.blobs.files import SystemFiles
from muniment.db import Database
from muniment.plugins.sockets import Keyring
from muniment.settings import Settings
from muniment.testing.ledger import open_test_log
from muniment.testing.vault import Vaulted
from muniment.vault import open_safe
from tests.ledger.faults.crashing import CrashingDatabase, Steps


class DyingFiles(SystemFiles):
    """The disk under the blobs, with steps around each call and between the halves of a write."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    def create(self, name: str, folder: int) -> int:
        self._steps.step("before a file")
        return super().create(name, folder)

    def write(self, file: int, data: memoryview) -> int:
        self._steps.step("before a write")
        written = super().write(file, data[: len(data) // 2 or 1])
        self._steps.step("half-way through a write")
        return written

    def fsync(self, file: int) -> None:
        self._steps.step("before a sync")
        super().fsync(file)

    def link(self, old: str, old_folder: int, new: str, new_folder: int) -> None:
        self._steps.step("before a link")
        super().link(old, old_folder, new, new_folder)
        self._steps.step("after a link")

    def unlink(self, name: str, folder: int) -> None:
        self._steps.step("before a removal")
        super().unlink(name, folder)
        self._steps.step("after a removal")


class DyingKeyring:
    """A keyring with a step before and after everything it does."""

    def __init__(self, inner: Keyring, steps: Steps) -> None:
        self._inner, self._steps = inner, steps

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)

        def stepping(*arguments: object) -> object:
            self._steps.step(f"before the keyring's {name}")
            done = method(*arguments)
            self._steps.step(f"after the keyring's {name}")
            return done

        return stepping


@contextmanager
def doomed(database: Database, settings: Settings, steps: Steps) -> Iterator[Vaulted]:
    """Open a vault that dies at a step, as a process of its own would."""
    dying = CrashingDatabase.around(database, steps)
    dying.turn = database.turn
    log = open_test_log(database, settings)
    try:
        storage = DiskStorage(settings.data.dir / "blobs", files=DyingFiles(steps))
        safe = open_safe(dying, log, storage, settings, secrets.token_bytes)
        safe.begin()
        log._keyring = DyingKeyring(log.keyring(), steps)
        yield Vaulted(dying, log, safe)
    finally:
        log.close()
