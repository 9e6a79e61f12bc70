"""The parts by which a test stops the world: files, database and index that die at a given step.

A step is every side effect from without: just before it, half-way through a write, just after it.
`Crash` is no `Exception`, so nothing in the product can catch it and go on, as nothing can go on
after `kill -9`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from muniment.core.actor import Actor
from muniment.db import Database, Work
from muniment.db.work import Recorder
from muniment.ledger.models import Entry
from muniment.ledger.store import Files, Index


class Crash(BaseException):
    """The process died here."""


@dataclass
class Steps:
    """Counts the side effects, and dies at the one it was given."""

    die_at: int | None = None
    seen: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def step(self, name: str) -> None:
        """Pass one step, or die there; once dead, nothing more happens."""
        with self._lock:
            self.seen.append(name)
            if self.die_at is not None and len(self.seen) > self.die_at:
                raise Crash(name)


class CrashingFiles(Files):
    """The disk, with a step before and after each call and between the halves of a write."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    def write(self, path: Path, data: bytes) -> None:
        self._steps.step(f"before write {path.name}")
        super().write(path, data[: len(data) // 2])
        self._steps.step(f"half-way through write {path.name}")
        super().write(path, data)
        self._steps.step(f"after write {path.name}")

    def sync(self, path: Path) -> None:
        self._steps.step(f"before sync {path.name}")
        super().sync(path)
        self._steps.step(f"after sync {path.name}")

    def rename(self, path: Path, to: Path) -> None:
        self._steps.step(f"before rename to {to.name}")
        super().rename(path, to)
        self._steps.step(f"after rename to {to.name}")

    def make_folder(self, path: Path) -> None:
        self._steps.step(f"before folder {path.name}")
        super().make_folder(path)
        self._steps.step(f"after folder {path.name}")

    def remove(self, path: Path) -> None:
        self._steps.step(f"before remove {path.name}")
        super().remove(path)
        self._steps.step(f"after remove {path.name}")

    def remove_folder(self, path: Path) -> None:
        self._steps.step(f"before remove folder {path.name}")
        super().remove_folder(path)
        self._steps.step(f"after remove folder {path.name}")


class CrashingDatabase(Database):
    """A database, with a step before each unit of work, before its commit and after it."""

    steps: Steps

    @classmethod
    def around(cls, database: Database, steps: Steps) -> CrashingDatabase:
        """Take over an open database."""
        made = cls(
            database.writer, database.reader, database.clock, database.ids, database.recorder
        )
        made.steps = steps
        return made

    @contextmanager
    def work(self, actor: Actor, *, recorder: Recorder | None = None) -> Iterator[Work]:
        self.steps.step("before a unit of work")
        with Database.work(self, actor, recorder=recorder) as work:
            yield work
            self.steps.step("before a commit")
        self.steps.step("after a commit")


class CrashingIndex(Index):
    """An index with a step before and after what it takes in."""

    steps: Steps

    def add(self, entries: Sequence[Entry]) -> None:
        self.steps.step("before indexing")
        super().add(entries)
        self.steps.step("after indexing")
