"""Where the server listens, what it believes, and how it stops; with real sockets."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.core.errors import InvalidError, UnavailableError
from muniment.server.app import make_app
from muniment.server.listen import _waiting, listen_on, require_safe_address, serve
from muniment.settings import Settings
from muniment.testing import settings_for
from tests.server.asking import house_in
from tests.server.certificates import self_signed
from tests.server.running import Running, command, started


def settings_with(folder: Path, **overrides: object) -> Settings:
    """Give settings whose server listens so."""
    return settings_for(
        folder, "", **{f"server.{name}": value for name, value in overrides.items()}
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server that several tests ask; none of them changes it."""
    data = tmp_path_factory.mktemp("listening") / "data"
    environment = {"MUNIMENT_SERVER_MAX_BODY_BYTES": "4096"}
    with started("up", "--data", str(data), "--port", "0", environment=environment) as running:
        yield running


def spoken(port: int, sent: bytes, *, seconds: float = 15) -> bytes:
    """Send raw bytes and give everything that comes back until the other side closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as line:
        line.sendall(sent)
        heard = b""
        while piece := line.recv(65_536):
            heard += piece
        return heard


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.8.8"])
def test_loopback_needs_nothing(tmp_path: Path, host: str) -> None:
    """On this machine alone no TLS is asked for."""
    require_safe_address(settings_with(tmp_path, host=host))


def test_the_default_is_loopback(tmp_path: Path) -> None:
    """Who configures nothing is reachable from this machine only."""
    assert settings_for(tmp_path).server.host == "127.0.0.1"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "muniment.example"])
def test_elsewhere_needs_tls_or_a_proxy(tmp_path: Path, host: str) -> None:
    """Any other address is refused without TLS, with both remedies; each of them helps."""
    with pytest.raises(InvalidError) as caught:
        require_safe_address(settings_with(tmp_path, host=host))
    assert caught.value.field == "server.host"
    assert "--tls-cert" in caught.value.remedy
    assert "--behind-proxy" in caught.value.remedy
    cert, key = self_signed(tmp_path)
    require_safe_address(settings_with(tmp_path, host=host, tls_cert=cert, tls_key=key))
    proxied = {"behind_proxy": True, "trusted_proxies": ("10.0.0.0/24", "::1")}
    require_safe_address(settings_with(tmp_path, host=host, **proxied))


@pytest.mark.parametrize("trusted", [(), ("proxy.example",), ("10.0.0.7", "10.0.0.0/99"), ("*",)])
def test_a_proxy_must_be_named(tmp_path: Path, trusted: tuple[str, ...]) -> None:
    """Behind a proxy somebody must be trusted, and by address: never everybody."""
    with pytest.raises(InvalidError) as caught:
        require_safe_address(settings_with(tmp_path, behind_proxy=True, trusted_proxies=trusted))
    assert caught.value.field == "server.trusted_proxies"


def test_a_certificate_must_be_usable(tmp_path: Path) -> None:
    """Half a pair, a missing file, nonsense and somebody else's key are each refused."""
    cert, key = self_signed(tmp_path)
    _, other = self_signed(tmp_path, "other")
    nonsense = tmp_path / "nonsense.pem"
    nonsense.write_text("nonsense")
    bad: list[tuple[dict[str, object], str]] = [
        ({"tls_cert": cert}, "server.tls_key"),
        ({"tls_key": key}, "server.tls_cert"),
        ({"tls_cert": tmp_path / "no.pem", "tls_key": key}, "server.tls_cert"),
        ({"tls_cert": cert, "tls_key": tmp_path}, "server.tls_key"),
        ({"tls_cert": nonsense, "tls_key": key}, "server.tls_cert"),
        ({"tls_cert": cert, "tls_key": other}, "server.tls_cert"),
    ]
    for overrides, field in bad:
        with pytest.raises(InvalidError) as caught:
            require_safe_address(settings_with(tmp_path, **overrides))
        assert caught.value.field == field, overrides


def test_nothing_begins_on_a_taken_port(tmp_path: Path) -> None:
    """If the port is somebody else's, that is said, and no start is recorded."""
    begun: list[str] = []
    with socket.socket() as taken, house_in(tmp_path / "data") as house:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = settings_with(tmp_path, port=taken.getsockname()[1])
        with pytest.raises(UnavailableError) as caught:
            serve(
                make_app(house),
                settings,
                ready=lambda _: None,
                begin=lambda: begun.append("begun"),
            )
    assert caught.value.field == "server.port"
    assert not begun


