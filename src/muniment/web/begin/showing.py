"""The page of the path: every step, what it needs, and what has been done."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from muniment import access, verify
from muniment.core.errors import NotFoundError
from muniment.core.program import program
from muniment.ledger import Log
from muniment.web.begin.steps import ADDRESS, MAY, Path, look
from muniment.web.callers import require_visitor
from muniment.web.shell import log_of, render

SAID: Final = {
    "verified": "It is on record that you checked it. The step is done once that record is sealed, "
    "a second from now; look again then."
}


@dataclass(frozen=True, slots=True)
class Check:
    """How the log is checked, with real values; nothing while no head is signed."""

    size: int
    key: str
    whole: str
    prove: str
    one: str
    entry: int


def routes() -> list[Route]:
    """List the address of the path."""
    return [Route(ADDRESS, show, methods=["GET"])]


async def show(request: Request) -> Response:
    """Show how far the first steps have come, and the next one."""
    path, check = await to_thread.run_sync(_look, request)
    return render(
        request,
        "begin/show.html",
        begun=path,
        check=check,
        said=SAID.get(request.query_params.get("said", ""), ""),
    )


def _look(request: Request) -> tuple[Path, Check | None]:
    actor, log = require_visitor(request).actor, log_of(request)
    with access.viewing(log.database, actor, MAY, what=ADDRESS) as work:
        path = look(work, log)
    return path, _check(log, path.call.first_entry if path.call is not None else 0)


def _check(log: Log, entry: int) -> Check | None:
    try:
        status = log.status()
    except NotFoundError:
        return None
    if not status.size:
        return None
    verifier, data = FilePath(verify.__file__), log.settings.data.dir.resolve()
    proof = f"proof/entry-{entry}"
    key = ("--key", status.vkey)
    return Check(
        size=status.size,
        key=status.vkey,
        whole=shlex.join(["python3", str(verifier), str(log.tiles.root.resolve()), *key]),
        prove=f"{program()} ledger prove {entry} --out proof --data {shlex.quote(str(data))}",
        one=shlex.join(
            ["python3", str(verifier), f"{proof}.tlog-proof", "--entry", f"{proof}.json", *key]
        ),
        entry=entry,
    )
