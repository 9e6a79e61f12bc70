"""Puts Muniment under load for long while its processes are killed: `make soak`.

A server and some writers run on a private folder; all the time one of them, chosen by chance, is
killed at once and started again. In the end the log must verify offline, agree with the tables, and
hold each acknowledged record exactly once. A dated report is written; any loss is a failure.
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
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.report import ROOT, keep_soak, machine_facts
from muniment.testing.ledger import sealed_entries
from tools import postgres

_VERIFIER: Final = ROOT / "src" / "muniment" / "verify.py"
_PAUSES_SECONDS: Final = (2.0, 6.0)
_END_SECONDS: Final = 180
_START_SECONDS: Final = 60
_ROLES: Final = {
    "sqlite": {"hub": "hub", "sender1": "sender", "sender2": "sender", "direct1": "direct"},
    "postgresql": {"direct1": "direct", "direct2": "direct", "direct3": "direct"},
}


@dataclass(slots=True)
class Soak:
    """One run on one database."""

    database: str
    folder: Path
    url: str
    seconds: int
    chance: random.Random
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)

    @property
    def data(self) -> Path:
        """The installation's folder."""
        return self.folder / "data"

    @property
    def stop(self) -> Path:
        """The file that tells the writers to end."""
        return self.folder / "stop"

    def run(self) -> None:
        """Start everything, kill and restart by chance, end, and look at what is there."""
        self._start("server")
        self._wait_for_the_schema()
        for name in _ROLES[self.database]:
            self._start(name)
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            time.sleep(self.chance.uniform(*_PAUSES_SECONDS))
            self._kill_one()
        self._end()
        self._judge()

    def kill_all(self) -> None:
        """Leave no process behind."""
        for each in self.processes.values():
            each.kill()
            each.wait()

    def _start(self, name: str) -> None:
        if name == "server":
            command = self._muniment("up", "--port", "0")
        else:
            role, told = _ROLES[self.database][name], self.folder / f"told-{name}"
            command = [sys.executable, "-m", "benchmarks.soak_process", role, str(self.data)]
            command += [self.url, name, str(told), str(self.stop)]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=self._environment(), stdout=log, stderr=log
            )

    def _muniment(self, *arguments: str) -> list[str]:
        program = str(Path(sys.executable).with_name("muniment"))
        return [program, *arguments, "--data", str(self.data)]

    def _environment(self) -> dict[str, str]:
        own = {"MUNIMENT_UNLOCK_FOLDER": str(self.folder / "unlock")}
        if self.url:
            own["MUNIMENT_DATABASE_URL"] = self.url
        return os.environ | own

    def _wait_for_the_schema(self) -> None:
        end = time.monotonic() + _START_SECONDS
        while b"is up" not in (self.folder / "server.log").read_bytes():
            if time.monotonic() > end or self.processes["server"].poll() is not None:
                raise SystemExit((self.folder / "server.log").read_text()[-2_000:])
            time.sleep(0.1)

    def _kill_one(self) -> None:
        for name, each in list(self.processes.items()):
            if each.poll() is not None:
                self.losses.append(f"{name} ended by itself with {each.returncode}")
                self._start(name)
        name = self.chance.choice(list(self.processes))
        self.processes[name].send_signal(signal.SIGKILL)
        self.processes[name].wait()
        self.kills[name] += 1
        self._start(name)

    def _end(self) -> None:
        self.stop.touch()
        lasting = ("server", "hub")
        for name, each in self.processes.items():
            if name not in lasting and each.wait(_END_SECONDS) != 0:
                self.losses.append(f"{name} ended with {each.returncode}")
        for name in set(lasting) & self.processes.keys():
            self.processes[name].send_signal(signal.SIGTERM)
            self.processes[name].wait(_END_SECONDS)

    def _judge(self) -> None:
        self._must("sealing", self._muniment("ledger", "seal"))
        status = json.loads(self._must("status", self._muniment("ledger", "status", "--json")))
        log = self.data / "log"
        verifying = [sys.executable, str(_VERIFIER), str(log), "--key", status["vkey"]]
        self._must("verify.py", verifying)
        self._must("reconciling", self._muniment("ledger", "reconcile"))
        self._must("the index", self._muniment("ledger", "fsck"))
        self.found.append(f"{status['size']:,} entries, {status['waiting']} waiting")
        self._count(log, status["size"])

    def _must(self, what: str, command: list[str]) -> str:
        done = subprocess.run(
            command, cwd=ROOT, env=self._environment(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            self.losses.append(f"{what} failed: {(done.stdout + done.stderr)[-1_000:]}")
        else:
            self.found.append(f"{what}: sound")
        return done.stdout

    def _count(self, log: Path, size: int) -> None:
        there = Counter(
            f"{one['id']} {one['producer']} {one['seq']}" for one in sealed_entries(log, size)
        )
        told = [
            line
            for path in sorted(self.folder.glob("told-*"))
            for line in path.read_text().splitlines()
        ]
        wrong = [line for line in told if there[line] != 1]
        self.losses += [f"acknowledged, but there {there[line]} times: {line}" for line in wrong]
        self.found.append(
            f"{len(told):,} records were acknowledged; {len(told) - len(wrong):,} of"
            " them stand exactly once"
        )
        last: Counter[str] = Counter()
        places: Counter[str] = Counter()
        for line in there:
            _, producer, seq = line.split()
            places[producer] += 1
            last[producer] = max(last[producer], int(seq))
        gaps = [name for name in last if last[name] != places[name]]
        self.losses += [f"{name} has {places[name]} entries up to {last[name]}" for name in gaps]
        self.found.append(f"{len(last)} producers, each without a gap" if not gaps else "gaps")

    def report(self, began: datetime) -> str:
        """Write what was done and what came of it."""
        kills = ", ".join(f"{name} {count}" for name, count in sorted(self.kills.items()))
        lines = [f"# Soak on {self.database}, {began:%Y-%m-%d %H:%M} UTC", ""]
        lines += [f"- {each}" for each in machine_facts()]
        lines += [f"- {self.seconds} s under load; killed with SIGKILL {self.kills.total()} times"]
        lines += [f"  ({kills})", ""]
        lines += [f"**{'LOST OR BROKEN' if self.losses else 'Nothing was lost.'}**", ""]
        lines += [f"- {each}" for each in (*self.losses[:50], *self.found)]
        return "\n".join(lines) + "\n"


@contextmanager
def address_of(database: str) -> Iterator[str]:
    """Give the address of a database for one run; empty for SQLite."""
    if database == "sqlite":
        yield ""
        return
    with tempfile.TemporaryDirectory(prefix="msoak-pg-") as folder:
        server = postgres.start(Path(folder))
        try:
            yield server.url
        finally:
            server.stop()


def main() -> int:
    """Soak the databases that were asked for; give 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600, help="how long on each database")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--seed", type=int, help="to kill in the same order again")
    given = parser.parse_args()
    chance = random.Random(given.seed)
    wanted = ("sqlite", "postgresql") if given.database == "both" else (given.database,)
    return max([_soak(each, given.seconds, chance) for each in wanted])


def _soak(database: str, seconds: int, chance: random.Random) -> int:
    began = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="msoak-") as folder, address_of(database) as url:
        soak = Soak(database, Path(folder), url, seconds, chance)
        try:
            soak.run()
        finally:
            soak.kill_all()
        text = soak.report(began).replace(folder, "…")
    path = keep_soak(f"{began:%Y-%m-%d-%H%M}-{database}", text)
    print(text, f"\nwritten to {path.relative_to(ROOT)}", sep="")
    return 1 if soak.losses else 0


if __name__ == "__main__":
    sys.exit(main())
