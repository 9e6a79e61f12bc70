"""How the installation is: what `muniment doctor` looks at, with three answers and the cure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, Protocol

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from muniment.web.settings import enter
from muniment.web.shell import log_of, render

ADDRESS: Final = "/console/health"
WORDS: Final = {"met": "met", "not_met": "not met", "could_not_tell": "could not tell"}
_ORDER: Final = ("not_met", "could_not_tell", "met")
NAMES: Final = {
    "schema": "Schema of the database",
    "database": "Database",
    "address": "Where it listens",
    "permissions": "Who may read its files",
    "keys": "Keys",
    "log": "The ledger",
    "witness": "Witnesses",
    "clock": "Clock",
    "certificate": "Certificate",
    "admins": "People who manage it",
    "jobs": "Background work",
    "providers": "Providers of models",
    "followers": "Followers of the ledger",
    "disk": "Disk",
}


class Found(Protocol):
    """What was looked at: its name, one of three answers, and what it says."""

    @property
    def name(self) -> str:
        """Name what was looked at."""

    @property
    def verdict(self) -> str:
        """Give the answer."""

    @property
    def says(self) -> str:
        """Say what was found, and how it is mended."""


Examine = Callable[[], Iterable[Found]]


def routes() -> list[Route]:
    """List the address of the health page."""
    return [Route(ADDRESS, show, methods=["GET"])]


async def show(request: Request) -> Response:
    """Show how each part is, what is wrong first."""
    await to_thread.run_sync(enter, request)
    examine: Examine | None = getattr(request.app.state, "examine", None)
    if examine is None:
        raise TypeError("this application cannot examine itself; set app.state.examine")
    found = await to_thread.run_sync(lambda: ordered(examine()))
    return render(
        request,
        "health.html",
        found=[(NAMES.get(each.name, each.name), WORDS[each.verdict], each) for each in found],
        wrong=sum(each.verdict == "not_met" for each in found),
        unknown=sum(each.verdict == "could_not_tell" for each in found),
        at=log_of(request).database.clock.now(),
        address=ADDRESS,
    )


def ordered(found: Iterable[Found]) -> Sequence[Found]:
    """Put what is wrong first, then what could not be told."""
    return sorted(found, key=lambda each: _ORDER.index(each.verdict))
