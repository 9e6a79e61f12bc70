"""How quick and how light the console is on a large demonstration: `make bench-console`.

It builds the demonstration with a hundred times the usual volume, unless MUNIMENT_BENCH_DEMO names
one that stands, walks the console from the sidebar on, and asks for each kind of page many times.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
from starlette.applications import Starlette

from benchmarks.report import Goal, Report, machine_facts, quantile
from muniment import access
from muniment.access import Method, SignIn
from muniment.core.actor import system_actor
from muniment.demo import Scale, build, opened, room_for
from muniment.main import open_house
from muniment.server import House
from muniment.server.app import make_app
from tests.demo.walking import shape_of, walk

TIMES: Final = 100
ROUNDS: Final = 20
READER: Final = "ines@brightwater-demo.example"
SLOWEST: Final = "slowest page, p95 of its server time"
HEAVIEST: Final = "heaviest page with its styles and scripts"
_SHOWN: Final = 12
_STATIC: Final = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js|woff2|svg))"')
_ACTOR: Final = system_actor("bench")


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was measured: its server time and its weight."""

    path: str
    p50_ms: float
    p95_ms: float
    kilobytes: float


def main() -> None:
    """Measure every kind of page and write the section."""
    report = Report("console", "Console")
    with _demonstration() as house:
        client = _Client(make_app(house), _secret(house))
        calls = house.log.size()
        report.facts += machine_facts(f"{calls:,} entries in the ledger of the demonstration")
        begin = [each.href for each in client.app.state.shell.items()]
        pages = [_measured(client, path) for path, answer in walk(client.ask, begin) if _is(answer)]
    _tell(report, pages)
    report.judge(
        [
            Goal("Server time of every page", SLOWEST, at_most=150),
            Goal("Bytes of every page, first visit", HEAVIEST, at_most=100),
        ]
    )
    report.write()


def _is(answer: httpx.Response) -> bool:
    return answer.status_code == 200 and answer.headers["content-type"].startswith("text/html")


def _tell(report: Report, pages: Sequence[Page]) -> None:
    slow = sorted(pages, key=lambda each: -each.p95_ms)
    heavy = max(pages, key=lambda each: each.kilobytes)
    report.add(SLOWEST, slow[0].p95_ms, "ms", f"{shape_of(slow[0].path)}")
    report.add(HEAVIEST, heavy.kilobytes, "KB", f"{shape_of(heavy.path)}")
    report.add("pages measured", len(pages), "pages", "each kind once")
    report.add("median page, p50", quantile([each.p50_ms for each in pages], 0.5), "ms")
    report.add("pages within 150 ms at p95", sum(each.p95_ms <= 150 for each in pages), "pages")
    for each in slow[:_SHOWN]:
        note = f"p50 {each.p50_ms:.0f} ms, {each.kilobytes:.0f} KB"
        report.add(f"{shape_of(each.path)}, p95", each.p95_ms, "ms", note)


def _measured(client: _Client, path: str) -> Page:
    spent = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        answer = client.ask(path)
        spent.append((time.perf_counter() - began) * 1_000)
    files = dict.fromkeys(_STATIC.findall(answer.text))
    weight = client.weight_of(answer) + sum(client.file(each) for each in files)
    return Page(path, quantile(spent, 0.5), quantile(spent, 0.95), weight / 1_000)


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
def _demonstration() -> Iterator[House]:
    given = os.environ.get("MUNIMENT_BENCH_DEMO", "")
    with tempfile.TemporaryDirectory() as home:
        folder = Path(given) if given else Path(home) / "demo"
        if not given:
            with room_for(folder) as (beside, _):
                build(beside, open_house, scale=Scale(times=TIMES))
        with opened(folder, open_house, role="serve") as house:
            yield house


if __name__ == "__main__":
    main()
