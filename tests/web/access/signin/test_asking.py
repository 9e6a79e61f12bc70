"""What the pages read from a request: bounded, and from where people really are."""

from __future__ import annotations

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.requests import Request

from muniment.server import House
from muniment.server.app import make_app
from muniment.web.access.signin.asking import (
    base_of,
    caller_of,
    fields_of,
    here,
    reception_of,
    wanted_of,
)


def asked(app: Starlette, body: bytes = b"", **headers: str) -> Request:
    """Make a request."""
    given = {"host": "localhost:8484", "content-type": "application/x-www-form-urlencoded"}
    pairs = [(k.encode(), v.encode()) for k, v in {**given, **headers}.items()]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/console/sign-in",
        "query_string": b"",
        "headers": pairs,
        "scheme": "http",
        "server": ("127.0.0.1", 8484),
        "client": ("203.0.113.7", 1),
        "app": app,
    }

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(scope, receive)


def test_read_and_bounded(house: House) -> None:
    """Short fields of text are read, long ones left out; the caller is named by what is real."""
    app = make_app(house)
    request = asked(app, b"a=1&b=" + b"x" * 40_000, cookie="muniment-device=d")
    assert asyncio.run(fields_of(request)) == {"a": "1"}
    assert (caller_of(request).address, caller_of(request).device) == ("203.0.113.7", "d")
    assert base_of(request) == "http://localhost:8484"
    assert (here(request).host, here(request).origin) == ("localhost", "http://localhost:8484")
    assert wanted_of("https://evil.example") == "/console"
    assert reception_of(request) is house.reception
    with pytest.raises(TypeError):
        reception_of(asked(Starlette()))
