"""The log itself over HTTP, as C2SP tlog-tiles: a checkpoint, tiles, entry bundles.

What a verifier fetches from here it checks by itself; nothing here needs to be believed.
"""

from __future__ import annotations

from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from muniment import access
from muniment.access import Scope
from muniment.api.asking import visitor_of
from muniment.core.errors import NotFoundError
from muniment.ledger import Log
from muniment.verify import TILE_WIDTH, FormatError, parse_tile_path

AREA: Final = Scope.of(console="ledger")
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_FOR_THEM: Final = "private, max-age=31536000, immutable"


def tile_routes(log: Log, *, publish: bool) -> list[Route]:
    """Give the routes of the log's own files, open to all or to who may read the ledger."""

    async def checkpoint(request: Request) -> Response:
        """Give the signed head of the log."""
        if not publish:
            await to_thread.run_sync(_enter, log, request, "ledger.prove")
        shown = await to_thread.run_sync(log.tiles.published)
        if not shown:
            raise NotFoundError("nothing is sealed yet", remedy="Try again in a second.")
        headers = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-cache"}
        return Response(shown, headers=headers)

    async def tile(request: Request) -> Response:
        """Give a tile of hashes, or a bundle of entries."""
        if not publish:
            await to_thread.run_sync(_enter, log, request, "ledger.read")
        cached = _FOR_EVER if publish else _FOR_THEM
        path = f"tile/{request.path_params['path']}"
        data = await to_thread.run_sync(_read, log, path)
        headers = {"content-type": "application/octet-stream", "cache-control": cached}
        return Response(data, headers=headers)

    return [Route("/log/checkpoint", checkpoint), Route("/log/tile/{path:path}", tile)]


def _enter(log: Log, request: Request, permission: str) -> None:
    actor = visitor_of(request).actor
    with access.viewing(log.database, actor, permission, AREA, what=request.url.path):
        return


def _read(log: Log, path: str) -> bytes:
    try:
        level, number, width = parse_tile_path(path)
    except FormatError as error:
        raise NotFoundError(f"{path[:80]!r} is not the path of a tile") from error
    size = log.size()
    unit = 1 if level == "entries" else TILE_WIDTH ** int(level)
    if (number * TILE_WIDTH + width) * unit > size:
        raise NotFoundError(
            f"{path} lies past the log's {size} entries", remedy="Fetch the checkpoint again."
        )
    return log.tiles.exact(level, number, width)
