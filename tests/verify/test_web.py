"""A log read over HTTP: whatever the server does, the answer is one of three."""

from __future__ import annotations

import contextlib
import gzip
import socketserver
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from muniment.verify import FormatError, Options, Trust, verify_url
from tests.verify.log_maker import Log, entries, signer

TRUST = Trust((signer().key,))
Answer = tuple[int, bytes, dict[str, str]]


class Server:
    """Serves a folder on the loopback address, through a filter a test may set."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.change: Callable[[str, Answer], Answer] = lambda _, answer: answer
        self.url = ""

    def answer(self, path: str) -> Answer:
        file = self.folder / path.removeprefix("/log/")
        found: Answer = (404, b"gone", {})
        if file.is_file():
            found = (200, file.read_bytes(), {})
        return self.change(path, found)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A log of 700 entries on the web."""
    Log(tmp_path).append(entries(700))
    made = Server(tmp_path)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            code, body, headers = made.answer(self.path)
            self.send_response(code)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class QuietServer(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A reader that hangs up early is no concern of the server."""

    with QuietServer(("127.0.0.1", 0), Handler) as http:
        assert isinstance(http, socketserver.BaseServer)
        made.url = f"http://127.0.0.1:{http.server_address[1]}/log"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        http.shutdown()
        thread.join()


def test_a_log_on_the_web_is_met(server: Server) -> None:
    """The same checks hold over HTTP, with or without a slash at the end."""
    for url in (server.url, server.url + "/"):
        report = verify_url(url, TRUST)
        assert (report.answer, report.size) == ("met", 700)


def test_compressed_answers_are_read(server: Server) -> None:
    """A server may compress without being asked."""
    server.change = lambda _, a: (a[0], gzip.compress(a[1]), {"Content-Encoding": "gzip"})
    assert verify_url(server.url, TRUST).answer == "met"


def test_a_changed_entry_on_the_web_is_named(server: Server) -> None:
    """A served entry that differs is named as on disk."""

    def change(path: str, answer: Answer) -> Answer:
        body = answer[1].replace(b"psn_ada", b"psn_bob", 1)
        return (answer[0], body, {}) if path.endswith("entries/001") else answer

    server.change = change
    report = verify_url(server.url, TRUST)
    assert [one.message for one in report.findings if one.severity == "fail"] == [
        "entry 256 is changed or missing"
    ]


def test_a_full_tile_serves_for_a_partial_one(server: Server) -> None:
    """A server may drop partial tiles once the full one exists."""
    log = Log(server.folder)
    first = log.append(entries(700)[:300])
    log.append(entries(700)[300:])

    def change(path: str, answer: Answer) -> Answer:
        return (404, b"", {}) if ".p/44" in path else answer

    server.change = change
    report = verify_url(server.url, TRUST, Options(checkpoint=first))
    assert (report.answer, report.size) == ("met", 300)


@pytest.mark.parametrize("code", [500, 503, 403, 429])
def test_a_server_in_trouble_leaves_the_answer_open(server: Server, code: int) -> None:
    """An error of the server is neither met nor broken."""
    server.change = lambda path, a: (code, b"", {}) if "tile/0" in path else a
    report = verify_url(server.url, TRUST)
    assert report.answer == "could not tell"
    assert f"the server answered {code}" in report.findings[0].message


def test_a_missing_tile_on_the_web_is_not_met(server: Server) -> None:
    """404 for a part of the signed log means the part is missing."""
    server.change = lambda path, a: (404, b"", {}) if path.endswith("entries/001") else a
    assert verify_url(server.url, TRUST).answer == "not met"


def test_answers_without_end_are_cut_off(server: Server) -> None:
    """A compressed bomb and a checkpoint of megabytes are read only so far."""
    bomb = gzip.compress(bytes(60_000_000))
    server.change = lambda *_: (200, bomb, {"Content-Encoding": "gzip"})
    assert verify_url(server.url, TRUST).answer == "not met"
    server.change = lambda *_: (200, b"a" * 5_000_000, {})
    assert verify_url(server.url, TRUST).answer == "not met"


def test_broken_compression_and_redirects_elsewhere_leave_the_answer_open(server: Server) -> None:
    """Noise called gzip, endless redirects and a way to the reader's disk are not followed."""
    server.change = lambda *_: (200, b"noise", {"Content-Encoding": "gzip"})
    assert verify_url(server.url, TRUST).answer == "could not tell"
    for target in (server.url + "/checkpoint", "file:///etc/hostname", "ftp://127.0.0.1/x"):
        found: Answer = (302, b"", {"Location": target})
        server.change = lambda *_, found=found: found
        assert verify_url(server.url, TRUST).answer == "could not tell"


@pytest.mark.parametrize("begins", [b"HTTP/1.0 200 OK\r\n\r\n", b"HTTP/1.0 200 OK\r\nX: "])
def test_a_server_that_dribbles_is_not_waited_for(begins: bytes) -> None:
    """One byte after another, always in time, in a header or a body: that is no answer either."""
    hung_up = threading.Event()

    class Dribbling(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                self.request.sendall(begins)
                while not hung_up.wait(0.02):
                    self.request.sendall(b"a")

    class Endless(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Endless(("127.0.0.1", 0), Dribbling) as tcp:
        thread = threading.Thread(target=tcp.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        report = verify_url(f"http://127.0.0.1:{tcp.server_address[1]}", TRUST, timeout_s=0.1)
        hung_up.set()
        tcp.shutdown()
        thread.join()
    assert report.answer == "could not tell"
    assert "too slowly" in report.findings[0].message


def test_nobody_there_leaves_the_answer_open() -> None:
    """A closed port is an answer: could not tell."""
    report = verify_url("http://127.0.0.1:1/log", TRUST, timeout_s=2.0)
    assert report.answer == "could not tell"


@pytest.mark.parametrize("url", ["file:///tmp", "ftp://example.com", "http://", "http:///x"])
def test_only_web_addresses_are_addresses(url: str) -> None:
    """Any other scheme is wrong use."""
    with pytest.raises(FormatError):
        verify_url(url, TRUST)
