"""The body of a provider's answer, piece by piece, as it arrives."""

from __future__ import annotations

from collections.abc import Callable

from muniment.core.errors import UnavailableError
from muniment.gateway.outgoing.connection import Connection
from muniment.gateway.outgoing.failing import OutgoingError
from muniment.gateway.outgoing.reading import Incoming
from muniment.gateway.outgoing.unpacking import unpacking_for


class Body:
    """Gives pieces until the end; whatever ends it early is one error of ours.

    One that is here to its end when its head is has nothing to give back: see `Coming`.
    """

    __slots__ = ("_connection", "_incoming", "_is_over", "_unpacking")

    def __init__(self, incoming: Incoming, connection: Connection) -> None:
        self._incoming = incoming
        self._connection = connection
        self._is_over = False
        packed = incoming.headers.get(b"content-encoding")
        self._unpacking = None if packed is None else unpacking_for(packed)

    def __aiter__(self) -> Body:
        return self

    async def __anext__(self) -> bytes:
        incoming = self._incoming
        while not self._is_over:
            try:
                piece = self._next(incoming)
            except OutgoingError as error:
                self._is_over = True
                self._connection.drop(incoming)
                raise _broke_off(error) from error
            if piece:
                return piece
            if not self._is_over:
                await incoming.more()
        raise StopAsyncIteration

    def whole(self) -> bytes | None:
        """Give all of it at once if all of it is here as it came, so that nobody has to wait."""
        incoming = self._incoming
        if self._is_over or not incoming.is_ended or self._unpacking is not None:
            return None
        self._is_over = True
        return incoming.pieces.pop() if len(incoming.pieces) == 1 else incoming.take()

    def offer(self, take: Callable[[bytes], bool]) -> None:
        """Offer what comes while somebody waits for it: if it is taken so, they wait on."""
        incoming = self._incoming

        def taken() -> bool:
            if len(incoming.pieces) != 1 or not take(incoming.pieces[0]):
                return False
            incoming.pieces.clear()
            incoming.size = 0
            return True

        if self._unpacking is None:
            incoming.taker = taken

    async def aclose(self) -> None:
        """Give the connection back; an answer that is not over is wanted no more."""
        self.close()

    def close(self) -> None:
        """Give the connection back at once."""
        self._is_over, self._incoming.taker = True, None
        self._connection.drop(self._incoming)

    def _next(self, incoming: Incoming) -> bytes:
        """Give what is here; nothing if it is over or if more must come first."""
        unpacking = self._unpacking
        if unpacking is not None and (piece := unpacking.take()):
            return piece
        if incoming.pieces:
            piece = incoming.take()
            self._connection.taken(incoming)
            if unpacking is None:
                return piece
            unpacking.give(piece)
            return self._next(incoming)
        if incoming.problem is not None:
            raise incoming.problem
        if incoming.is_ended:
            if unpacking is not None:
                unpacking.require_end()
            self._is_over = True
        return b""


class Coming(Body):
    """One that is not here to its end; if it is left lying, nobody wants it."""

    __slots__ = ()

    def __del__(self) -> None:
        if self._is_over or self._incoming.is_ended:
            return
        loop = self._connection.loop
        if not loop.is_closed():
            loop.call_soon_threadsafe(self._connection.drop, self._incoming)


def _broke_off(error: OutgoingError) -> UnavailableError:
    return UnavailableError(
        "the provider's answer broke off", reasons=(type(error).__name__,), remedy="Try again."
    )
