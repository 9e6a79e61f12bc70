"""A call that comes alone goes the short way; everything else, and every end, is as it ever was."""

from __future__ import annotations

import asyncio
import gc
import json
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as tuned
from hypothesis import strategies as st

from muniment.core.errors import UnavailableError
from muniment.gateway.dialects import Dialect
from muniment.gateway.line import Line
from muniment.gateway.pace import Coming
from muniment.gateway.telling import Told
from muniment.server import listen
from muniment.server.short import Short
from muniment.server.wire import Turn
from muniment.testing import settings_for
from tests.gateway.calling import Gate, gate_in, script
from tests.server.certificates import self_signed
from tests.server.wired import NOTHING, Small, Wired, call, plain, rest_of, wired

HELLO = b'{"model":"echo","messages":[{"role":"user","content":"hello"}]}'
STREAMED = HELLO[:-1] + b',"stream":true}'
AFTER = b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
TWICE = ("x-twice: 1", "x-twice: 2")


@pytest.fixture(scope="module")
def echoing() -> Iterator[Wired]:
    """Connections in front of a gateway that says back what it was sent."""
    with wired() as opened:
        yield opened


def until(seen: Any) -> None:
    """Wait until something is so."""
    for _ in range(300):
        if seen():
            return
        threading.Event().wait(0.02)
    raise AssertionError("it never came to be")


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """A whole gateway behind connections of the product."""
    parts = {"model/echo": {"provider": "echo", "model": "echo-1"}, **script({"say": "x" * 90})}
    with gate_in(tmp_path_factory.mktemp("gate"), parts) as opened:
        yield opened


