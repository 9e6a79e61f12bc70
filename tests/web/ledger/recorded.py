"""A real log with entries of many kinds, and the application that shows it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from muniment.core.actor import Actor, ActorKind
from muniment.ledger import record
from muniment.ledger.kinds import kind
from muniment.ledger.service import Recorder
from muniment.server import House
from tests.server.asking import Known, house_in

EVIL = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>"
UNICODE = '名前 — Zoë\u202e🜁\0 \u00a0"quoted"'


@kind("sampled.promoted", subject=("system", "system"))
@dataclass(frozen=True, slots=True)
class Promoted:
    """A version went to production, after those who must agree had agreed."""

    system: str
    version: int
    note: str


@kind("sampled.asked", subject=("system", "system"))
@dataclass(frozen=True, slots=True)
class AskedModel:
    """A model was asked, and its answer was checked before it left."""

    system: str
    findings: tuple[str, ...]
    took_ms: int


@kind("sampled.swept")
@dataclass(frozen=True, slots=True)
class Swept:
    """A chore ran, and found nothing to do."""


ACTORS = (
    Actor(ActorKind.PERSON, "ines.ferreira", credential="session-7f2c", grant="approver"),
    Actor(ActorKind.SERVICE, "web-shop"),
    Actor(ActorKind.SYSTEM, "worker"),
)
SYSTEMS = ("credit-score", "support-agent", "fraud-watch")


def put(house: House, records: Sequence[object], actor: Actor = ACTORS[0]) -> None:
    """Record something, durable but not sealed."""
    with house.database.work(actor, recorder=Recorder("test")) as work:
        for each in records:
            record(work, each)


def varied(count: int) -> list[object]:
    """Make records of three kinds about three systems."""
    made: list[object] = []
    for number in range(count):
        system = SYSTEMS[number % 3]
        if number % 5 == 0:
            made.append(Promoted(system, number, f"Canary {number} held"))
        elif number % 7 == 0:
            made.append(Swept())
        else:
            made.append(AskedModel(system, ("EMAIL_ADDRESS", "PERSON")[: number % 3], number))
    return made


def fill(house: House, count: int) -> None:
    """Record and seal entries by three actors."""
    house.log.begin()
    records = varied(count)
    for number, actor in enumerate(ACTORS):
        put(house, records[number * count // 3 : (number + 1) * count // 3], actor)
    house.log.seal()


@contextmanager
def filled(folder: Path, count: int) -> Iterator[House]:
    """Open an installation whose log holds so many entries besides its own first."""
    with house_in(folder / "data") as house:
        fill(house, count)
        yield house


def page(house: House, path: str) -> httpx.Response:
    """Ask for a page, through everything that surrounds it."""
    return asyncio.run(_page(Known(house), path))


async def _page(app: Known, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=app)
    headers = {"accept": "text/html"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://localhost", headers=headers
    ) as client:
        return await client.get(path)
