"""How long the server waits for its callers, and how it stops; with real sockets."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
import urllib.request
from pathlib import Path

import pytest
from starlette.requests import Request

from muniment.core.errors import UnavailableError
from muniment.server import listen
from muniment.server.app import make_app
from muniment.server.listen import serve
from tests.server.asking import house_in
from tests.server.people import found_admin, person_with
from tests.server.running import started


def test_patience_with_headers_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A caller who never finishes the headers is hung up on; one who is done is not."""
    monkeypatch.setattr(listen, "HEADER_SECONDS", 0.3)
    heard: list[bytes] = []
    with house_in(tmp_path / "data", **{"server.port": 0}) as house:

        def slowly(port: int) -> None:
            with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
                line.sendall(b"GET / HTTP/1.1\r\nhost: loc")
                heard.append(line.recv(100))
            with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
                request = b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n"
                line.sendall(request)
                heard.append(line.recv(12))
                time.sleep(0.5)
                line.sendall(request)
                heard.append(line.recv(12))
            os.kill(os.getpid(), signal.SIGTERM)

        caller: list[threading.Thread] = []

        def ready(port: int) -> None:
            caller.append(threading.Thread(target=slowly, args=(port,)))
            caller[0].start()

        serve(make_app(house), house.settings, ready=ready)
        caller[0].join()
    assert heard[0] == b""
    assert heard[1].startswith(b"HTTP/1.1 200")


def test_a_page_that_lives_does_not_hold_the_stop(tmp_path: Path) -> None:
    """A stream of news ends whole as soon as the server is told to stop; the browser asks again."""
    heard = b""
    given = {"server.port": 0, "server.grace_seconds": 15}
    with house_in(tmp_path / "data", **given) as house:
        house.log.begin()
        found_admin(house)
        cookie = person_with(house, "operator").headers["cookie"]

        def listens(port: int) -> None:
            nonlocal heard
            with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
                asked = "GET /console/exchanges/live/events?after=0 HTTP/1.1\r\nhost: localhost"
                line.sendall(f"{asked}\r\ncookie: {cookie}\r\n\r\n".encode())
                while b"retry:" not in heard and (more := line.recv(4_096)):
                    heard += more
                os.kill(os.getpid(), signal.SIGTERM)
                while more := line.recv(4_096):
                    heard += more

        caller: list[threading.Thread] = []

        def ready(port: int) -> None:
            caller.append(threading.Thread(target=listens, args=(port,)))
            caller[0].start()

        serve(make_app(house), house.settings, ready=ready)
        caller[0].join()
    assert b"retry:" in heard
    assert heard.endswith(b"0\r\n\r\n"), "it was cut off"


@pytest.mark.slow
def test_slow_callers_cannot_hold_the_stop(tmp_path: Path) -> None:
    """Callers who send a byte now and then do not keep a stopped server from ending."""
    environment = {"MUNIMENT_SERVER_GRACE_SECONDS": "2"}
    data = str(tmp_path / "data")
    with started("up", "--data", data, "--port", "0", environment=environment) as server:
        lines = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(4)]
        lines[0].sendall(b"GET / HT")
        lines[1].sendall(b"POST /health HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\nx")
        lines[2].sendall(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n")
        done = threading.Event()

        def drip() -> None:
            while not done.wait(0.2):
                try:
                    lines[0].sendall(b"x")
                    lines[1].sendall(b"x")
                except OSError:
                    return

        dripping = threading.Thread(target=drip)
        dripping.start()
        assert server.stop() == 0
        done.set()
        dripping.join()
        for line in lines:
            line.close()
    assert "Stopped" in server.said[-1]


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_running_request_is_finished(tmp_path: Path, number: int) -> None:
    """A request that runs when the stop comes is finished, then the end is said, exit code 0."""
    with started("up", "--data", str(tmp_path / "data"), "--port", "0") as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as line:
            body = b'{"x": 1}'
            line.sendall(
                b"POST /api/v1/about HTTP/1.1\r\nhost: localhost\r\n"
                b"content-length: %d\r\n\r\n" % len(body)
            )
            line.sendall(body)
            heard = line.recv(65_536)
            server.process.send_signal(number)
            assert heard.startswith(b"HTTP/1.1 405")
        assert server.ended() == 0
    assert "Stopped; everything acknowledged is on disk." in server.said[-1]


def test_a_request_under_way_is_finished_within_the_grace(tmp_path: Path) -> None:
    """The stop waits for a request under way, and gives its answer."""
    import anyio  # noqa: PLC0415 only here
    from starlette.responses import Response  # noqa: PLC0415
    from starlette.routing import Route  # noqa: PLC0415

    async def slow(_request: Request) -> Response:
        os.kill(os.getpid(), signal.SIGTERM)
        await anyio.sleep(0.6)
        return Response("whole")

    heard: list[bytes] = []
    callers: list[threading.Thread] = []

    def ask(port: int) -> None:
        heard.append(urllib.request.urlopen(f"http://127.0.0.1:{port}/slow").read())

    def ready(port: int) -> None:
        callers.append(threading.Thread(target=ask, args=(port,)))
        callers[0].start()

    with house_in(tmp_path / "data", **{"server.port": 0}) as house:
        app = make_app(house)
        app.router.routes.insert(0, Route("/slow", slow))
        serve(app, house.settings, ready=ready)
        callers[0].join()
        assert not house.runner.alive()
    assert heard == [b"whole"]


def test_a_failure_while_beginning_is_ours_to_tell(tmp_path: Path) -> None:
    """If the application cannot begin, its own error comes out, and nothing is served."""

    def broken() -> None:
        raise UnavailableError("the database went away")

    served: list[int] = []
    with house_in(tmp_path / "data", **{"server.port": 0}) as house:
        app = make_app(house)
        with pytest.raises(UnavailableError, match="went away"):
            serve(app, house.settings, ready=served.append, begin=broken)
    assert not served
