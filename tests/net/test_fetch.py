"""Careful requests: the judged address is the one connected to, bounded, verified, never led on."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from muniment.core.clock import SystemClock
from muniment.core.errors import ForbiddenError, InvalidError, UnavailableError
from muniment.net import Fetcher, fetch
from muniment.testing import settings_for
from tests.server.certificates import self_signed

LOOPBACK = "127.0.0.0/8"


class Answering(BaseHTTPRequestHandler):
    """Answers as the path asks."""

    def do_GET(self) -> None:
        """Answer."""
        if self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            while not self.server.stopping.wait(0.05):  # type: ignore[attr-defined]  # ours
                try:
                    self.wfile.write(b"x")
                except OSError:
                    return
            return
        if self.path == "/redirect":
            self.send_response(302)
            self.send_header("location", "/json")
            self.end_headers()
            return
        body = {"/json": b'{"a": 1}', "/list": b"[1]", "/huge": b"x" * (fetch.MOST_BYTES + 1)}
        found = body.get(self.path, self.headers.get("host", "").encode())
        self.send_response(200)
        self.send_header("content-length", str(len(found)))
        self.end_headers()
        self.wfile.write(found)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@contextmanager
def serving(certificate: Path | None = None, key: Path | None = None) -> Iterator[int]:
    """Serve on this machine, with TLS if there is a certificate."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    server.stopping = threading.Event()  # type: ignore[attr-defined]  # ours
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.stopping.set()  # type: ignore[attr-defined]  # ours
        server.shutdown()
        server.server_close()
        thread.join()


def fetcher_in(tmp_path: Path, look_up: fetch.Resolve = fetch.resolve, **more: object) -> Fetcher:
    """Make a fetcher with these settings of the network."""
    given = {f"network.{name}": value for name, value in more.items()}
    return Fetcher(settings_for(tmp_path, **given), SystemClock(), look_up=look_up)


def test_plain_loopback_only_if_said(tmp_path: Path) -> None:
    """http on this machine is reached only where an operator said so."""
    with serving() as port:
        url = f"http://127.0.0.1:{port}/json"
        assert fetcher_in(tmp_path, reach_plain_loopback=True).get(url).json() == {"a": 1}
        with pytest.raises(ForbiddenError):
            fetcher_in(tmp_path).get(url)


def test_a_redirect_leads_nowhere(tmp_path: Path) -> None:
    """A redirect is an answer; nobody follows it."""
    with serving() as port:
        fetcher = fetcher_in(tmp_path, reach_plain_loopback=True)
        answer = fetcher.get(f"http://127.0.0.1:{port}/redirect")
    assert answer.status == 302


def test_bounded_in_size_and_shape(tmp_path: Path) -> None:
    """An answer that is too large breaks off; one that is no JSON object is refused."""
    with serving() as port:
        fetcher = fetcher_in(tmp_path, reach_plain_loopback=True)
        with pytest.raises(UnavailableError, match="too large"):
            fetcher.get(f"http://127.0.0.1:{port}/huge")
        for path in ("/list", "/text"):
            with pytest.raises(InvalidError):
                fetcher.get(f"http://127.0.0.1:{port}{path}").json()


def test_bounded_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that drips is left when the time is over, however often it says something."""
    monkeypatch.setattr(fetch, "MOST_SECONDS", 0.5)
    with serving() as port:
        fetcher = fetcher_in(tmp_path, reach_plain_loopback=True)
        with pytest.raises(UnavailableError):
            fetcher.get(f"http://127.0.0.1:{port}/slow")


def test_rebinding(tmp_path: Path) -> None:
    """The name is looked up once; the address that was judged is the one connected to."""
    asked: list[str] = []

    def look_up(host: str, _port: int) -> tuple[str, ...]:
        asked.append(host)
        return ("127.0.0.1",) if len(asked) > 1 else ("203.0.113.1",)

    private = fetcher_in(tmp_path, lambda _host, _port: ("127.0.0.1",))
    with pytest.raises(ForbiddenError, match="not a public address"):
        private.get("https://issuer.example/keys")
    with serving() as port:
        fetcher = fetcher_in(tmp_path, look_up, reach_plain_loopback=True)
        with pytest.raises(ForbiddenError):
            fetcher.get(f"https://issuer.example:{port}/json")
    assert asked == ["issuer.example"]


def test_certificates_are_verified(tmp_path: Path) -> None:
    """A certificate of an unknown authority, or of another name, is refused; ours is taken."""
    certificate, key = self_signed(tmp_path)
    with serving(certificate, key) as port:
        known = {"look_up": lambda _host, _port: ("127.0.0.1",), "reach_private": LOOPBACK}
        url = f"https://localhost:{port}/json"
        with pytest.raises(UnavailableError, match="did not prove"):
            fetcher_in(tmp_path, **known).get(url)  # type: ignore[arg-type]  # the names fit
        trusting = fetcher_in(tmp_path, **known, ca_file=certificate)  # type: ignore[arg-type]
        assert trusting.get(url).json() == {"a": 1}
        with pytest.raises(UnavailableError, match="did not prove"):
            trusting.get(f"https://other.example:{port}/json")


def test_nobody_there(tmp_path: Path) -> None:
    """A name without an address and a port without a server are said in words."""

    def unknown(_host: str, _port: int) -> tuple[str, ...]:
        raise socket.gaierror("unknown")

    with pytest.raises(UnavailableError, match="no address"):
        fetcher_in(tmp_path, unknown).get("https://nowhere.example/")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(UnavailableError, match="does not answer"):
        fetcher_in(tmp_path, reach_plain_loopback=True).get(f"http://127.0.0.1:{port}/")


def test_through_a_proxy(tmp_path: Path) -> None:
    """With a proxy the tunnel is asked of it, and private numbers are refused as ever."""
    asked: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def proxy() -> None:
        connection, _ = listening.accept()
        with connection:
            asked.append(connection.recv(4096))
            connection.sendall(b"HTTP/1.1 403 No\r\n\r\n")

    thread = threading.Thread(target=proxy, daemon=True)
    thread.start()
    address = f"http://me:pass%20word@127.0.0.1:{listening.getsockname()[1]}"
    fetcher = fetcher_in(tmp_path, proxy_url=address)
    with pytest.raises(ForbiddenError):
        fetcher.get("https://169.254.169.254/latest")
    with pytest.raises(UnavailableError):
        fetcher.get("https://issuer.example/keys")
    thread.join(20)
    listening.close()
    assert asked[0].startswith(b"CONNECT issuer.example:443 HTTP/1")
    assert b"Proxy-Authorization: Basic bWU6cGFzcyB3b3Jk" in asked[0]
