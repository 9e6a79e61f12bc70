"""How long what came over a connection lay unread, as the system noted it.

A call may wait before the door, or in its socket while a loop is busy with others; nobody here saw
it come. Where the system does not tell, it is taken for read at once.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from typing import Final

_UPTO: Final = 56
_AT: Final = slice(52, _UPTO)  # tcpi_last_data_recv, in milliseconds


def unread_seconds(transport: asyncio.BaseTransport) -> float:
    """Say how long ago the last piece came that the other side has sent."""
    if sys.platform != "linux":
        return 0.0
    line = transport.get_extra_info("socket")
    try:
        told = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _UPTO)
    except (AttributeError, OSError):  # nothing that TCP carries, or gone
        return 0.0
    return int.from_bytes(told[_AT], sys.byteorder) / 1_000 if len(told) == _UPTO else 0.0
