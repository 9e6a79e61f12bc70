"""The sequencer dies between every two of its side effects, and half-way through every write.

After each death another process goes on with what is on disk. Whatever was acknowledged stands in
the log exactly once, and no two heads ever signed contradict each other.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from muniment.core.actor import system_actor
from muniment.db import Database, Receipt, open_database
from muniment.ledger import Log, Recorder, record, rotate_key
from muniment.ledger.kinds import Heartbeat
from muniment.ledger.service.read import shown_bundles
from muniment.settings import Settings
from muniment.testing import FixedClock, fresh_database, settings_for
from muniment.testing.ledger import SignedHeads, audit, open_test_log
from tests.ledger.faults.crashing import (
    Crash,
    CrashingDatabase,
    CrashingFiles,
    CrashingIndex,
    Steps,
)
from tests.postgres import fresh_database as fresh_postgres

pytestmark = pytest.mark.slow

ACTOR = system_actor("test")
DISK_STEPS_ON_A_SERVER = 5
Act = Callable[["World"], None]


@dataclass
class World:
    """One installation that dies and is started again, and what must hold of it."""

    settings: Settings
    clock: FixedClock = field(default_factory=FixedClock)
    heads: SignedHeads = field(default_factory=SignedHeads)
    receipts: list[Receipt] = field(default_factory=list)

    def write(self, *counts: int) -> None:
        """Record batches of so many entries from a process that stays alive."""
        with self.database() as database:
            self.write_with(database, *counts)

    def write_with(self, database: Database, *counts: int) -> None:
        for count in counts:
            with database.work(ACTOR) as work:
                for _ in range(count):
                    record(work, Heartbeat("test", 60))
            self.receipts += work.receipts

    @contextmanager
    def database(self) -> Iterator[Database]:
        opened = open_database(self.settings, clock=self.clock)
        opened.recorder = Recorder("test")
        try:
            yield opened
        finally:
            opened.close()

    @contextmanager
    def log(self, steps: Steps | None = None) -> Iterator[Log]:
        """Open the log as a fresh process does, one that may be doomed."""
        with self.database() as opened:
            database = CrashingDatabase.around(opened, steps) if steps else opened
            files = CrashingFiles(steps) if steps else None
            log = open_test_log(database, self.settings, files=files, wrap=self.heads.around)
            if steps is not None:
                log.index.close()
                log.index = CrashingIndex(
                    database, self.settings.data.dir, shown_bundles(log.tiles.root)
                )
                log.index.steps = steps
            try:
                yield log
            finally:
                log.close()

    def die(self, steps: Steps, act: Callable[[Log], object]) -> bool:
        """Let a process do something until it dies; tell whether it did."""
        with self.log(steps) as log:
            try:
                act(log)
            except Crash:
                return True
        return False

    def recover(self) -> None:
        """Start again, seal, and require that nothing is lost, doubled or contradicted."""
        with self.log() as log:
            log.seal()
            assert not log.status().waiting
            audit(log, self.receipts)
            self.heads.require_one_history(log.tiles.root, log.size())


@dataclass(frozen=True)
class Worlds:
    """Makes copies of one prepared installation."""

    prepared: World
    server: str
    folder: Path

    @contextmanager
    def copy(self, number: int) -> Iterator[World]:
        folder = self.folder / str(number)
        self.prepared.settings.data.dir.mkdir(exist_ok=True)
        shutil.copytree(self.prepared.settings.data.dir, folder)
        clock = FixedClock(self.prepared.clock.now())
        heads = SignedHeads({size: set(roots) for size, roots in self.prepared.heads.roots.items()})
        receipts = list(self.prepared.receipts)
        try:
            if not self.server:
                yield World(settings_for(folder), clock, heads, receipts)
                return
            template = self.prepared.settings.database.url.reveal().rsplit("/", 1)[1]
            with fresh_postgres(self.server, template.partition("?")[0]) as url:
                yield World(settings_for(folder, url), clock, heads, receipts)
        finally:
            shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def make_worlds(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[Act], Worlds]]:
    """Prepare an installation once, to be copied for each death."""
    server = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")

    @contextmanager
    def empty() -> Iterator[World]:
        if not server:
            yield World(settings_for(tmp_path / "prepared"))
            return
        with fresh_postgres(server) as url:
            yield World(settings_for(tmp_path / "prepared", url))

    with empty() as world:

        def make(prepare: Act) -> Worlds:
            with fresh_database(world.settings, world.clock):
                pass
            prepare(world)
            return Worlds(world, server, tmp_path / "copies")

        yield make


def count_steps(worlds: Worlds, act: Callable[[World, Log], object]) -> list[str]:
    """Live through it once without dying."""
    steps = Steps()
    with worlds.copy(0) as world:
        assert not world.die(steps, lambda log: act(world, log))
        world.recover()
    return steps.seen


def dies_at(worlds: Worlds, seen: Sequence[str]) -> Iterator[int]:
    """Choose the steps to die at: all of them, but on PostgreSQL only some of those of the disk.

    The disk's steps are the same over both databases, and a copy of a PostgreSQL is dear.
    """
    for number, name in enumerate(seen):
        touches_database = "unit of work" in name or "commit" in name or "indexing" in name
        if not worlds.server or touches_database or number % DISK_STEPS_ON_A_SERVER == 0:
            yield number


def die_everywhere(worlds: Worlds, act: Callable[[World, Log], object], least: int) -> None:
    """Die at each step once, and start again after each."""
    seen = count_steps(worlds, act)
    assert len(seen) >= least, seen
    for number in dies_at(worlds, seen):
        with worlds.copy(number) as world:
            died = world.die(Steps(number), lambda log, w=world: act(w, log))  # type: ignore[misc]
            assert died, f"it lived through step {number}"
            world.recover()
            if number % 5 == 0:  # and life goes on
                world.write(1)
                world.recover()


def some_entries(world: World) -> None:
    with world.log() as log:
        log.seal()
    world.write(250)
    with world.log() as log:
        log.seal()


def more_entries(world: World) -> None:
    some_entries(world)
    world.write(3, 12, 1)


def seal(_world: World, log: Log) -> None:
    log.seal()


def test_dying_while_a_log_begins(make_worlds: Callable[[Act], Worlds]) -> None:
    """A log that dies at any step of its beginning begins once, and takes what waited for it."""
    die_everywhere(make_worlds(lambda world: world.write(2)), seal, least=30)


def test_dying_while_sealing_over_a_full_tile(make_worlds: Callable[[Act], Worlds]) -> None:
    """Sealing over the edge of a tile survives a death at any step, also while tidying up."""
    die_everywhere(make_worlds(more_entries), seal, least=80)


def test_dying_while_the_last_head_is_noted(make_worlds: Callable[[Act], Worlds]) -> None:
    """A death around a checkpoint_signed entry loses nothing and notes no wrong head."""

    def note(world: World, log: Log) -> None:
        log.seal()
        world.clock.advance(31)
        world.write_with(log.database, 2)
        log.seal()

    die_everywhere(make_worlds(some_entries), note, least=50)


def test_dying_while_the_key_is_rotated(make_worlds: Callable[[Act], Worlds]) -> None:
    """A rotation that dies at any step happened whole or not at all, and signing goes on."""

    def rotate(world: World, log: Log) -> None:
        rotate_key(log, ACTOR)
        log.seal()

    die_everywhere(make_worlds(some_entries), rotate, least=30)


def test_dying_again_while_recovering(make_worlds: Callable[[Act], Worlds]) -> None:
    """A process that dies while it mends what a death left behind makes nothing worse."""
    worlds = make_worlds(more_entries)
    seen = count_steps(worlds, seal)
    for number in range(5, len(seen), 27 if worlds.server else 9):
        for again in range(0, 40, 7):
            with worlds.copy(number) as world:
                assert world.die(Steps(number), lambda log: log.seal())
                world.die(Steps(again), lambda log: log.seal())
                world.recover()


def test_dying_after_each_write_of_the_disk_alone(make_worlds: Callable[[Act], Worlds]) -> None:
    """Whatever half-written files a death leaves are written over, and none is ever read."""
    worlds = make_worlds(more_entries)
    seen = count_steps(worlds, seal)
    halves = [number for number, name in enumerate(seen) if name.startswith("half-way")]
    assert len(halves) >= 6, seen
    for number in halves:
        with worlds.copy(number) as world:
            assert world.die(Steps(number), lambda log: log.seal())
            left = list(world.settings.data.dir.rglob("*.new"))
            assert left, seen[number]
            world.recover()


def test_a_late_leader_changes_nothing(make_worlds: Callable[[Act], Worlds]) -> None:
    """A leader that slept through another's reign moves neither the order nor the head."""
    worlds = make_worlds(more_entries)
    with worlds.copy(0) as world, world.log() as late:
        late._lead()
        with world.log() as log:
            log.tiles.root.mkdir(exist_ok=True)
            log.seal()
            audit(log, world.receipts)
        world.write(5)
        with pytest.raises(Exception, match="newer sequencer"):
            late._seal_once()
        world.recover()