def test_an_address_of_another_machine_is_refused(tmp_path: Path) -> None:
    """An address that is not this machine's is told as that, not as a taken port."""
    cert, key = self_signed(tmp_path)
    for host in ("203.0.113.7", "no-such-host.invalid"):
        settings = settings_with(tmp_path, host=host, port=0, tls_cert=cert, tls_key=key)
        with house_in(tmp_path / "data") as house, pytest.raises(UnavailableError) as caught:
            serve(make_app(house), settings, ready=lambda _: None)
        assert caught.value.field == "server.host"


def test_answers_over_a_real_socket(server: Running) -> None:
    """The printed address answers, with its headers and without naming its software."""
    with urllib.request.urlopen(f"{server.address}/health") as answer:
        assert json.loads(answer.read())["status"] == "ok"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["server"] is None
    assert server.address.startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    "head",
    [
        b"content-length: nonsense\r\n\r\n",
        b"content-length: -5\r\n\r\n",
        b"content-length: 5\r\ncontent-length: 6\r\n\r\nhello",
        b"content-length: 99999999999999999999999999\r\n\r\n",
        b"transfer-encoding: chunked\r\n\r\nZZZ\r\n",
    ],
)
def test_a_garbled_length_is_a_bad_request(server: Running, head: bytes) -> None:
    """A length that cannot be read is refused on the wire, and the server goes on."""
    begin = b"POST /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
    heard = spoken(server.port, begin + head)
    assert heard.startswith((b"HTTP/1.1 400", b"HTTP/1.1 405"))
    assert b"Traceback" not in heard
    urllib.request.urlopen(f"{server.address}/health").read()


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\0 HTTP/1.1\r\nhost: localhost\r\n\r\n",
        b"GET /health HTTP/1.1\r\nbad header\r\n\r\n",
        b"CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
    ],
)
def test_nonsense_is_refused(server: Running, sent: bytes) -> None:
    """What is no request, or a request for somebody else, is refused and breaks nothing."""
    heard = spoken(server.port, sent)
    assert not heard or b"HTTP/1.1 4" in heard[:12], heard[:200]
    urllib.request.urlopen(f"{server.address}/health").read()


