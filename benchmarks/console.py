"""How quick and how light the console is on a large demonstration: `make bench-console`.

It builds the demonstration with a hundred times the usual volume, unless `--demo` names one that
stands, walks the console from the sidebar on, and asks for each kind of page many times. Server
time is what the process computes, SQLite in it, for a clock also counts other programs; what the
clock says stands beside it. With ARGS="--quick" a small one, only to see that it runs.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
from starlette.applications import Starlette

from benchmarks.report import Goal, Report, machine_facts, quantile
from muniment import access
from muniment.access import Method, SignIn
from muniment.core.actor import system_actor
from muniment.demo import SMALL, Scale, build, opened, room_for
from muniment.main import open_house
from muniment.server import House
from muniment.server.app import make_app
from tests.demo.walking import shape_of, walk

ROUNDS: Final = 40
_COLLECTED: Final = (20_000, 20, 20)
BUDGET_MS: Final = 150
BUDGET_KB: Final = 100
LARGE: Final = Scale(times=100)
READER: Final = "ines@brightwater-demo.example"
SLOWEST: Final = "slowest page, p95 of its server time"
HEAVIEST: Final = "heaviest page with its styles and scripts"
_SHOWN: Final = 12
_MEASURED: Final = (
    "server time is what the process computes, SQLite in it; the clock beside it counts the other"
    " programs of the machine, too"
)
_STATIC: Final = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js|woff2|svg))"')
_ACTOR: Final = system_actor("bench")


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was measured: its server time, what the clock said, and its weight."""

    path: str
    p50_ms: float
    p95_ms: float
    clock_p50_ms: float
    clock_p95_ms: float
    kilobytes: float


def main(argv: Sequence[str]) -> int:
    """Measure every kind of page; write the section, unless it was only a look."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small one, only to see it runs")
    parser.add_argument("--demo", type=Path, help="a demonstration that stands")
    given = parser.parse_args(argv)
    report = Report("console", "Console")
    with _demonstration(given.demo, report, SMALL if given.quick else LARGE) as house:
        _measure(report, house, 1 if given.quick else ROUNDS)
    if not given.quick:
        report.write()
    return 0


def _measure(report: Report, house: House, rounds: int) -> None:
    with closing(_Client(make_app(house), _secret(house))) as client:
        _measure_by(client, report, house, rounds)


def _measure_by(client: _Client, report: Report, house: House, rounds: int) -> None:
    if rounds > 1:
        _spare_collector(client)
    report.facts += machine_facts(f"{house.log.size():,} entries in the ledger")
    report.facts.append(_MEASURED)
    begin = [each.href for each in client.app.state.shell.items()]
    pages = [
        _measured(client, path, rounds) for path, answer in walk(client.ask, begin) if _is(answer)
    ]
    _tell(report, pages)
    report.judge(
        [
            Goal("Server time of every page", SLOWEST, at_most=BUDGET_MS),
            Goal("Bytes of every page, first visit", HEAVIEST, at_most=BUDGET_KB),
        ]
    )


def _spare_collector(client: _Client) -> None:
    """Do with the collector of garbage what `muniment serve` does once it is up."""
    client.ask("/console/overview")
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTED)


def _is(answer: httpx.Response) -> bool:
    return answer.status_code == 200 and answer.headers["content-type"].startswith("text/html")


def _tell(report: Report, pages: Sequence[Page]) -> None:
    slow = sorted(pages, key=lambda each: -each.p95_ms)
    heavy = max(pages, key=lambda each: each.kilobytes)
    report.add(SLOWEST, slow[0].p95_ms, "ms", f"{shape_of(slow[0].path)}")
    report.add(HEAVIEST, heavy.kilobytes, "KB", f"{shape_of(heavy.path)}")
    report.add("pages measured", len(pages), "pages", "each kind once")
    report.add("median page, p50", quantile([each.p50_ms for each in pages], 0.5), "ms")
    report.add("the same by the clock", quantile([each.clock_p50_ms for each in pages], 0.5), "ms")
    within = sum(each.p95_ms <= BUDGET_MS for each in pages)
    report.add(f"pages within {BUDGET_MS} ms at p95", within, "pages")
    within = sum(each.clock_p95_ms <= BUDGET_MS for each in pages)
    report.add("the same by the clock, p95", within, "pages")
    for each in slow[:_SHOWN]:
        clock = f"by the clock {each.clock_p50_ms:.0f} and {each.clock_p95_ms:.0f} ms"
        note = f"p50 {each.p50_ms:.0f} ms; {clock}; {each.kilobytes:.0f} KB"
        report.add(f"{shape_of(each.path)}, p95", each.p95_ms, "ms", note)


def _measured(client: _Client, path: str, rounds: int) -> Page:
    spent, clock = [], []
    for _ in range(rounds):
        began, began_at = time.process_time(), time.perf_counter()
        answer = client.ask(path)
        clock.append((time.perf_counter() - began_at) * 1_000)
        spent.append((time.process_time() - began) * 1_000)
    files = dict.fromkeys(_STATIC.findall(answer.text))
    weight = client.weight_of(answer) + sum(client.file(each) for each in files)
    return Page(
        path,
        quantile(spent, 0.5),
        quantile(spent, 0.95),
        quantile(clock, 0.5),
        quantile(clock, 0.95),
        weight / 1_000,
    )


class _Client:
    """Asks the application in this process, as a browser that takes compressed answers."""

    def __init__(self, app: Starlette, secret: str) -> None:
        self.app = app
        self._files: dict[str, int] = {}
        self._loop = asyncio.Runner()
        transport = httpx.ASGITransport(app=app)
        headers = {
            "accept": "text/html",
            "accept-encoding": "gzip",
            "cookie": f"muniment={secret}",
        }
        self._http = httpx.AsyncClient(
            transport=transport, base_url="http://localhost", headers=headers
        )

    def close(self) -> None:
        """Give everything back."""
        self._loop.run(self._http.aclose())
        self._loop.close()

    def ask(self, path: str) -> httpx.Response:
        """Ask for a page."""
        return self._loop.run(self._http.get(path))

    def file(self, path: str) -> int:
        """Weigh a file that a page needs, as it is sent."""
        if path not in self._files:
            self._files[path] = self.weight_of(self.ask(path))
        return self._files[path]

    @staticmethod
    def weight_of(answer: httpx.Response) -> int:
        """Count the bytes that were sent, compressed where they were."""
        return answer.num_bytes_downloaded or len(answer.content)


def _secret(house: House) -> str:
    with house.database.work(_ACTOR) as work:
        person = access.person_by_address(work, READER)
        if person is None:
            sys.exit("this is not the demonstration")
        how = SignIn(person.id, (Method.LINK,), strong=True)
        return access.begin_session(work, how, "127.0.0.1", "bench", settings=house.settings)[1]


@contextmanager
def _demonstration(given: Path | None, report: Report, scale: Scale) -> Iterator[House]:
    with tempfile.TemporaryDirectory() as home:
        folder = given or Path(home) / "demo"
        if given is None:
            began = time.process_time()
            with room_for(folder) as (beside, _):
                build(beside, open_house, scale=scale)
            report.add("building the demonstration", time.process_time() - began, "s", "computing")
        with opened(folder, open_house, role="serve") as house:
            yield house


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
