"""Where the programs of a story call models: the real gateway, asked in this process.

A call goes through the whole corridor, as one from outside would. Further calls that are like it
are recorded through the same door of the room as the gateway's own, many at once.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Coroutine, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from muniment.gateway import Gateway

_PATH: Final = "/v1/chat/completions"
_HERE: Final = ("198.51.100.20", 40_000)
_PATIENCE_SECONDS: Final = 60
_TRIES: Final = 500
_BUSY: Final = 503
_PAUSE_SECONDS: Final = 0.02
_LOOK_SECONDS: Final = 0.06
_LOOKS: Final = 2
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Told:
    """What a caller was told: the status, the exchange and the body."""

    status: int
    exchange: str
    body: Mapping[str, Any]


class _StoryLoop(asyncio.SelectorEventLoop):
    """A loop whose time can be put on, as that of the story is."""

    def __init__(self) -> None:
        super().__init__()
        self._ahead_seconds = 0.0

    def time(self) -> float:
        """Give the machine's seconds, and those that were skipped."""
        return super().time() + self._ahead_seconds

    async def skip(self, seconds: float) -> None:
        """Put the time on, and let everything run that is due by then."""
        self._ahead_seconds += seconds
        for _ in range(2):  # the first comes before what is due, the second after it
            await asyncio.sleep(0)


@dataclass(slots=True)
class Desk:
    """Sends calls to the gateway, one after the other; its loop runs in a thread of its own.

    After a leap of the story the gateway takes itself for late, until it has looked twice. It is
    let look at once: waiting for it was a third of the time a demonstration took.
    """

    gateway: Gateway
    _loop: _StoryLoop = field(default_factory=_StoryLoop, repr=False)
    _thread: threading.Thread | None = field(default=None, repr=False)

    def call(self, key: str, body: Mapping[str, Any], *, subject: str = "", **headers: str) -> Told:
        """Ask a model as an application does that has this key."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        given = {"authorization": f"Bearer {key}", "content-type": "application/json", **named}
        if subject:
            given["x-muniment-subject"] = subject
        raw = json.dumps(body).encode()
        for tried in range(_TRIES):
            told = self._run(self._asked(given, raw))
            if told.status != _BUSY:
                return told
            self._run(self._looked())
            if tried:
                threading.Event().wait(_PAUSE_SECONDS)  # it has really too much to do
        return told

    def close(self) -> None:
        """Give everything back."""
        self._run(self.gateway.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        if self._thread is not None:
            self._thread.join(_PATIENCE_SECONDS)
        self._loop.close()

    def _run(self, what: Coroutine[Any, Any, T]) -> T:
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._loop.run_forever, name="muniment-desk", daemon=True
            )
            self._thread.start()
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(_PATIENCE_SECONDS)

    async def _looked(self) -> None:
        for _ in range(_LOOKS):
            await self._loop.skip(_LOOK_SECONDS)

    async def _asked(self, headers: Mapping[str, str], raw: bytes) -> Told:
        scope = {
            "type": "http",
            "method": "POST",
            "path": _PATH,
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": _HERE,
        }
        said: list[MutableMapping[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": raw, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            said.append(message)

        await self.gateway(scope, receive, send)
        return _told(said)


def _told(said: Sequence[MutableMapping[str, Any]]) -> Told:
    head = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    body = b"".join(each.get("body", b"") for each in said[1:])
    return Told(said[0]["status"], head.get("x-muniment-exchange", ""), json.loads(body))
