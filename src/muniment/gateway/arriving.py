"""Takes the bytes of a provider's stream as they arrive, and cuts them into pieces.

What arrives together is given together. A stream that stays silent for too long is given up; one
timer watches all of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from muniment.core.errors import InvalidError, UnavailableError
from muniment.gateway.dialects import Piece, PieceKind, Reader
from muniment.gateway.events import Events, joined, only_event
from muniment.gateway.repeating import Repeating, learned

_PIECE_SIZE: Final = 16
_LESSONS: Final = 4
_END: Final = b"\n\n"
_FEW_BYTES: Final = 4_096


@dataclass(slots=True)
class Arriving:
    """One stream on its way here; `most` bounds all that is taken of it."""

    reader: Reader
    most: int
    kept: list[bytes] | None = None
    _events: Events = field(init=False)
    _few: int = field(init=False)
    _same: Repeating | None = None
    _lessons: int = _LESSONS
    _lesson: tuple[bytes, Piece] | None = None
    _between: bool = True
    _rest: bytes = b""
    _size: int = 0
    _patience: Patience | None = None

    def __post_init__(self) -> None:
        """Begin between two events."""
        self._events = Events(self.most)
        self._few = min(self.most, _FEW_BYTES)

    async def batches(
        self, body: AsyncIterator[bytes], seconds: float
    ) -> AsyncGenerator[Iterator[Piece], None]:
        """Give the pieces of all that came at once, time after time; it ends with its last event.

        Bytes that may be wanted again are kept, if that is asked for.
        """
        self._patience = patience = Patience(seconds)
        try:
            while not self.reader.ended:
                raw = await patience.wait(body)
                if self.kept is not None:
                    self.kept.append(raw)
                yield joined(self.cut(raw))
        finally:
            patience.end()

    def alone(self, raw: bytes) -> Piece | None:
        """Take bytes that came while more of them are waited for, if they only say more words.

        Nothing is taken of others: those come in a batch.
        """
        same = self._same
        if same is None or self._lesson is not None or self._rest:
            return None
        if not self._between or len(raw) > self._few:
            return None
        words, many = same.only(raw), 1
        if words is None:
            said, upto = same.take(raw, 0)
            if upto < len(raw):
                return None
            words, many = "".join(said), len(said)
        more = len(words) + _PIECE_SIZE * many
        if self._size + more > self.most:
            return None
        self._size += more
        if self.kept is not None:
            self.kept.append(raw)
        if self._patience is not None:
            self._patience.begin_anew()
        return same.piece(words)

    def cut(self, raw: bytes) -> Iterator[Piece]:
        """Cut bytes into pieces: those in a form that was read before at once, others in full."""
        if self._rest:
            raw, self._rest = self._rest + raw, b""
        at, size = 0, len(raw)
        while at < size:
            if self._lesson is not None:
                self._learn(*self._lesson)
            if self._same is not None and self._between and size <= self.most:
                said, upto = self._same.take(raw, at)
                words = "".join(said)
                more = len(words) + _PIECE_SIZE * len(said)
                if said and self._size + more <= self.most:
                    self._size += more
                    at = upto
                    yield self._same.piece(words)
                    continue
            end = raw.find(_END, at) + len(_END)
            if end < len(_END):
                if self._same is not None and self._between and size - at <= self._few:
                    self._rest = raw[at:]  # more of the event comes
                    return
                end = size
            part = raw[at:end]
            at = end
            yield from self._in_full(part)

    def _in_full(self, part: bytes) -> Iterator[Piece]:
        """Read an event in full, and learn its form if it only says more words."""
        is_whole, self._between = self._between, part.endswith(_END)
        alone = only_event(part) if is_whole and len(part) <= self.most else None
        only: Piece | None = None
        count = 0
        for event in self._events.feed(part) if alone is None else (alone,):
            for piece in self._read(event):
                self._count(len(piece.text) + _PIECE_SIZE)
                count += 1
                only = piece
                yield piece
        if only is None:
            return
        if only.kind is not PieceKind.TEXT:
            self._same = None
        elif is_whole and self._between and count == 1 and self._lessons:
            self._lessons -= 1
            self._lesson = part, only

    def _learn(self, part: bytes, only: Piece) -> None:
        """Learn the form of an event, once more comes: its own words went on before."""
        self._lesson = None
        self._same = learned(part, only, self.reader) or self._same

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > self.most:
            raise UnavailableError("the provider's answer has no end", remedy="Ask for less.")

    def _read(self, event: object) -> list[Piece]:
        try:
            return self.reader.take(event)  # type: ignore[arg-type]  # events are what readers take
        except InvalidError as error:
            says, why = "the provider's stream is not what its interface promises", error.message
            raise UnavailableError(says, reasons=(why[:80],), remedy="Try again.") from error


class Patience:
    """Waits for each piece of a stream, for so many seconds; one timer serves all of them."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[Any] | None = None
        self._cancelled = 0
        self._due = 0.0
        self._is_late = False
        self._timer: asyncio.TimerHandle | None = None

    async def wait(self, body: AsyncIterator[bytes]) -> bytes:
        """Give what comes next."""
        task = self._task = asyncio.current_task()
        self._cancelled = 0 if task is None else task.cancelling()
        self._due = self._loop.time() + self._seconds
        if self._timer is None:
            self._timer = self._loop.call_at(self._due, self._look)
        try:
            return await anext(body)
        except StopAsyncIteration as error:
            says = "the provider's answer broke off"
            raise UnavailableError(says, remedy="Try again.") from error
        except asyncio.CancelledError as error:
            if not self._is_late or task is None or task.uncancel() > self._cancelled:
                raise
            raise UnavailableError("the provider took too long", remedy="Again.") from error
        finally:
            self._due = 0.0

    def begin_anew(self) -> None:
        """Wait for the next piece as long as for any: one came that is waited for no more."""
        self._due = self._loop.time() + self._seconds

    def end(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer = None
        if not self._due:
            return  # nobody waits just now
        if self._loop.time() < self._due:
            self._timer = self._loop.call_at(self._due, self._look)
        elif self._task is not None:
            self._is_late = True
            self._task.cancel()
