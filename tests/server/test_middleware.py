"""What stands around every request."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tuned
from hypothesis import strategies as st
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from muniment.core.errors import NotFoundError
from muniment.server import House
from muniment.server.middleware import HEADERS, is_loopback
from tests.server.asking import app_of, ask, house_in, read_all


def test_keeps_a_valid_request_id(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """A caller's own request id comes back in the answer, the error body and the log."""
    with caplog.at_level(logging.INFO):
        answer = ask(app_of(house), "/nothing", headers={"x-request-id": "trace-0042.a_b"})
    assert answer.headers["x-request-id"] == answer.json["instance"] == "trace-0042.a_b"
    line = next(each for each in caplog.records if each.getMessage() == "request")
    assert vars(line)["request"] == "trace-0042.a_b"


@pytest.mark.parametrize(
    "given_id", ["short", "x" * 65, "has space inside", "läng-enough", "a\nb-c-d-e-f", ""]
)
def test_replaces_an_invalid_request_id(house: House, given_id: str) -> None:
    """An id that could forge a log line, or is no id, is replaced by one of ours."""
    answer = ask(app_of(house), "/health", headers={"x-request-id": given_id})
    assert answer.headers["x-request-id"].startswith("req_")


def test_dresses_every_answer(house: House) -> None:
    """The security headers stand on good answers, refusals, pages and breakdowns alike."""

    async def breaks(_request: Request) -> Response:
        raise RuntimeError

    app = app_of(house, breaks=breaks)
    asked = [
        ask(app, "/health"),
        ask(app, "/console/style"),
        ask(app, "/nothing"),
        ask(app, "/nothing", headers={"accept": "text/html"}),
        ask(app, "/breaks"),
        ask(app, "/", headers={"host": "evil.example"}),
        ask(app, "/api/v1/about"),
        ask(app, "/health", method="POST", headers={"content-length": "99999999999"}),
    ]
    for answer in asked:
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
        assert answer.headers["cache-control"] in ("no-store", "no-cache, private")
        assert "strict-transport-security" not in answer.headers
        assert "server" not in answer.headers


def test_insists_on_tls_only_where_there_is_tls(tmp_path: Path) -> None:
    """Strict transport security is promised only when people reach us through TLS."""
    proxied = {"server.behind_proxy": True, "server.trusted_proxies": ("127.0.0.1",)}
    with house_in(tmp_path / "data", **proxied) as house:
        for path in ("/health", "/nothing"):
            assert "max-age=" in ask(app_of(house), path).headers["strict-transport-security"]


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("localhost", True),
        ("localhost:8484", True),
        ("LocalHost", True),
        ("127.0.0.1:1", True),
        ("[::1]", True),
        ("[::1]:8484", True),
        ("console.example", True),
        ("evil.example", False),
        ("localhost.evil.example", False),
        ("localhost@evil.example", False),
        ("evil.example:80@localhost", False),
        ("user@localhost", False),
        ("[::1", False),
        ("[::2]", False),
        ("::1]", False),
        ("localhost:port", False),
        ("127.0.0.1.", False),
        ("", False),
        ("²", False),
    ],
)
def test_knows_its_own_names(tmp_path: Path, host: str, known: bool) -> None:  # noqa: FBT001
    """On loopback only our own names are answered, so no foreign page reaches us by its DNS."""
    with house_in(tmp_path / "data", **{"server.public_url": "http://console.example/"}) as house:
        answer = ask(app_of(house), "/health", headers={"host": host})
    assert answer.status == (200 if known else 421)


def test_behind_a_proxy_names_are_the_proxy_s_business(tmp_path: Path) -> None:
    """Behind a proxy the name people use is not ours to know."""
    proxied = {"server.behind_proxy": True, "server.trusted_proxies": ("127.0.0.1",)}
    with house_in(tmp_path / "data", **proxied) as house:
        assert ask(app_of(house), "/health", headers={"host": "muniment.corp"}).status == 200


@pytest.mark.parametrize(
    ("declared", "status"),
    [
        ("5", 200),
        ("2048", 200),
        ("2049", 413),
        ("9" * 18, 413),
        ("9" * 5000, 413),
        ("-1", 400),
        ("²", 400),
        ("0x10", 400),
        ("five", 400),
        ("", 400),
    ],
)
def test_bounds_a_body_by_its_header(tmp_path: Path, declared: str, status: int) -> None:
    """A declared length is read strictly, and one that is too large is refused unread."""
    with house_in(tmp_path / "data", **{"server.max_body_bytes": 2048}) as house:
        app = app_of(house, read=read_all)
        headers = {"content-length": declared}
        answer = ask(app, "/read", method="POST", headers=headers, chunks=[b"hello"])
    assert answer.status == status


