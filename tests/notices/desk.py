"""An office whose notices can be stepped by hand: the log, the follower, the chores, a receiver."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from muniment import jobs, notices
from muniment.access import EVERYTHING
from muniment.core.actor import system_actor
from muniment.core.errors import InvalidError
from muniment.db import Database
from muniment.jobs import Run, follow
from muniment.ledger import Log
from muniment.notices import Channel, Courier, Severity
from muniment.notices import jobs as notices_jobs
from muniment.plugins.sockets import Delivery, Message
from muniment.settings import Settings
from tests.approvals.people import Office

ROOT = system_actor("test")


@dataclass
class Plain:
    """A notifier that keeps what it is handed, and fares as it is told."""

    took: list[Message] = field(default_factory=list)
    fares: list[Delivery] = field(default_factory=list)

    def require(self, to: str) -> None:
        """Refuse one sort of address."""
        if to.startswith("bad:"):
            raise InvalidError("cannot be read", field="target")

    def send(self, message: Message) -> tuple[Delivery, str]:
        """Keep it."""
        self.took.append(message)
        fared = self.fares.pop(0) if self.fares else Delivery.DELIVERED
        return fared, f"it said {fared.value}"


class Desk(Office):
    """An office with notices."""

    def __init__(self, database: Database, settings: Settings, log: Log) -> None:
        super().__init__(database, settings)
        self.plain = Plain()
        self.log = log
        self.courier = Courier(settings, log, log.keyring, {"plain": self.plain})
        self.chores = {each.name: each for each in notices_jobs.chores(database, self.courier)}
        self.followers = notices_jobs.followers()
        self.person("mia", "admin", scope=EVERYTHING)

    def follow(self) -> int:
        """Let the follower read to the end of what was recorded."""
        self.log.seal()
        passed = 0
        while moved := follow.step(self.database, self.followers[0], self.log.read_after):
            passed += moved
        return passed

    def due(self) -> int:
        """Do every job whose time has come; give how many."""
        done = 0
        while (job := self._claim()) is not None:
            run = Run(
                job,
                lambda: self.database.work(system_actor("job")),
                lambda: False,
                lambda work, job=job: jobs.finish(work, job),  # type: ignore[misc]
            )
            self.chores[job.name].run(run)
            with self.database.work(ROOT) as work:
                if jobs.get(work, job.id).state is jobs.JobState.RUNNING:
                    jobs.finish(work, job)
            done += 1
        return done

    def _claim(self) -> jobs.Job | None:
        with self.database.work(ROOT) as work:
            return jobs.claim(work, list(self.chores), lease_seconds=60)

    def chore(self, name: str) -> None:
        """Do one chore now, and what follows from it."""
        with self.database.work(ROOT) as work:
            jobs.enqueue(work, name, {})
        self.due()

    def settle(self, seconds: float = 60) -> None:
        """Follow, let the windows end, and send."""
        self.follow()
        self.later(seconds)
        self.due()
        self.follow()

    def channel(
        self, name: str = "Mail", target: str = "plain:{to}", *, personal: bool = True, **more: Any
    ) -> Channel:
        """Make a channel."""
        with self.database.work(ROOT) as work:
            made, _ = notices.add_channel(
                work,
                self.courier,
                name=name,
                via="plain",
                target=target,
                personal=personal,
                **more,
            )
        return made

    def subscribe(self, name: str, channel: Channel, least: Severity = Severity.INFO) -> None:
        """Let somebody take notices over a channel."""
        with self.by(name) as work:
            notices.subscribe(work, self.courier, channel.id, f"{name}@example.org", least=least)

    def inbox(self, name: str, **which: Any) -> tuple[notices.Seen, ...]:
        """Read somebody's inbox."""
        with self.database.look(self.people[name]) as work:
            return notices.inbox(work, **which).rows

    def titles(self) -> list[str]:
        """Name what was handed to the notifier."""
        return [each.title for each in self.plain.took]

    def now(self) -> datetime:
        """Give the time."""
        return self.database.clock.now()

    def told(self, kind: str) -> list[dict[str, Any]]:
        """Give the facts of every entry of a kind."""
        self.log.seal()
        return [dict(each.body) for each in self.log.read_after(0, 5_000) if each.kind == kind]

    @contextmanager
    def root(self) -> Iterator[Any]:
        """Act as the product itself."""
        with self.database.work(ROOT) as work:
            yield work
