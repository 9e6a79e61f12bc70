"""The stylesheet, the script and the mark, served from memory under a name that holds their hash.

The hash is part of the path, so a browser may keep a file for ever and never shows a stale one.
A path with another hash is not found; nothing outside the folder can be asked for.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from muniment.core.errors import NotFoundError

PREFIX: Final = "/static"

_FOLDER: Final = Path(__file__).parent / "static"
_TYPES: Final = MappingProxyType(
    {
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".svg": "image/svg+xml",
    }
)
_ONE_YEAR_S: Final = 31_536_000


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file as it is sent: plain and compressed, with its type and the path to ask for."""

    url: str
    media_type: str
    plain: bytes
    compressed: bytes


@cache
def static_files() -> Mapping[str, StaticFile]:
    """Read every file of the folder once, by name."""
    found = (_read(path) for path in sorted(_FOLDER.iterdir()) if path.suffix in _TYPES)
    return MappingProxyType(dict(found))


def static_url(name: str) -> str:
    """Give the path of a file, with its hash in it."""
    return static_files()[name].url


def static_routes() -> list[Route]:
    """Serve the files."""
    return [Route(PREFIX + "/{sha8}/{name}", _serve, methods=["GET"], name="static")]


async def _serve(request: Request) -> Response:
    """Give a file of the console's look, under the address that names its content."""
    file = static_files().get(request.path_params["name"])
    if file is None or file.url != request.url.path:
        raise NotFoundError("there is no such file", remedy="Load the page again.")
    headers = {
        "Cache-Control": f"public, max-age={_ONE_YEAR_S}, immutable",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(file.compressed, media_type=file.media_type, headers=headers)
    return Response(file.plain, media_type=file.media_type, headers=headers)


def _read(path: Path) -> tuple[str, StaticFile]:
    plain = path.read_bytes()
    sha8 = hashlib.sha256(plain).hexdigest()[:8]
    return path.name, StaticFile(
        url=f"{PREFIX}/{sha8}/{path.name}",
        media_type=_TYPES[path.suffix],
        plain=plain,
        compressed=gzip.compress(plain, mtime=0),
    )
