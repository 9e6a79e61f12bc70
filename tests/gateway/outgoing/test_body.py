"""A body is given as it was meant, packed or not, and in pieces that do not grow."""

from __future__ import annotations

import gzip
import socket
import threading
import zlib

import pytest

from muniment.core.errors import UnavailableError
from muniment.gateway.outgoing import Pool
from muniment.gateway.outgoing.failing import ClientPayloadError
from muniment.gateway.outgoing.unpacking import MOST_AT_ONCE
from tests.gateway.outgoing.talking import OK, asked, fixed, says, talking, whole, with_pool

WORDS = b"some words, and more of them. " * 2_000


def _raw_deflate(words: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packing.compress(words) + packing.flush()


@pytest.mark.parametrize(
    ("kind", "packed"),
    [
        (b"gzip", gzip.compress(WORDS)),
        (b"X-GZIP", gzip.compress(WORDS[:100]) + gzip.compress(WORDS[100:])),
        (b"deflate", zlib.compress(WORDS)),
        (b"deflate", _raw_deflate(WORDS)),
        (b"identity", WORDS),
        (b"", WORDS),
    ],
)
def test_what_was_packed_unasked_is_unpacked(kind: bytes, packed: bytes) -> None:
    """Though nobody asked for it, some providers pack what they say."""

    async def ask(pool: Pool) -> bytes:
        return await whole((await asked(pool, there.url))[1])

    with talking(says(fixed(packed, b"content-encoding: " + kind))) as there:
        assert with_pool(ask) == WORDS


def test_a_bomb_is_given_piece_by_piece() -> None:
    """What unpacks to far more than came never stands in memory as a whole."""
    packed = gzip.compress(b"\0" * 50_000_000)

    async def ask(pool: Pool) -> tuple[int, int]:
        _, body = await asked(pool, there.url)
        sizes = [len(piece) async for piece in body]
        return max(sizes), sum(sizes)

    with talking(says(fixed(packed, b"content-encoding: gzip"))) as there:
        most, total = with_pool(ask)
    assert most <= MOST_AT_ONCE
    assert total == 50_000_000


@pytest.mark.parametrize(
    ("kind", "packed"),
    [
        (b"gzip", gzip.compress(WORDS)[:-20]),
        (b"gzip", b"no gzip at all"),
        (b"gzip", gzip.compress(WORDS) + b"rubbish"),
        (b"deflate", zlib.compress(WORDS) + b"rubbish"),
        (b"deflate", zlib.compress(WORDS)[:-6]),
        (b"gzip", b""),
    ],
)
def test_what_is_packed_wrongly_broke_off(kind: bytes, packed: bytes) -> None:
    """Half of it, something else, or more behind it is an error, though HTTP says it is whole."""

    async def ask(pool: Pool) -> None:
        await whole((await asked(pool, there.url))[1])

    with (
        talking(says(fixed(packed, b"content-encoding: " + kind))) as there,
        pytest.raises(UnavailableError, match="broke off"),
    ):
        with_pool(ask)


def test_what_nobody_here_unpacks_is_refused() -> None:
    """An answer in a packing that was not asked for and is not known is none."""

    async def ask(pool: Pool) -> None:
        await asked(pool, there.url)

    with (
        talking(says(fixed(b"?", b"content-encoding: br"))) as there,
        pytest.raises(ClientPayloadError),
    ):
        with_pool(ask)


def test_all_of_it_can_be_had_at_once() -> None:
    """If all of it is here; else it is waited for."""

    async def ask(pool: Pool) -> list[bytes | None]:
        _, body = await asked(pool, there.url)
        first = body.whole()
        return [first, body.whole(), await whole(body)]

    with talking(says(fixed(b"all"))) as there:
        assert with_pool(ask) == [b"all", None, b""]
    with talking(says(fixed(gzip.compress(b"all"), b"content-encoding: gzip"))) as there:
        assert with_pool(ask) == [None, None, b"all"]


def test_what_comes_while_it_is_waited_for_may_be_taken_at_once() -> None:
    """Who waits goes on waiting then; the end, and what is not taken, wakes them as ever."""
    told = threading.Semaphore(0)

    def does(line: socket.socket, _turn: int) -> None:
        line.sendall(OK + b"transfer-encoding: chunked\r\n\r\n")
        for piece in (b"one", b"two", b"three", b"four"):
            line.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))
            assert told.acquire(timeout=30)
        line.sendall(b"4\r\nlast\r\n0\r\n\r\n")

    async def ask(pool: Pool) -> tuple[list[bytes], list[bytes]]:
        _, body = await asked(pool, there.url)
        taken, given = list[bytes](), list[bytes]()

        def take(piece: bytes) -> bool:
            if piece in (b"two", b"four"):
                taken.append(piece)
                told.release()
                return True
            return False

        body.offer(take)
        async for piece in body:
            given.append(piece)
            told.release()
        return taken, given

    with talking(does) as there:
        taken, given = with_pool(ask)
    assert (taken, given) == ([b"two", b"four"], [b"one", b"three", b"last"])