@pytest.mark.parametrize(
    ("body", "more"),
    [
        (HELLO, ()),
        (HELLO, ("x-request-id: mine-0001",)),
        (STREAMED, ()),
        (b"{", ()),
        (b'{"model":"nobody","messages":[]}', ()),
        (b"", ("authorization: Bearer none",)),
    ],
)
def test_both_ways_say_the_same_bytes(
    gate: Gate, body: bytes, more: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole, streamed or refused: head and body are the same, whichever way a call went."""
    bearer = () if more and more[0].startswith("auth") else (f"authorization: Bearer {gate.key}",)
    short: Short = gate.app.short  # type: ignore[attr-defined]  # our application has it
    went, answer, heard = [], short.answer, []

    def noted(turn: Turn) -> Any:
        went.append(turn)
        return answer(turn)

    monkeypatch.setattr(short, "answer", noted)
    for lines in ((), TWICE):  # a header that came twice is nothing usual
        for last in (True, False):
            sent = call(body, *bearer, *more, *lines, last=last)
            with socket.create_connection(
                ("127.0.0.1", int(gate.origin.rpartition(":")[2])), timeout=30
            ) as line:
                line.sendall(sent if last else sent + AFTER)
                heard.append(plain(rest_of(line)))
        assert len(went) == 2, "the wrong way"
    assert heard[:2] == heard[2:]
    assert heard[0].startswith(b"HTTP/1.1 ")
    assert b"connection: close" in heard[0].partition(b"\r\n\r\n")[0]
    assert b'"status":"ok"' in heard[1], "what came after it was answered after it"


def test_a_head_that_came_before_is_not_read_again(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is answered is the same to the byte, and every other head is read as ever."""
    short: Short = gate.app.short  # type: ignore[attr-defined]  # our application has it
    read, heads = short.usual, []

    def noted(method: bytes, url: bytes, headers: Any) -> Any:
        heads.append(url)
        return read(method, url, headers)

    monkeypatch.setattr(short, "usual", noted)
    short.known.clear()
    bearer = f"authorization: Bearer {gate.key}"
    longer = HELLO.replace(b"hello", b"hello, hello")
    bodies = (HELLO, HELLO, longer, STREAMED, b"{", b"")
    told = []
    for known in (False, True):
        heads.clear()
        with socket.create_connection(
            ("127.0.0.1", int(gate.origin.rpartition(":")[2])), timeout=30
        ) as line:
            heard = b""
            for body in bodies:
                if not known:
                    short.known.clear()
                line.sendall(call(body, bearer))
                heard += rest_of(line, until=b"0\r\n\r\n" if body == STREAMED else b"}")
            line.sendall(AFTER)
            told.append(plain(heard + rest_of(line)))
        posts = [url for url in heads if url != b"/health"]
        assert len(posts) == (0 if known else len(bodies))
    assert told[0] == told[1]
    line_of_another = call(HELLO, "authorization: Bearer none", last=True)
    with socket.create_connection(
        ("127.0.0.1", int(gate.origin.rpartition(":")[2])), timeout=30
    ) as line:
        line.sendall(line_of_another)
        assert rest_of(line).startswith(b"HTTP/1.1 401 ")


def test_a_head_with_a_key_is_not_known_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while it is read again, so that a key does not lie about when nobody calls."""
    monkeypatch.setattr("muniment.server.short._FORGOTTEN_SECONDS", 0.2)
    with wired() as opened, opened.connect() as line:
        short = opened.server.config.app.short  # type: ignore[union-attr]  # as ours have
        line.sendall(call(b"{}"))
        assert rest_of(line, until=b"{}").endswith(b"{}")
        until(lambda: not short.known)


@pytest.mark.parametrize("at", [0, 1, 60])
def test_a_head_is_never_known_as_that_of_another(at: int) -> None:
    """Callers of one connection, one right behind the other, are each known by their own head."""
    small = Small(full=True)  # so that the one before is answered when the next is read
    with wired(small) as opened, opened.connect() as line:
        short = opened.server.config.app.short  # type: ignore[union-attr]  # as ours have
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def by(name: str) -> bytes:
            return call(b"y" * 60, f"x-muniment-subject: {name}")

        for names in (("ann", "bob"), ("ann", "cat"), ("bob", "ann"), ("cat", "bob")):
            sent = by(names[0]) + by(names[1])
            end = len(by(names[0])) - at
            line.sendall(sent[:end])
            threading.Event().wait(0.05)
            line.sendall(sent[end:])
            heard = b""
            while heard.count(b"full") < 2:
                heard += line.recv(65_536)
            known = {
                rest.partition(b"subject: ")[2][:3].decode(): usual.headers["x-muniment-subject"]
                for rest, usual in short.known.items()
            }
            assert known
            assert all(name == found for name, found in known.items())


@pytest.mark.parametrize("at", [0, 1, 30, 59])
def test_a_known_head_may_come_without_its_body(echoing: Wired, at: int) -> None:
    """Of the body more comes later, with the next call right behind it; one too long is read."""
    body = b"y" * 60
    with echoing.connect() as line:
        for _ in range(2):
            line.sendall(call(body))
            assert rest_of(line, until=body).endswith(body)
        sent = call(body) + call(b"last", last=True)
        end = len(call(body)) - len(body) + at
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.sendall(sent[:end])
        threading.Event().wait(0.05)
        line.sendall(sent[end:])
        heard = rest_of(line)
    assert heard.count(b"HTTP/1.1 200 OK\r\n") == 2
    assert body + b"HTTP/1.1 200 OK\r\n" in heard
    assert heard.endswith(b"last")


def test_what_is_not_usual_goes_the_long_way(echoing: Wired) -> None:
    """Other paths and methods, hosts, lengths and protocols are judged where they always were."""
    chunked = (
        b"POST /v1/messages HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
        b"transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    )
    usual = call(last=True)
    for sent in (
        chunked,
        call(path="/v1/nothing", last=True),
        call(path="/v1/messages?beta=true", last=True),
        call(b"{}", *TWICE, last=True),
        call(b"{}", "accept: text/html", last=True),
        usual.replace(b"localhost", b"evil.example"),
        usual.replace(b"host: localhost\r\n", b""),
        usual.replace(b"POST", b"PUT"),
        usual.replace(b"HTTP/1.1", b"HTTP/1.0"),
        call(b"{}", "upgrade: h2c", last=True),
    ):
        assert echoing.said(sent).endswith(b"\r\n\r\nlong:{}"), sent
    waits = echoing.said(call(b"{}", "expect: 100-continue", last=True))
    assert waits.endswith(b"long:{}")
    assert echoing.said(usual).endswith(b"\r\n\r\n{}")


def test_through_tls_it_is_the_same_way(tmp_path: Path) -> None:
    """A caller who speaks TLS is answered by the same short way."""
    cert, key = self_signed(tmp_path)
    trust = ssl.create_default_context(cafile=str(cert))
    with wired(ssl_certfile=cert, ssl_keyfile=key) as opened, opened.connect() as plain_line:
        with trust.wrap_socket(plain_line, server_hostname="localhost") as line:
            line.sendall(call(b"{}") + call(b"y" * 200_000, last=True))
            heard = rest_of(line)
        assert heard.endswith(b"y" * 200_000)
        assert opened.gateway.seen[0] == b"{}"


def test_behind_a_proxy_there_is_only_the_long_way() -> None:
    """For whom a proxy speaks is judged there, so every call goes by."""
    with wired(proxy_headers=True, forwarded_allow_ips=["127.0.0.1"]) as opened:
        heard = opened.said(call(b"{}", "x-forwarded-for: 203.0.113.9", last=True))
        assert heard.endswith(b"\r\n\r\nlong:{}")
        assert not opened.gateway.seen


@tuned(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 60), max_size=12), st.integers(1, 4), st.integers(0, 3))
def test_however_it_is_cut_it_is_the_same_call(
    echoing: Wired, cuts: list[int], many: int, strange: int
) -> None:
    """Calls cut anywhere, several on one line at once, are each answered once and in order."""
    calls = [
        call(b'{"turn": %d}' % turn, *(TWICE if turn == strange else ())) for turn in range(many)
    ]
    left = b"".join(calls) + call(b"last", last=True)
    with echoing.connect() as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for size in cuts:
            line.sendall(left[:size])
            left = left[size:]
        line.sendall(left)
        heard = rest_of(line)
    answers = [each.partition(b"\r\n\r\n")[2] for each in heard.split(b"HTTP/1.1 200 OK\r\n")[1:]]
    said = [each.removeprefix(b"long:") for each in answers]
    assert said == [*(b'{"turn": %d}' % turn for turn in range(many)), b"last"]


@pytest.mark.parametrize("size", [10, 66_000, 300_000])
def test_a_body_that_comes_in_parts_is_taken_whole(echoing: Wired, size: int) -> None:
    """Head and body sent apart, as many clients do; a long one is waited for by the long way."""
    sent = call(b"y" * size, last=True)
    with echoing.connect() as line:
        line.sendall(sent[:-size])
        threading.Event().wait(0.05)
        line.sendall(sent[-size : -size // 2])
        threading.Event().wait(0.05)
        line.sendall(sent[-size // 2 :])
        heard = rest_of(line)
    assert heard.endswith(b"y" * size)
    assert (b"\r\n\r\nlong:" in heard) == (size > 65_536)


def test_a_body_that_stays_out_is_told(tmp_path: Path) -> None:
    """Whoever begins a call and does not end it hears of it, and it counts."""
    slow = settings_for(tmp_path / "data", "", **{"gateway.request_seconds": 1})
    with wired(settings=slow) as opened, opened.connect() as line:
        line.sendall(call(b"{}" * 20)[:-5])
        heard = line.recv(65_536)
        assert heard.startswith(b"HTTP/1.1 408 ")
        assert opened.gateway.seen == [None]
        until(lambda: opened.counted(408) == 1)
        line.sendall(call(b"{}" * 20)[-5:] + call(b"{}"))  # what came too late is passed over
        assert rest_of(line, until=b"{}").startswith(b"HTTP/1.1 200 ")
        line.sendall(call(b"{}" * 20)[:-5])  # now its head is known
        assert rest_of(line, until=b"late").startswith(b"HTTP/1.1 408 ")
        line.sendall(call(b"{}" * 20)[-5:] + call(b"{}"))
        assert rest_of(line, until=b"{}").startswith(b"HTTP/1.1 200 ")
        assert opened.gateway.seen == [None, b"{}", None, b"{}"]


def test_who_hangs_up_before_the_end_is_counted(echoing: Wired) -> None:
    """A call that never came whole is in the metrics, and nothing was answered."""
    before, seen = echoing.counted(500), len(echoing.gateway.seen)
    with echoing.connect() as line:
        line.sendall(call(b"{}" * 20)[:-5])
    until(lambda: echoing.counted(500) == before + 1)
    assert len(echoing.gateway.seen) == seen


def test_patience_and_idleness_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection is closed when headers stay out, and when nothing comes after an answer."""
    monkeypatch.setattr(listen, "HEADER_SECONDS", 0.3)
    with wired() as opened:
        with opened.connect() as line:
            line.sendall(call() + b"POST /v1/messages HTTP/1.1\r\nho")
            assert rest_of(line).endswith(b"\r\n\r\n{}")
        opened.server.config.timeout_keep_alive = 0
        with opened.connect() as line:
            line.sendall(call())
            assert rest_of(line).endswith(b"\r\n\r\n{}")


def test_a_caller_who_reads_nothing_is_not_written_to() -> None:
    """The stream waits for its reader, and ends when the reader goes away."""
    gone = threading.Event()
    written: list[int] = []

    async def endless(_raw: bytes, line: Line) -> None:
        await line.begin(NOTHING, "exc_1")
        try:
            async with line.watched():
                while True:
                    at_once = line.at_once()
                    if at_once is not None and len(written) % 2:
                        at_once(b"z" * 65_536)
                    else:
                        await line.write(b"z" * 65_536)
                    written.append(1)
                    await asyncio.sleep(0)
        finally:
            gone.set()

    with wired(Small(does=endless)) as opened:
        with opened.connect() as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
            line.sendall(call())
            assert line.recv(100).startswith(b"HTTP/1.1 200 OK\r\n")
            until(lambda: _settled(written))
            assert not gone.is_set()
            assert len(written) < 400, "it was kept in memory"
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        assert gone.wait(20), "nobody told it"
        until(lambda: opened.counted(200) == 1)


def _settled(written: list[int]) -> bool:
    before = len(written)
    threading.Event().wait(0.3)
    return 0 < before == len(written)


def test_what_breaks_is_told_once() -> None:
    """Before the answer began it is a problem in the usual shape; after, the line is cut."""

    async def breaks(raw: bytes, line: Line) -> None:
        if raw == b"late":
            await line.begin(NOTHING, "exc_1")
            await line.write(b"some")
        if raw == b"known":
            raise UnavailableError("the database went away", remedy="Wait.")
        raise ValueError("the secret of it")

    with wired(Small(does=breaks)) as opened:
        for raw, status in ((b"known", 503), (b"early", 500)):
            heard = opened.said(call(raw, last=True))
            head, _, body = heard.partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 %d " % status)
            assert b"application/problem+json" in head
            assert b"x-frame-options: DENY" in head
            assert json.loads(body)["status"] == status
            assert b"secret" not in heard
        heard = opened.said(call(b"late"))
        assert heard.endswith(b"4\r\nsome\r\n"), "no end was written"
        until(lambda: (opened.counted(503), opened.counted(500)) == (1, 1))


def turns() -> list[tuple[object, object]]:
    """Say what is kept of calls."""
    found = [each for each in gc.get_objects() if isinstance(each, Turn)]
    return [(each.raw, each.headers) for each in found]


def test_who_finds_no_room_is_told_at_once_and_counted() -> None:
    """One call after the other on a connection is told so; with room again the next is answered."""
    small = Small(full=True)
    with wired(small) as opened, opened.connect() as line:
        for _ in range(3):
            line.sendall(call(HELLO))
            told = rest_of(line, until=b"full")
            assert told.startswith(b"HTTP/1.1 503 ")
            assert b"x-muniment-exchange: exc_2\r\n" in told
            assert b"x-request-id: req_" in told
        assert small.seen == []
        assert opened.counted(503) == 3
        small.full = False
        line.sendall(call(HELLO, last=True))
        assert rest_of(line).endswith(HELLO)


def test_what_comes_says_whether_it_may_have_lain_before_the_door() -> None:
    """The first call of a connection may have, no later one; each says how long it lay unread."""
    came: list[tuple[bool, bool]] = []

    class Asks(Small):
        def turned_away(self, dialect: Dialect, coming: Coming) -> tuple[bytes, Told, str] | None:
            """Note what comes, and let it in."""
            came.append((coming.is_first, 0.0 <= coming.unread() < 60))
            return super().turned_away(dialect, coming)

    with wired(Asks()) as opened, opened.connect() as line:
        for last in (False, False, True):
            line.sendall(call(HELLO, last=last))
            assert rest_of(line, until=HELLO).endswith(HELLO)
    assert came == [(True, True), (False, True), (False, True)]


def test_calls_leave_nothing_for_the_collector(echoing: Wired) -> None:
    """It seldom looks, so what was said must go by itself when a call has ended."""
    gc.collect()
    gc.disable()
    try:
        with echoing.connect() as line:
            for _ in range(5):
                line.sendall(call(b"{}"))
                assert line.recv(65_536).endswith(b"{}")
            until(lambda: turns() == [(b"", {})])
        until(lambda: not turns())
    finally:
        gc.enable()


def test_a_stop_ends_what_does_not_end_itself() -> None:
    """After the grace a call that still runs is told so, and the server ends."""

    async def hangs(_raw: bytes, _line: Line) -> None:
        await asyncio.sleep(60)

    with wired(Small(does=hangs)) as opened, opened.connect() as line:
        line.sendall(call())
        until(lambda: opened.gateway.seen)
        opened.server.should_exit = True
        heard = rest_of(line)
        opened.thread.join(30)
        assert not opened.thread.is_alive()
    assert heard.startswith(b"HTTP/1.1 500 ")
    assert heard.endswith(b"Internal Server Error")


def test_a_stop_lets_a_call_end() -> None:
    """A call under way when the stop comes is answered whole, and its line is then closed."""
    begun = threading.Event()

    async def slowly(raw: bytes, line: Line) -> None:
        begun.set()
        await asyncio.sleep(0.3)
        await line.reply(200, raw, NOTHING, "exc_1")

    with wired(Small(does=slowly)) as opened, opened.connect() as line:
        line.sendall(call(b"under way"))
        assert begun.wait(20)
        opened.server.should_exit = True
        heard = rest_of(line)
    assert heard.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"connection: close\r\n" in heard
    assert heard.endswith(b"under way")
