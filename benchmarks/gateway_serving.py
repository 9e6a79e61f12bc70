"""Starts what the benchmark of the gateway compares: Muniment, and what stands beside it.

Where there are two cores, what is measured has the first for itself, and callers and provider share
the second.
"""

from __future__ import annotations

import compileall
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.gateway_load import Plan
from benchmarks.gateway_words import body_of
from benchmarks.report import ROOT
from muniment import access, detect, gateway
from muniment.access import HolderKind
from muniment.core.actor import system_actor
from muniment.core.digest import digest_bytes
from muniment.db import migrate
from muniment.detect import Calibration, Configuration, Figures
from muniment.detect.store import add_calibration
from muniment.ledger import record
from muniment.ledger.kinds.detect import Configured
from muniment.main import build_house
from muniment.server import House
from muniment.settings import declared_in, load

_ACTOR: Final = system_actor("bench")
_START_SECONDS: Final = 60
_REST_SECONDS: Final = 0.5
_LONGEST_REST_SECONDS: Final = 20.0
_IDLE: Final = 0.1  # of a core
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_RULES: Final = """
@id("bench.calls") @reason("Everything may be asked and answered.")
permit (principal, action, resource);
@id("bench.mask") @reason("Personal data does not leave.") @remedy("mask")
forbid (principal, action == Muniment::Action::"call", resource)
when { context.text.families.contains("pii") || context.text.families.contains("financial") };
@id("bench.answers") @reason("Personal data is not given out.") @remedy("mask")
forbid (principal, action == Muniment::Action::"answer", resource)
when { context.text.families.contains("pii") || context.text.families.contains("financial") };
@id("bench.secrets") @reason("Secrets are not given out.") @remedy("redact")
forbid (principal, action == Muniment::Action::"answer", resource)
when { context.text.families.contains("secrets") };
"""


@dataclass(frozen=True, slots=True)
class Served:
    """Something that answers on a port, and what it has cost so far."""

    port: int
    process: subprocess.Popen[bytes]
    key: str = ""
    seconds_to_answer: float = 0.0

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"127.0.0.1:{self.port}"

    def cpu_seconds(self) -> float:
        """Say how long its processes have computed."""
        total = 0
        for pid in family(self.process.pid):
            try:
                stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
            except OSError:
                continue
            fields = stat.rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / _TICKS

    def rest(self) -> float:
        """Wait until what followed on earlier calls is done; say for how long."""
        began = time.monotonic()
        while time.monotonic() - began < _LONGEST_REST_SECONDS:
            before = self.cpu_seconds()
            time.sleep(_REST_SECONDS)
            if self.cpu_seconds() - before < _IDLE * _REST_SECONDS:
                break
        return time.monotonic() - began

    def memory_mb(self) -> float:
        """Say how much memory its processes hold, what they share counted once."""
        total = 0
        for pid in family(self.process.pid):
            try:
                rolled = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
            except OSError:
                continue
            total += sum(
                int(line.split()[1]) for line in rolled.splitlines() if line.startswith("Pss:")
            )
        return total / 1024


def family(pid: int) -> list[int]:
    """List a process and those it has begun."""
    found = [pid]
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return found
    for each in children:
        found += family(int(each))
    return found


