"""One connection to a provider: it asks, reads the answer, and is kept for the next request."""

from __future__ import annotations

import asyncio
import select
from collections.abc import Callable
from math import inf
from typing import Final, cast

from muniment.gateway.outgoing.failing import OutgoingError, SocketTimeoutError
from muniment.gateway.outgoing.reading import Incoming, Reading

MOST_WAITING_BYTES: Final = 256 * 1024
KEPT_SECONDS: Final = 30.0
_SURE_SECONDS: Final = 1.0
_TOGETHER_BYTES: Final = 64 * 1024


class Connection(asyncio.Protocol):
    """Carries one request at a time; `free` is told when it may carry another, `lost` its end.

    One timer looks when something is due: the next part of an answer, or the end of idleness.
    """

    def __init__(
        self, free: Callable[[Connection], None], lost: Callable[[Connection], None]
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self._free, self._lost = free, lost
        self._reading = Reading()
        self._transport = cast("asyncio.Transport", None)
        self._incoming: Incoming | None = None
        self._seconds, self._due = KEPT_SECONDS, 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._looks_at = inf
        self._idle_since = 0.0
        self._is_paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)

    def ask(self, begin: bytes, body: bytes, seconds: float) -> Incoming:
        """Send a request, and give what its answer is read into, each part within its time.

        Of its head that is given which stands before the length of its body.
        """
        self._incoming = incoming = self._reading.begin()
        size = len(body)
        if size <= _TOGETHER_BYTES:
            self._transport.write(b"%b%d\r\n\r\n%b" % (begin, size, body))
        else:
            self._transport.writelines((b"%b%d\r\n\r\n" % (begin, size), body))
        self._seconds = seconds
        self._due = due = self.loop.time() + seconds
        if due < self._looks_at:
            self._look_at(due)
        return incoming

    @property
    def is_open(self) -> bool:
        """Tell whether nobody has hung up, as far as this side knows."""
        return not self._transport.is_closing() and self._reading.is_reusable

    def is_usable(self) -> bool:
        """Tell whether it can carry a request: the other side has neither hung up nor spoken."""
        if self._transport.is_closing() or not self._reading.is_reusable:
            return False
        if self.loop.time() - self._idle_since < _SURE_SECONDS:
            return True
        number = self._transport.get_extra_info("socket").fileno()
        looking = select.poll()
        looking.register(number, select.POLLIN)
        return not looking.poll(0)  # whatever comes now ends it, though we have not read it yet

    def data_received(self, data: bytes) -> None:
        """Read on; what nobody asked for ends the connection."""
        incoming = self._incoming
        self._reading.feed(data)
        if incoming is None:
            self._transport.abort()
            return
        if incoming.is_ended:
            self._incoming = None
            if self._is_paused:
                self._is_paused = False
                self._transport.resume_reading()
            if self._reading.is_reusable and not self._transport.get_write_buffer_size():
                self._idle_since = now = self.loop.time()
                self._due = due = now + KEPT_SECONDS
                if due < self._looks_at:
                    self._look_at(due)
                self._free(self)
            else:  # not quite over on both sides
                self._transport.close()
        elif incoming.problem is not None:
            self._transport.abort()
        else:
            self._due = self.loop.time() + self._seconds
            if incoming.size > MOST_WAITING_BYTES and not self._is_paused:
                self._is_paused = True
                self._transport.pause_reading()
        if incoming.waiter is not None:
            incoming.wake()

    def eof_received(self) -> None:
        """Note that the other side will say no more."""
        self._reading.end()

    def connection_lost(self, error: Exception | None) -> None:
        """Note the end; one that was forced is never taken for that of a body."""
        if error is not None and self._incoming is not None and self._incoming.status:
            self._reading.broken()
        self._reading.end()
        incoming, self._incoming = self._incoming, None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._looks_at = -inf  # never again
        self._reading.close()
        self._lost(self)
        if incoming is not None:
            incoming.wake()

    def taken(self, incoming: Incoming) -> None:
        """Be told that what had come was taken, so that more may come."""
        if self._is_paused and incoming is self._incoming and not self._transport.is_closing():
            self._is_paused = False
            self._due = self.loop.time() + self._seconds
            self._transport.resume_reading()

    def drop(self, incoming: Incoming) -> None:
        """Hang up if an answer is not wanted to its end."""
        if incoming is self._incoming:
            self._give_up(None)

    def close(self) -> None:
        """Hang up when what was sent has gone out."""
        self._transport.close()

    def abort(self) -> None:
        """Hang up at once."""
        self._transport.abort()

    def _give_up(self, error: OutgoingError | None) -> None:
        if error is not None:
            self._reading.give_up(error)
        self._transport.abort()

    def _look_at(self, due: float) -> None:
        """Have it looked then; the timer that runs is kept if it looks before."""
        if self._timer is not None:
            self._timer.cancel()
        self._looks_at = due
        self._timer = self.loop.call_at(due, self._look)

    def _look(self) -> None:
        self._timer, self._looks_at = None, inf
        now = self.loop.time()
        if self._is_paused:  # whoever reads it takes their time
            self._due = now + self._seconds
            self._look_at(self._due)
        elif now < self._due:
            self._look_at(self._due)
        elif self._incoming is None:
            self._transport.close()
        else:
            self._give_up(SocketTimeoutError())