@pytest.mark.parametrize(("sizes", "status"), [([1024, 1024], 200), ([1024, 1024, 1], 413)])
def test_bounds_a_body_that_says_no_length(tmp_path: Path, sizes: list[int], status: int) -> None:
    """A stream is counted as it comes; it cannot grow past the bound."""
    with house_in(tmp_path / "data", **{"server.max_body_bytes": 2048}) as house:
        app = app_of(house, read=read_all)
        answer = ask(app, "/read", method="POST", chunks=[b"x" * size for size in sizes])
    assert answer.status == status
    if status == 413:
        assert answer.json["code"] == "too_large"


def test_a_file_of_a_model_has_a_bound_of_its_own(tmp_path: Path) -> None:
    """Only where one is sent may a request carry so much, by program and by form."""
    bounds = {"server.max_body_bytes": 2048, "registry.max_artefact_bytes": 4096}
    digest = "sha256:" + "a" * 64
    places = (
        ("PUT", f"/api/v1/registry/systems/x/artefacts/{digest}", False),
        ("POST", "/console/registry/systems/x/upload", False),
        ("POST", f"/api/v1/registry/systems/x/artefacts/{digest}", True),
        ("POST", "/console/registry/systems/x/upload/more", True),
    )
    with house_in(tmp_path / "data", **bounds) as house:
        for method, path, bound in places:
            headers = {"content-length": "4000"}
            status = ask(app_of(house), path, method=method, headers=headers).status
            assert (status == 413) is bound, path
            large = {"content-length": "9000"}
            assert ask(app_of(house), path, method=method, headers=large).status == 413


def test_a_caller_who_leaves_is_no_breakdown(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody who hangs up while sending does not write an unforeseen error into the log."""

    async def left(_request: Request) -> Response:
        raise ClientDisconnect

    app = app_of(house, left=left)
    with caplog.at_level(logging.INFO), pytest.raises(IndexError):
        ask(app, "/left")
    assert not [each for each in caplog.records if each.levelno >= logging.ERROR]


def test_logs_the_route_and_never_what_was_asked(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """A log line names the route; paths, queries and messages of errors stay out of it."""

    async def fails(_request: Request) -> Response:
        raise NotFoundError("secret-message")

    app = app_of(house, **{"things/{name}": fails})
    with caplog.at_level(logging.DEBUG):
        ask(app, "/things/secret-name?token=secret-query")
        ask(app, "/secret-path?x=secret-query")
        ask(app, "/api/v1/about?x=secret-query")
    lines = [vars(each) for each in caplog.records if each.getMessage() == "request"]
    assert [each["path"] for each in lines] == ["/things/{name}", "(no route)", "/api/v1/about"]
    assert [each["status"] for each in lines] == [404, 404, 200]
    assert "secret" not in caplog.text
    assert all("secret" not in json.dumps(each, default=str) for each in lines)


@tuned(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "PUT"]),
    st.text(st.characters(max_codepoint=255), max_size=40),
    st.dictionaries(
        st.sampled_from(
            ["host", "content-length", "x-request-id", "accept", "authorization", "content-type"]
        ),
        st.text(st.characters(max_codepoint=255), max_size=30),
        max_size=4,
    ),
)
def test_no_request_breaks_the_edge(
    house: House, method: str, path: str, headers: dict[str, str]
) -> None:
    """Whatever a request looks like, it is answered, in shape, and never with a breakdown."""
    answer = ask(app_of(house), f"/{path}", method=method, headers=headers)
    assert answer.status < 500 or answer.status == 503
    assert answer.headers["x-request-id"]
    assert answer.headers["content-security-policy"]


def test_many_at_once_are_all_answered(house: House) -> None:
    """Two hundred requests at the same time are all answered, each under its own id."""
    app = app_of(house)

    async def one(number: int) -> tuple[int, str]:
        said: list[dict[str, object]] = []

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, object]) -> None:
            said.append(message)

        path = ("/health", "/ready", "/api/v1/about", "/nothing")[number % 4]
        headers = [(b"host", b"localhost"), (b"x-request-id", b"request-%d" % number)]
        scope: dict[str, object] = {
            "type": "http",
            "method": "GET",
            "path": path,
            "headers": headers,
        }
        scope |= {"query_string": b"", "root_path": "", "client": ("127.0.0.1", 1)}
        scope |= {"scheme": "http", "server": ("127.0.0.1", 8484), "raw_path": path.encode()}
        await app(scope, receive, send)  # type: ignore[arg-type]  # plain dicts as messages
        found = dict(said[0]["headers"])  # type: ignore[call-overload]
        return said[0]["status"], found[b"x-request-id"].decode()  # type: ignore[return-value]

    async def all_of_them() -> list[tuple[int, str]]:
        return await asyncio.gather(*(one(number) for number in range(200)))

    answers = asyncio.run(all_of_them())
    assert [each[1] for each in answers] == [f"request-{number}" for number in range(200)]
    assert {each[0] for each in answers} <= {200, 404, 503}


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("example.org", False),
        ("", False),
    ],
)
def test_tells_loopback_apart(host: str, loopback: bool) -> None:  # noqa: FBT001
    """Only addresses that no other machine can reach count as loopback."""
    assert is_loopback(host) is loopback
