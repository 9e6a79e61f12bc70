"""How long a call lay unread is told by the system, not by who reads it."""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
from typing import cast

import pytest

from muniment.server.unread import unread_seconds


async def _told(door: socket.socket, caller: socket.socket) -> tuple[float, float]:
    """Let a connection in, and say what is told of its age before and after another piece."""
    taken, _ = door.accept()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_accepted_socket(asyncio.Protocol, taken)
    before = unread_seconds(transport)
    caller.sendall(b"second")
    after = unread_seconds(transport)
    transport.close()
    return before, after


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_what_lies_before_the_door_is_known_by_its_age() -> None:
    """It counts from when the last piece came, though nobody had opened by then."""
    least = 0.1
    door = socket.create_server(("127.0.0.1", 0))
    with door, socket.create_connection(door.getsockname()) as caller:
        caller.sendall(b"first")
        threading.Event().wait(least)  # nobody takes it
        before, after = asyncio.run(_told(door, caller))
    assert before >= least * 0.9
    assert after < before


def test_where_nothing_is_told_it_was_read_at_once() -> None:
    """What is no connection of TCP has no age."""
    assert unread_seconds(asyncio.Transport()) == 0.0
    one, other = socket.socketpair()
    told = asyncio.Transport({"socket": one})
    assert unread_seconds(cast("asyncio.BaseTransport", told)) == 0.0
    one.close()
    other.close()
