"""Puts the gateway under load while what it needs is killed: `make soak-gateway`.

Callers call, and whoever is turned away asks again when told to; meanwhile a worker process, the
provider and, on PostgreSQL, the database are killed at once, by chance, and started again. In the
end the log must verify offline, every answered call must have one intent and one outcome, every
other intent an outcome or a record that its end is unknown, and everything that reached the
provider an intent before it. Then 64 callers use a limit of 100 up over four processes while those
are killed too. A dated report is written; anything else is a failure.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.gateway_load import Plan
from benchmarks.gateway_proofs import entries, house_of
from benchmarks.gateway_serving import (
    Installation,
    Served,
    call,
    family,
    free_port,
    muniment,
    set_up,
    wait_for,
)
from benchmarks.report import ROOT, keep_soak, machine_facts
from muniment import exchanges
from muniment.core.actor import system_actor
from muniment.exchanges import Limit, Measure, ScopeKind, Window
from muniment.exchanges.jobs import followers
from muniment.exchanges.service.finding import GRACE_SECONDS
from muniment.jobs import step
from muniment.ledger import record
from muniment.ledger.kinds import Heartbeat
from muniment.server import House
from muniment.vault import store as vault_store
from muniment.vault.rules import digest_key, keyed_digest
from tools import postgres

_ACTOR: Final = system_actor("soak")
_VERIFIER: Final = ROOT / "src" / "muniment" / "verify.py"
_SETTLE_SECONDS: Final = 30
_LIMIT: Final = 100
_LIMIT_SECONDS: Final = 60
_LIMIT_WORKERS: Final = 4
_CALLERS_OF_LIMIT: Final = 64


@dataclass(slots=True)
class Provider:
    """The provider, which is killed and started again on the same port."""

    log: Path
    port: int = field(default_factory=free_port)
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [sys.executable, "-m", "benchmarks.gateway_provider", str(self.port)]
        self.running = subprocess.Popen(
            [*command, str(self.log), "whole"], cwd=ROOT, stdout=subprocess.DEVNULL
        )
        wait_for(self.port)

    def kill(self) -> None:
        """Kill it at once."""
        if self.running is not None:
            self.running.kill()
            self.running.wait()

    def kill_and_start(self) -> None:
        """Kill it, leave its callers alone for a moment, and start it again."""
        self.kill()
        time.sleep(0.3)
        self.start()


@dataclass(slots=True)
class Cluster:
    """A PostgreSQL that is killed and started again; it recovers what it acknowledged."""

    folder: Path
    url: str = ""

    def start(self) -> None:
        """Start it."""
        self.url = postgres.start(self.folder).url

    def kill_and_start(self) -> None:
        """Kill all of it at once."""
        first = (self.folder / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0]
        for pid in family(int(first)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        end = time.monotonic() + _SETTLE_SECONDS
        while True:  # its shared memory is free once the last of it is gone
            time.sleep(0.3)
            try:
                self.start()
            except postgres.PostgresError:
                if time.monotonic() > end:
                    raise
            else:
                return


@dataclass(slots=True)
class Soak:
    """One run on one database."""

    database: str
    folder: Path
    calls: int
    connections: int
    pauses: tuple[float, float]
    chance: random.Random
    limited: bool = True
    most_kills: int = 1_000_000
    answered: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def told(self) -> Path:
        """Where callers write what they were told."""
        return self.folder / "told"

    @property
    def sent(self) -> Path:
        """Where the provider writes what it was sent."""
        return self.folder / "sent"

    def run(self) -> None:
        """Call and kill, end, and look at what is there."""
        with ExitStack() as stack:
            provider = Provider(self.sent)
            stack.callback(provider.kill)
            provider.start()
            cluster = stack.enter_context(self._cluster())
            made = set_up(self.folder / "made", provider.port, url=cluster.url if cluster else "")
            began = time.monotonic()
            with muniment(made, workers=2, core=None) as served:
                self._call_and_kill(served, provider, cluster)
            self.seconds = time.monotonic() - began
            with house_of(made) as house:
                self._judge(made, house)
                if self.limited:
                    self._limited(made, house)

    @contextmanager
    def _cluster(self) -> Iterator[Cluster | None]:
        if self.database == "sqlite":
            yield None
            return
        with tempfile.TemporaryDirectory(prefix="msoakg-") as folder:
            cluster = Cluster(Path(folder))
            cluster.start()
            try:
                yield cluster
            finally:
                postgres.stop(cluster.folder)

    def _call_and_kill(self, served: Served, provider: Provider, cluster: Cluster | None) -> None:
        plan = Plan(
            connections=self.connections,
            seconds=86_400,
            calls=self.calls,
            key=served.key,
            told=str(self.told),
            patient=True,
        )
        command = [sys.executable, "-m", "benchmarks.gateway_load", served.address]
        caller = subprocess.Popen(
            [*command, json.dumps(asdict(plan))], cwd=ROOT, stdout=subprocess.PIPE
        )
        try:
            while not _ends_within(caller, self.chance.uniform(*self.pauses)):
                if self.kills.total() < self.most_kills:
                    self._kill_one(served, provider, cluster)
        finally:
            caller.kill()
        statuses = json.loads(caller.communicate()[0] or b"{}").get("statuses", {})
        self.found.append(f"{sum(statuses.values()):,} times was asked: {statuses}")

    def _kill_one(self, served: Served, provider: Provider, cluster: Cluster | None) -> None:
        every = ("worker", "provider", *(("database",) if cluster else ()))
        first = [each for each in every if not self.kills[each]]  # each at least once
        what = first[0] if first else self.chance.choice(every)
        self.kills[what] += 1
        if what == "worker":
            kill_a_worker(served, self.chance)
        elif what == "provider":
            provider.kill_and_start()
        elif cluster is not None:
            cluster.kill_and_start()

    def _judge(self, made: Installation, house: House) -> None:
        house.log.begin()
        self._close_open(house)
        house.log.seal()
        status = house.log.status()
        verifying = [sys.executable, str(_VERIFIER), str(made.folder / "data" / "log")]
        done = subprocess.run(
            [*verifying, "--key", status.vkey], capture_output=True, text=True, check=False
        )
        if done.returncode:
            self.losses.append(f"the log does not verify: {(done.stdout + done.stderr)[-500:]}")
        self.found.append(f"verify.py: {status.size:,} entries, exit code {done.returncode}")
        self._compare(house)

    def _close_open(self, house: House) -> None:
        """Do now what a job does later: record that nobody knows how the open ones ended."""
        with house.database.work(_ACTOR) as work:
            record(work, Heartbeat("soak", 1))
        house.log.seal()
        index = next(each for each in followers() if each.name == "exchanges.index")
        while step(house.database, index, house.log.read_after):
            pass
        while exchanges.close_open(house.database, longest_seconds=-GRACE_SECONDS):
            pass

    def _compare(self, house: House) -> None:
        kinds: dict[str, Counter[str]] = {
            name: Counter() for name in ("intended", "concluded", "lost", "refused")
        }
        requests: Counter[str] = Counter()
        keys: set[str] = set()
        for each in entries(house):
            kind = each.kind.removeprefix("exchanges.")
            if kind in kinds:
                kinds[kind][each.body["exchange"]] += 1
            if kind == "intended":
                requests[each.body["request"]] += 1
                keys.add(each.body["request_key"])
        self._compare_told(kinds)
        self._compare_sent(house, keys, requests)

    def _compare_told(self, kinds: dict[str, Counter[str]]) -> None:
        begun, ended, lost = (kinds[name] for name in ("intended", "concluded", "lost"))
        lines = [line.split() for line in self.told.read_text(encoding="ascii").splitlines()]
        answered = [line[2] for line in lines if line[1] == "200"]
        wrong = [each for each in answered if (begun[each], ended[each]) != (1, 1)]
        self.losses += [f"answered, but {begun[e]} intents, {ended[e]} outcomes" for e in wrong]
        twice = [each for each, count in Counter(answered).items() if count > 1]
        self.losses += [f"{each} was answered twice" for each in twice]
        self.losses += [f"{n} intents of {each}" for each, n in begun.items() if n != 1]
        self.losses += [
            f"{each} has {ended[each]} outcomes and is lost {lost[each]} times"
            for each in begun
            if ended[each] + lost[each] != 1
        ]
        self.losses += [f"{each} ended and never began" for each in ended if each not in begun]
        self.answered, fine = len(answered), len(answered) - len(wrong)
        self.found.append(f"{len(answered):,} were answered; {fine:,} have one intent, one outcome")
        self.found.append(
            f"{len(begun):,} intents: {len(ended):,} with an outcome, {len(lost):,} whose end is"
            f" recorded as unknown; {len(kinds['refused']):,} refusals"
        )

    def _compare_sent(self, house: House, keys: set[str], requests: Counter[str]) -> None:
        secrets = []
        with house.database.look(_ACTOR) as work:
            for kid in keys:
                key = vault_store.key(work, kid, hold=False)
                if key is not None:
                    secrets.append(digest_key(house.safe.secret_of(key), kid))
        unknown = came = 0
        for line in self.sent.read_bytes().splitlines():
            came += 1
            if not any(keyed_digest(secret, line) in requests for secret in secrets):
                unknown += 1
        if unknown:
            self.losses.append(f"{unknown} requests reached the provider without an intent")
        self.found.append(f"{came:,} requests reached the provider, each of them with its intent")

    def _limited(self, made: Installation, house: House) -> None:
        """Let many callers use a small limit up while the processes they reach are killed."""
        system = next(e.body["system"] for e in entries(house) if e.kind == "exchanges.intended")
        with house.database.work(_ACTOR) as work:
            exchanges.set_limit(
                work,
                Limit(
                    *("", ScopeKind.SYSTEM, system, Measure.REQUESTS, Window.DAY, _LIMIT),
                    reason="It is tried.",
                ),
            )
        before = len(self.sent.read_bytes().splitlines())
        with muniment(made, workers=_LIMIT_WORKERS, core=None) as served:
            plan = Plan(
                connections=_CALLERS_OF_LIMIT // 4,
                seconds=_LIMIT_SECONDS,
                calls=_LIMIT,
                key=served.key,
            )
            ended = threading.Event()
            killer = threading.Thread(target=self._kill_now_and_then, args=(served, ended))
            killer.start()
            try:
                found = call(served.address, plan, many=4)
            finally:
                ended.set()
                killer.join()
        answered = sum(each["statuses"].get("200", 0) for each in found)
        reached = len(self.sent.read_bytes().splitlines()) - before
        if max(answered, reached) > _LIMIT:
            self.losses.append(f"a limit of {_LIMIT}: {answered} answered, {reached} sent")
        self.found.append(
            f"a limit of {_LIMIT}, {_CALLERS_OF_LIMIT} callers, {_LIMIT_WORKERS} processes, some"
            f" killed: {reached} reached the provider, {answered} were answered"
        )

    def _kill_now_and_then(self, served: Served, ended: threading.Event) -> None:
        for _ in range(_LIMIT_WORKERS):
            if ended.wait(self.chance.uniform(0.3, 1.0)):
                return
            self.kills["worker of the limit"] += 1
            kill_a_worker(served, self.chance)

    def report(self, began: datetime) -> str:
        """Write what was done and what came of it."""
        kills = ", ".join(f"{name} {count}" for name, count in sorted(self.kills.items()))
        lines = [f"# Soak of the gateway on {self.database}, {began:%Y-%m-%d %H:%M} UTC", ""]
        lines += [f"- {each}" for each in machine_facts()]
        lines.append(
            f"- {self.calls:,} calls over {self.connections} connections, two worker processes,"
            f" {self.seconds:.0f} s; killed with SIGKILL {self.kills.total()} times"
        )
        told = "LOST OR BROKEN" if self.losses else "Nothing was lost."
        lines += [f"  ({kills})", "", f"**{told}**", ""]
        lines += [f"- {each}" for each in (*self.losses[:50], *self.found)]
        return "\n".join(lines) + "\n"


def kill_a_worker(served: Served, chance: random.Random) -> None:
    """Kill one of the processes that answer; the one that watches over them starts another."""
    workers = family(served.process.pid)[1:]
    if workers:
        try:
            os.kill(chance.choice(workers), signal.SIGKILL)
        except ProcessLookupError:
            return


def _ends_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def main() -> int:
    """Soak the databases that were asked for; give 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=100_000, help="how many on each database")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--pause", type=float, default=20.0, help="seconds between kills, at most")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--seed", type=int, help="to kill in the same order again")
    parser.add_argument("--no-report", action="store_true", help="only print what came of it")
    given = parser.parse_args()
    chance = random.Random(given.seed)
    wanted = ("sqlite", "postgresql") if given.database == "both" else (given.database,)
    worst = 0
    for database in wanted:
        began = datetime.now(UTC)
        pauses = (given.pause / 3, given.pause)
        with tempfile.TemporaryDirectory(prefix="msoakg-") as name:
            soak = Soak(database, Path(name), given.calls, given.connections, pauses, chance)
            soak.run()
            text = soak.report(began).replace(name, "…")
        print(text)
        if not given.no_report:
            path = keep_soak(f"{began:%Y-%m-%d-%H%M}-gateway-{database}", text)
            print(f"written to {path.relative_to(ROOT)}")
        worst = max(worst, 1 if soak.losses else 0)
    return worst


if __name__ == "__main__":
    sys.exit(main())
