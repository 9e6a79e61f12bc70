"""Connections are opened carefully: to judged addresses, under verified names, in time."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from pathlib import Path
from typing import Any

import pytest

from muniment.core.errors import InvalidError
from muniment.gateway.outgoing import ClientConnectorError, Pool, pool
from muniment.gateway.outgoing.failing import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorSSLError,
    ConnectionTimeoutError,
)
from muniment.gateway.outgoing.resolving import Address
from muniment.settings import load
from tests.gateway.outgoing.talking import asked, fixed, says, talking, until, whole, with_pool
from tests.server.certificates import self_signed


async def _fails(
    opened: Pool, url: str, kind: type[Exception] = ClientConnectorError, **more: Any
) -> None:
    with pytest.raises(kind) as caught:
        await asked(opened, url, **more)
    assert type(caught.value) is kind
    assert not opened


def _at(*hosts: str) -> tuple[Address, ...]:
    """Say that a name leads to these numbers."""
    return tuple(
        Address(hostname="name", host=host, port=0, family=socket.AF_INET, proto=0, flags=0)
        for host in hosts
    )


def test_a_certificate_is_verified_under_its_name(tmp_path: Path) -> None:
    """Nobody's certificate, another name and no TLS at all are refused; ours is fine, and kept."""
    certificate, key = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    known = load(environment={}, overrides={"network.ca_file": certificate}).settings

    async def twice(opened: Pool) -> list[bytes]:
        url = f"https://localhost:{there.port}/v1"
        return [await whole((await asked(opened, url))[1]) for _ in range(2)]

    async def strange(opened: Pool) -> None:
        await _fails(opened, f"https://localhost:{there.port}/", ClientConnectorCertificateError)

    with talking(says(fixed(b"safe")), context) as there:
        assert with_pool(twice, known) == [b"safe", b"safe"]
        assert there.connections == 1
        with_pool(strange)

    async def no_tls(opened: Pool) -> None:
        await _fails(opened, f"https://localhost:{port}/", ClientConnectorSSLError)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def plainly() -> None:
            with listening.accept()[0] as line:
                line.recv(1_000)
                line.sendall(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
                line.recv(1_000)

        thread = threading.Thread(target=plainly)
        thread.start()
        with_pool(no_tls, known)
        thread.join(20)


def test_nobody_is_told_apart_from_nowhere() -> None:
    """A free port, a name that is none, and one that leads to metadata were not spoken to."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    async def ask(opened: Pool) -> None:
        await _fails(opened, f"http://127.0.0.1:{port}/")
        await _fails(opened, "https://no-such-host.invalid/", ClientConnectorDNSError)
        for host in ("169.254.169.254", "0.0.0.0", "[fe80::1]", "[::ffff:169.254.169.254]"):
            await _fails(opened, f"http://{host}:{port}/", ClientConnectorDNSError)

    with_pool(ask)


def test_waiting_for_a_connection_ends() -> None:
    """One that nobody takes up is given up in time; it is not known that nothing arrived."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        port = listening.getsockname()[1]
        full = [socket.socket() for _ in range(8)]
        for each in full:
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))

        async def ask(opened: Pool) -> None:
            url = f"http://127.0.0.1:{port}/"
            await _fails(opened, url, ConnectionTimeoutError, connect_seconds=0.3)

        with_pool(ask)
        for each in full:
            each.close()


def test_the_first_address_that_answers_is_taken() -> None:
    """One that refuses, or that never answers, does not hold up the next; none is left open."""

    async def ask(opened: Pool) -> tuple[bytes, int]:
        opened._known["name", there.port] = float("inf"), _at("127.9.9.9", "127.0.0.1")
        body = await whole((await asked(opened, f"http://name:{there.port}/"))[1])
        opened._known["name", there.port] = float("inf"), _at("127.9.9.9", "127.9.9.8")
        opened._idle.clear()
        with pytest.raises(ClientConnectorError):
            await asked(opened, f"http://name:{there.port}/")
        return body, len(opened)

    with talking(says(fixed(b"here"))) as there:
        assert with_pool(ask) == (b"here", 1)


def test_several_that_answer_leave_one_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that came about too late are hung up."""
    monkeypatch.setattr(pool, "_NEXT_SECONDS", 0.0)

    async def ask(opened: Pool) -> int:
        opened._known["name", there.port] = float("inf"), _at(*["127.0.0.1"] * 5)
        await whole((await asked(opened, f"http://name:{there.port}/"))[1])
        await until(lambda: len(opened) == 1)
        return len(opened)

    with talking(says(fixed())) as there:
        assert with_pool(ask) == 1


def test_names_are_asked_for_again_after_a_while() -> None:
    """Where a name leads is remembered for seconds, and judged each time."""

    async def ask(opened: Pool) -> None:
        first = await opened._addresses("localhost", 1)
        assert await opened._addresses("localhost", 1) is first
        opened._known["localhost", 1] = opened.loop.time() - 1, _at("10.0.0.1")
        assert await opened._addresses("localhost", 1) == first

    with_pool(ask)


def test_addresses_of_both_kinds_come_by_turns() -> None:
    """So that a network without one kind is not waited for address by address."""
    four, six = _at("127.0.0.1", "127.0.0.2"), _at("::1", "::2", "::3")
    for each in six:
        each["family"] = socket.AF_INET6
    mixed = [each["host"] for each in pool._mixed([*six, *four])]
    assert mixed == ["::1", "127.0.0.1", "::2", "127.0.0.2", "::3"]


def test_not_everything_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """More connections than may be kept are closed when they are free; all at the end."""
    monkeypatch.setattr(pool, "MOST_KEPT", 2)

    async def ask(opened: Pool) -> int:
        several = await asyncio.gather(*(asked(opened, there.url) for _ in range(5)))
        for _, body in several:
            await whole(body)
        await until(lambda: len(opened) == 2)
        await opened.close()
        await until(lambda: not opened)
        return sum(map(len, opened._idle.values()))

    with talking(says(fixed())) as there:
        assert with_pool(ask) == 0
    assert there.connections == 5


def test_a_header_cannot_smuggle_another() -> None:
    """A secret with a line break in it is refused before anything is sent."""

    async def ask(opened: Pool) -> None:
        for bad in ("a\r\nx-evil: 1", "a\nb", "a\rb", "a\0"):
            with pytest.raises(InvalidError):
                await opened.post(there.url, {"x-a": bad}, b"", connect_seconds=9, answer_seconds=9)

    with talking(says(fixed())) as there:
        with_pool(ask)
    assert not there.connections