def free_port() -> int:
    """Find a port that nothing listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def pinned(core: int) -> list[str]:
    """Give what makes a command stay on a core, where there are two."""
    several = (os.cpu_count() or 1) > 1 and shutil.which("taskset") is not None
    return ["taskset", "-c", str(core)] if several else []


@contextmanager
def process(
    command: Sequence[str],
    *,
    core: int | None = 1,
    environment: Mapping[str, str] | None = None,
    log: Path | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program while something is done with it."""
    where = pinned(core) if core is not None else []
    out = log.open("ab") if log is not None else None
    running = subprocess.Popen(
        [*where, *command],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=out or subprocess.DEVNULL,
        stderr=out or subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield running
    finally:
        ended(running)
        if out is not None:
            out.close()


def ended(running: subprocess.Popen[bytes], *, at_once: bool = False) -> None:
    """End a program and those it has begun."""
    number = signal.SIGKILL if at_once else signal.SIGTERM
    if running.poll() is None:
        os.killpg(running.pid, number)
    try:
        running.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def call(address: str, plan: Plan, *, many: int = 1) -> list[dict[str, Any]]:
    """Let callers call, each in a process of its own; give what each found."""
    running = [
        subprocess.Popen(
            [
                *pinned(1),
                sys.executable,
                *("-m", "benchmarks.gateway_load", address),
                json.dumps({**asdict(plan), "first": plan.first + number * 1_000_000}),
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        for number in range(many)
    ]
    return [json.loads(each.communicate()[0]) for each in running]


@contextmanager
def provider(log: Path | None = None) -> Iterator[int]:
    """Run a provider; give its port."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.gateway_provider", str(port)]
    with process([*command, *([str(log)] if log else [])]):
        wait_for(port)
        yield port


def wait_for(port: int) -> None:
    """Wait until something listens."""
    end = time.monotonic() + _START_SECONDS
    while True:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        if time.monotonic() > end:
            raise SystemExit(f"nothing listens on {port}")
        time.sleep(0.01)


@dataclass(frozen=True, slots=True)
class Installation:
    """A gateway that is set up and can be started any number of times."""

    folder: Path
    key: str
    url: str = ""

    @property
    def file(self) -> Path:
        """The file it is started with."""
        return self.folder / "gateway.toml"

    def environment(self) -> dict[str, str]:
        """Say what its processes must know."""
        own = {"MUNIMENT_GATEWAY_KEY": self.key}
        return own | ({"MUNIMENT_DATABASE_URL": self.url} if self.url else {})

    def command(self, port: int, workers: int = 1) -> list[str]:
        """Give the command that starts it."""
        program = str(Path(sys.executable).with_name("muniment"))
        given = ["--config", str(self.file), "--port", str(port), "--workers", str(workers)]
        return [program, "serve", *given]


def set_up(
    folder: Path, upstream: int, *, layers: Sequence[str] = ("patterns", "names"), url: str = ""
) -> Installation:
    """Set a gateway up as a file declares it: a system, a model, rules that mask."""
    compileall.compile_dir(ROOT / "src", quiet=1)  # as whoever installs it does
    folder.mkdir(parents=True, exist_ok=True)
    made = Installation(folder, access.write_key(HolderKind.SERVICE, 2**191 + 12345), url)
    made.file.write_text(
        f'[data]\ndir = "{folder / "data"}"\n[unlock]\nfolder = "{folder / "unlock"}"\n'
        '[[systems]]\nkey = "desk"\n[[models]]\nname = "mock"\nprovider = "openai"\n'
        f'base_url = "http://127.0.0.1:{upstream}/v1"\n[[keys]]\nname = "app"\nsystem = "desk"\n'
        f"[policies]\nrules = '''{_RULES}'''\n",
        encoding="utf-8",
    )
    given = {"database.url": url, "gateway.key": made.key}
    house = build_house(
        load(file=made.file, environment={}, overrides=given), role="serve", create=True
    )
    try:
        migrate(house.database)
        house.log.begin()
        declared = gateway.read_declared(declared_in(made.file))
        if declared is not None:
            file = str(digest_bytes(made.file.read_bytes()))
            gateway.apply(house.database, declared, file=file, secret=made.key)
        if tuple(layers) != Configuration().layers:
            _choose_layers(house, tuple(layers))
    finally:
        house.close()
    return made


def _choose_layers(house: House, layers: tuple[str, ...]) -> None:
    """Put fewer layers in force, as an approved change would."""
    configuration = Configuration(layers=layers)
    with house.database.work(_ACTOR) as work:
        made = Calibration(
            system="",
            version=1,
            configuration=configuration,
            owner="bench",
            reason="It is measured with fewer layers.",
            changed_by=_ACTOR.id,
            changed_at=work.now,
            expires_at=None,
            before=Figures(),
            after=Figures(),
        )
        add_calibration(work, made)
        record(
            work,
            Configured(
                system="installation",
                version=1,
                configuration=configuration.digest,
                previous=detect.in_force(work).digest,
                owner=made.owner,
                reason=made.reason,
                expires_at="",
                loosens=(),
                before={},
                after={},
            ),
        )


@contextmanager
def muniment(
    made: Installation, *, workers: int = 1, core: int | None = 0, more: Mapping[str, str] = {}
) -> Iterator[Served]:
    """Start a gateway, and wait for its first answered call."""
    port, began = free_port(), time.perf_counter()
    log = made.folder / "serve.log"
    command, told = made.command(port, workers), {**made.environment(), **more}
    with process(command, core=core, environment=told, log=log) as running:
        first_answer(port, made.key, running, log)
        yield Served(port, running, made.key, time.perf_counter() - began)


def first_answer(port: int, key: str, running: subprocess.Popen[bytes], log: Path) -> None:
    """Ask until it answers."""
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        if running.poll() is not None:
            break
        try:
            if ask(port, key) == 200:
                return
        except OSError:
            pass
        time.sleep(0.02)
    raise SystemExit(f"it does not answer: {log.read_text(encoding='utf-8')[-2_000:]}")


def ask(port: int, key: str, *, model: str = "mock") -> int:
    """Make one call; give its status."""
    told = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    one = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        one.request("POST", "/v1/chat/completions", body_of("Good day.", 0, model=model), told)
        answer = one.getresponse()
        answer.read()
        return answer.status
    finally:
        one.close()
