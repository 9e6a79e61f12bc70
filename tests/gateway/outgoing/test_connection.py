"""A connection carries one request after the other, and is never trusted further than it goes."""

from __future__ import annotations

import asyncio
import gc
import socket
import struct
import threading
from typing import Any

import pytest

from muniment.core.errors import UnavailableError
from muniment.gateway.outgoing import Pool, connection
from muniment.gateway.outgoing.failing import (
    ClientResponseError,
    OutgoingError,
    ServerDisconnectedError,
    SocketTimeoutError,
)
from muniment.gateway.outgoing.reading import Incoming, Reading
from tests.gateway.outgoing.talking import OK, asked, fixed, says, talking, until, whole, with_pool

CHUNKED = OK + b"transfer-encoding: chunked\r\n\r\n"


def test_a_connection_is_used_again() -> None:
    """Answers with a length, in chunks, or without a body leave it open for the next request."""
    answers = [fixed(b"one"), CHUNKED + b"3\r\ntwo\r\n0\r\n\r\n", b"HTTP/1.1 204 No\r\n\r\n"]

    def does(line: socket.socket, turn: int) -> None:
        line.sendall(answers[turn - 1])

    async def thrice(pool: Pool) -> list[tuple[int, bytes]]:
        found = []
        for _ in answers:
            incoming, body = await asked(pool, there.url)
            found.append((incoming.status, await whole(body)))
        return found

    with talking(does) as there:
        assert with_pool(thrice) == [(200, b"one"), (200, b"two"), (204, b"")]
    assert there.connections == 1
    assert there.heard[0].startswith(
        b"POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:%d\r\n" % there.port
    )
    assert there.heard[0].endswith(b"\r\nx-a: 1\r\ncontent-length: 2\r\n\r\n{}")


@pytest.mark.parametrize(
    "answer",
    [
        fixed(b"one", b"connection: close"),
        OK.replace(b"1.1", b"1.0") + b"content-length: 3\r\n\r\none",
        fixed(b"one") + fixed(b"garbage that nobody asked for"),
        fixed(b"one") + b"\x00\x00",
    ],
)
def test_one_that_cannot_be_used_again_is_not(answer: bytes) -> None:
    """After an end that was announced, or bytes too many, the next request has its own."""

    async def twice(pool: Pool) -> list[bytes]:
        return [await whole((await asked(pool, there.url))[1]) for _ in range(2)]

    with talking(says(answer)) as there:
        assert with_pool(twice) == [b"one", b"one"]
    assert there.connections == 2


def test_one_that_was_closed_while_idle_is_noticed() -> None:
    """A provider that hung up in between, or spoke unasked, is connected to anew."""
    hung_up = threading.Event()

    def does(line: socket.socket, turn: int) -> None:
        line.sendall(fixed(b"one"))
        if turn == 1:
            hung_up.wait(20)
            line.shutdown(socket.SHUT_RDWR)

    async def twice(pool: Pool) -> list[bytes]:
        found = [await whole((await asked(pool, there.url))[1])]
        kept = next(iter(pool._places))
        kept._idle_since -= 60  # so long that nobody is sure of it
        assert kept.is_usable()
        hung_up.set()
        while kept.is_usable():  # no turn of the loop in between: it has not read the end yet
            threading.Event().wait(0.01)
        assert kept.is_open
        return [*found, await whole((await asked(pool, there.url))[1])]

    with talking(does) as there:
        assert with_pool(twice) == [b"one", b"one"]
    assert (there.connections, len(there.heard)) == (2, 2)


def _raised(sent: bytes, *, resets: bool = False, **more: Any) -> OutgoingError:
    """Ask, and give the error that came instead of a head."""

    def does(line: socket.socket, _turn: int) -> None:
        line.sendall(sent)
        if resets:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.close()
        elif more:
            line.recv(100)  # until the other side hangs up
        else:
            line.shutdown(socket.SHUT_RDWR)

    async def ask(pool: Pool) -> OutgoingError:
        with pytest.raises(OutgoingError) as caught:
            await asked(pool, there.url, **more)
        await until(lambda: not pool)  # its connection is not kept
        return caught.value

    with talking(does) as there:
        found: OutgoingError = with_pool(ask)
    assert len(there.heard) == 1, "it was sent again"
    return found


def test_what_is_no_answer_has_its_name_and_is_not_asked_again() -> None:
    """Hung up, reset, garbage, silence: each is told as what it is, once."""
    assert isinstance(_raised(b""), ServerDisconnectedError)
    assert isinstance(_raised(b"HTTP/1.1 200 O"), ServerDisconnectedError)
    assert isinstance(_raised(b"", resets=True), ServerDisconnectedError)
    assert isinstance(_raised(b"220 mail.example ESMTP\r\n"), ClientResponseError)
    assert isinstance(
        _raised(b"HTTP/1.1 100 Continue\r\n\r\n", answer_seconds=0.2), SocketTimeoutError
    )