def test_endless_headers_are_cut_off(server: Running) -> None:
    """Headers cannot grow past their bound."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=15) as line:
        line.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\n")
        heard = b""
        try:
            for number in range(400):
                line.sendall(b"x-%d: " % number + b"y" * 1000 + b"\r\n")
            heard = line.recv(1000)
        except OSError:  # it hung up while we were still talking
            heard = b"closed"
    assert heard in (b"", b"closed") or heard.startswith(b"HTTP/1.1 400")


def test_large_headers_within_the_bound_are_fine(server: Running) -> None:
    """A request with many cookies is still a request."""
    request = urllib.request.Request(f"{server.address}/health", headers={"cookie": "c" * 30_000})
    assert urllib.request.urlopen(request).status == 200


def test_a_body_too_large_is_refused_on_the_wire(server: Running) -> None:
    """A declared length past the bound is refused before the body is sent."""
    heard = spoken(
        server.port,
        b"POST /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
        b"content-length: 4097\r\n\r\n",
    )
    assert heard.startswith(b"HTTP/1.1 413")
    assert b"application/problem+json" in heard


def test_a_head_has_no_body(server: Running) -> None:
    """HEAD is answered by headers alone, also when it is refused."""
    for path in (b"/health", b"/nothing"):
        heard = spoken(
            server.port,
            b"HEAD " + path + b" HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
        )
        assert heard.endswith(b"\r\n\r\n")


def test_many_connections_at_once(server: Running) -> None:
    """A hundred callers at the same moment are all answered."""
    answers: list[int] = []

    def ask() -> None:
        with urllib.request.urlopen(f"{server.address}/version", timeout=30) as answer:
            answers.append(answer.status)

    callers = [threading.Thread(target=ask) for _ in range(100)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(60)
    assert answers == [200] * 100


@pytest.mark.slow
def test_tls_is_really_served(tmp_path: Path) -> None:
    """With a certificate the server speaks TLS, verified, and insists on it from then on."""
    cert, key = self_signed(tmp_path)
    data = str(tmp_path / "data")
    pair = ("--tls-cert", str(cert), "--tls-key", str(key))
    with started("up", "--data", data, "--host", "0.0.0.0", "--port", "0", *pair) as server:
        address = f"https://localhost:{server.port}"
        trust = ssl.create_default_context(cafile=str(cert))
        with urllib.request.urlopen(f"{address}/health", context=trust) as answer:
            assert answer.status == 200
            assert "max-age" in answer.headers["strict-transport-security"]
        with pytest.raises(urllib.error.URLError):
            urllib.request.urlopen(f"{address}/health")
        old = ssl.create_default_context(cafile=str(cert))
        with pytest.warns(DeprecationWarning, match="TLS"):
            old.maximum_version = ssl.TLSVersion.TLSv1_1
        with pytest.raises(urllib.error.URLError):
            urllib.request.urlopen(f"{address}/health", context=old)
        assert server.stop() == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("trusted", "status"), [("127.0.0.1", 403), ("10.0.0.0/8", 403), ("127.0.0.0/8", 403)]
)
def test_metrics_stay_shut_behind_a_proxy(tmp_path: Path, trusted: str, status: int) -> None:
    """Nobody becomes a caller from this machine by saying so in a header."""
    environment = {"MUNIMENT_SERVER_TRUSTED_PROXIES": trusted}
    arguments = ("up", "--data", str(tmp_path / "data"), "--port", "0", "--behind-proxy")
    with started(*arguments, environment=environment) as server:
        for forwarded in ("127.0.0.1", "203.0.113.9, 127.0.0.1", "::1", "nonsense"):
            request = urllib.request.Request(
                f"http://127.0.0.1:{server.port}/metrics", headers={"x-forwarded-for": forwarded}
            )
            with pytest.raises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(request)
            assert caught.value.code == status
            caught.value.close()


def seen_by(tmp_path: Path, trusted: str) -> dict[str, object]:
    """Start behind a proxy, ask with forwarded headers, and give what the application saw."""
    from starlette.requests import Request  # noqa: PLC0415 only here
    from starlette.responses import JSONResponse, Response  # noqa: PLC0415
    from starlette.routing import Route  # noqa: PLC0415

    seen: dict[str, object] = {}

    async def who(request: Request) -> Response:
        client = request.client.host if request.client else ""
        return JSONResponse({"client": client, "scheme": request.url.scheme})

    def ask(port: int) -> None:
        headers = {"x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https"}
        request = urllib.request.Request(f"http://127.0.0.1:{port}/who", headers=headers)
        seen.update(json.loads(urllib.request.urlopen(request).read()))
        os.kill(os.getpid(), signal.SIGTERM)

    callers: list[threading.Thread] = []

    def ready(port: int) -> None:
        callers.append(threading.Thread(target=ask, args=(port,)))
        callers[0].start()

    proxied: dict[str, object] = {"server.behind_proxy": True, "server.trusted_proxies": (trusted,)}
    with house_in(tmp_path / "data", **proxied, **{"server.port": 0}) as house:
        app = make_app(house)
        app.router.routes.insert(0, Route("/who", who))
        serve(app, house.settings, ready=ready)
        callers[0].join()
    return seen


@pytest.mark.parametrize(
    ("trusted", "client", "scheme"),
    [
        ("127.0.0.1", "203.0.113.9", "https"),
        ("127.0.0.0/8", "203.0.113.9", "https"),
        ("10.0.0.0/8", "127.0.0.1", "http"),
    ],
)
def test_forwarded_headers_are_believed_from_the_trusted_only(
    tmp_path: Path, trusted: str, client: str, scheme: str
) -> None:
    """X-Forwarded-For and -Proto count only if the one who sends them is named as trusted."""
    assert seen_by(tmp_path, trusted) == {"client": client, "scheme": scheme}


@pytest.mark.slow
def test_a_taken_port_is_one_line(tmp_path: Path, server: Running) -> None:
    """A port in use is said in one line with the remedy, exit code 8, and no start is recorded."""
    ended = command("up", "--data", str(tmp_path / "data"), "--port", str(server.port))
    assert ended.returncode == 8
    last = ended.stderr.strip().splitlines()[-1]
    assert last.startswith("muniment: server.port: cannot listen on 127.0.0.1:")
    assert "--port" in last
    assert "Traceback" not in ended.stderr


def test_a_crowd_before_the_door_is_let_in_together() -> None:
    """All that wait are taken at once, so that each can be served or told to come again."""
    listening = listen_on("127.0.0.1", 0)
    listening.listen(100)
    listening.setblocking(False)
    come = [socket.create_connection(listening.getsockname()) for _ in range(50)]
    taken = list(_waiting([listening]))
    assert len(taken) == len(come)
    assert list(_waiting([listening])) == []
    assert not any(each.getblocking() for each in taken)
    for each in (*come, *taken, listening):
        each.close()
    assert list(_waiting([listening])) == [], "one that is closed lets nobody in"
