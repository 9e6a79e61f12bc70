"""The least that a gateway of this kind costs: bare ASGI that passes a call on with aiohttp.

python -m benchmarks.gateway_bare PORT UPSTREAM
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import aiohttp
import uvicorn


class Bare:
    """Passes on whatever comes, and looks at nothing."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self._session: aiohttp.ClientSession | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 ASGI
        """Pass one request on."""
        if scope["type"] != "http":
            return
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        raw, more = b"", True
        while more:
            message = await receive()
            raw += message.get("body", b"")
            more = message.get("more_body", False)
        url = self._upstream + scope["path"]
        told = {"content-type": "application/json"}
        async with self._session.post(url, data=raw, headers=told) as answer:
            head = [(b"content-type", answer.headers["content-type"].encode())]
            await send({"type": "http.response.start", "status": answer.status, "headers": head})
            async for piece in answer.content.iter_any():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def main(arguments: Sequence[str]) -> None:
    """Answer until killed."""
    app = Bare(arguments[1])
    uvicorn.run(app, port=int(arguments[0]), log_level="error", access_log=False, lifespan="off")


if __name__ == "__main__":
    main(sys.argv[1:])