@pytest.mark.parametrize(
    "begun", [OK + b"content-length: 9\r\n\r\nhalf", CHUNKED + b"4\r\nhalf\r\n"]
)
@pytest.mark.parametrize("how", ["hangs up", "resets", "garbles", "falls silent"])
def test_a_body_that_breaks_off_is_never_whole(begun: bytes, how: str) -> None:
    """What came is given, then one error of ours; what was announced as whole never is."""
    over = threading.Event()

    def does(line: socket.socket, _turn: int) -> None:
        line.sendall(begun)
        taken.wait(20)
        if how == "resets":
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.close()
        elif how == "hangs up":
            line.shutdown(socket.SHUT_RDWR)
        elif how == "garbles" and begun.startswith(CHUNKED):
            line.sendall(b"no size\r\n")
        over.wait(20)

    async def ask(pool: Pool) -> tuple[bytes, tuple[str, ...]]:
        seconds = 0.3 if how in ("falls silent", "garbles") else 20
        _, body = await asked(pool, there.url, answer_seconds=seconds)
        came = await anext(body)
        taken.set()
        with pytest.raises(UnavailableError, match="broke off") as caught:
            await anext(body)
        with pytest.raises(StopAsyncIteration):
            await anext(body)
        over.set()
        return came, caught.value.reasons

    taken = threading.Event()
    with talking(does) as there:
        came, reasons = with_pool(ask)
    assert came == b"half"
    garbled = how == "garbles" and begun.startswith(CHUNKED)
    silent = how in ("falls silent", "garbles") and not garbled
    assert reasons == ("SocketTimeoutError" if silent else "ClientPayloadError",)


def test_an_end_without_a_length_is_an_end_but_a_reset_is_none() -> None:
    """A body that lasts until the close ends with it; one that is torn off does not."""

    def does(line: socket.socket, turn: int) -> None:
        line.sendall(OK + b"\r\nall of it")
        taken.wait(20)
        if turn == 2:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.close()

    async def ask(pool: Pool) -> bytes:
        taken.clear()
        _, body = await asked(pool, there.url)
        came = await anext(body)
        taken.set()
        return came + await whole(body)

    async def twice(pool: Pool) -> bytes:
        first = await ask(pool)
        with pytest.raises(UnavailableError, match="broke off"):
            await ask(pool)
        return first

    taken = threading.Event()
    with talking(does) as there:
        assert with_pool(twice) == b"all of it"


def test_a_reader_who_waits_holds_the_provider_back() -> None:
    """What nobody takes does not pile up, however long that lasts; then all of it comes."""
    sent = [0]

    def does(line: socket.socket, _turn: int) -> None:
        line.sendall(OK + b"content-length: %d\r\n\r\n" % (400 * 65_536))
        for _ in range(400):
            line.sendall(b"z" * 65_536)
            sent[0] += 1

    async def ask(pool: Pool) -> int:
        incoming, body = await asked(pool, there.url, answer_seconds=0.2)
        before = -1
        while before != sent[0]:
            before = sent[0]
            await asyncio.sleep(0.5)  # longer than it waits for the provider
        assert incoming.size <= connection.MOST_WAITING_BYTES + 300_000
        assert sent[0] < 400
        return len(await whole(body))

    with talking(does) as there:
        assert with_pool(ask) == 400 * 65_536


def test_a_large_request_goes_out_whole_and_an_early_answer_ends_it() -> None:
    """A body of megabytes arrives; a connection on which it is still under way is not kept."""
    big = b"y" * 3_000_000

    async def ask(pool: Pool) -> bytes:
        return await whole((await asked(pool, there.url, big))[1])

    with talking(says(fixed(b"taken"))) as there:
        assert with_pool(ask) == b"taken"
        assert there.heard[0].endswith(b"\r\n\r\n" + big)
    listening = socket.create_server(("127.0.0.1", 0))

    def early() -> None:
        with listening, listening.accept()[0] as line:
            line.recv(1_000)
            line.sendall(b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n")
            line.settimeout(20)
            while not over.wait(0.01):
                pass

    async def refused(pool: Pool) -> tuple[int, int]:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        incoming, body = await asked(pool, url, big * 5)
        assert await whole(body) == b""
        kept = sum(map(len, pool._idle.values()))
        over.set()
        return incoming.status, kept

    over = threading.Event()
    thread = threading.Thread(target=early)
    thread.start()
    assert with_pool(refused) == (413, 0)
    thread.join(20)


def test_idleness_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that nobody used for a while is given back."""
    monkeypatch.setattr(connection, "KEPT_SECONDS", 0.1)

    async def ask(pool: Pool) -> tuple[int, int]:
        await whole((await asked(pool, there.url))[1])
        before = len(pool)
        await until(lambda: not pool)
        return before, len(pool)

    with talking(says(fixed())) as there:
        assert with_pool(ask) == (1, 0)


def test_an_answer_that_nobody_wants_hangs_up() -> None:
    """One that is closed, left lying, or whose request was cancelled holds no connection."""
    gone: list[Any] = []

    def does(line: socket.socket, turn: int) -> None:
        line.sendall(b"" if turn == 3 else CHUNKED + b"4\r\nhalf\r\n")
        gone.append(line.recv(10))

    async def ask(pool: Pool) -> int:
        _, body = await asked(pool, there.url)
        await anext(body)
        await body.aclose()
        _, body = await asked(pool, there.url)
        del body
        waits = asyncio.create_task(asked(pool, there.url))
        await until(lambda: len(there.heard) == 3)
        waits.cancel()
        await asyncio.wait([waits])
        await until(lambda: len(gone) == 3)
        return len(pool)

    with talking(does) as there:
        assert with_pool(ask) == 0
    assert there.connections == 3


def test_requests_leave_nothing_for_the_collector() -> None:
    """It seldom looks, so answers and connections must go by themselves."""

    async def ask(pool: Pool) -> None:
        for _ in range(5):
            incoming, body = await asked(pool, there.url)
            assert await whole(body) == b"{}"
            del incoming, body
        assert not [each for each in gc.get_objects() if isinstance(each, Incoming)][1:]
        await pool.close()
        await until(lambda: not pool)
        kinds = (Incoming, connection.Connection, Reading)
        await until(lambda: not any(isinstance(each, kinds) for each in gc.get_objects()))

    gc.collect()
    gc.disable()
    try:
        with talking(says(fixed())) as there:
            with_pool(ask)
    finally:
        gc.enable()
