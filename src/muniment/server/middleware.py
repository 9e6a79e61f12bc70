"""What stands around every request: a fixed list, never conditional.

Request id, error mapping, security (headers, host names, body size), and who calls, which is in
`callers.py`. Everything that judges a call is a gateway stage instead.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount

from muniment.core.clock import Clock
from muniment.core.errors import MunimentError
from muniment.core.ids import IdMaker
from muniment.server.errors import (
    PROBLEM_TYPE,
    headers_of,
    http_problem,
    is_validation_error,
    opaque_problem,
    problem,
    validation_problem,
)
from muniment.server.metrics import Metrics
from muniment.settings import Settings

_log = logging.getLogger("muniment.server")

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

REQUEST_ID: Final = "x-request-id"
PEER: Final = "muniment.peer"
_HOST: Final = re.compile(r"(?:\[(?P<six>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+))(?::[0-9]{1,5})?\Z")
_FILE_PLACES: Final = (
    ("PUT", re.compile(r"/api/v1/registry/systems/[^/]+/artefacts/sha256:[0-9a-f]{64}\Z")),
    ("POST", re.compile(r"/console/registry/systems/[^/]+/upload\Z")),
)
_LONGEST_LENGTH: Final = 18  # digits; Python refuses to read numbers of thousands
GIVEN_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")

CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
HEADERS: Final = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_HSTS: Final = "max-age=31536000; includeSubDomains"


class RequestId:
    """Gives each request an id, times it, counts it and writes its one log line."""

    def __init__(self, app: App, *, ids: IdMaker, clock: Clock, metrics: Metrics) -> None:
        self._app = app
        self._ids = ids
        self._clock = clock
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, under its id."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = given_id(scope) or self._ids.new("req")
        scope.setdefault("state", {})["request_id"] = request_id
        started = self._clock.monotonic()
        status = 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            seconds = self._clock.monotonic() - started
            route = route_of(scope)
            self._metrics.request(scope["method"], route, status, seconds)
            _log.info(
                "request",
                extra={
                    "request": request_id,
                    "method": scope["method"],
                    "path": route,
                    "status": status,
                    "duration_ms": round(seconds * 1000, 2),
                },
            )


class Answering(Protocol):
    """Who answers a request: it has an id, and is told what went wrong, and the end."""

    request: str

    async def problem(self, status: int, pairs: list[tuple[bytes, bytes]], body: bytes) -> None:
        """Answer with these headers, or break off what has begun."""
        ...

    def done(self) -> None:
        """Be told that nothing more is done for it."""
        ...


class ErrorMapping:
    """Turns every error into one shape: JSON for programs, a page for people."""

    def __init__(self, app: App, *, ids: IdMaker, secure: bool) -> None:
        self._app = app
        self._ids = ids
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and tell what goes wrong."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except ClientDisconnect:  # nobody is left to be answered
            return
        except Exception as error:  # boundary: server edge
            told, headers = self._told(error, scope["state"]["request_id"])
            if begun:  # too late to answer: break off, so that nobody takes it for whole
                raise ConnectionAbortedError(told["detail"]) from error
            response = _response(told, headers, Request(scope))
            await response(scope, receive, dressed(send, secure=self._secure))

    async def over(self, doing: Awaitable[None], turn: Answering) -> None:
        """Do something, and tell whoever answers what goes wrong, as a program is told it."""
        try:
            await doing
        except Exception as error:  # noqa: BLE001 boundary: server edge
            told, headers = self._told(error, turn.request)
            response = _problem_response(told, headers)
            await turn.problem(response.status_code, response.raw_headers, bytes(response.body))
        finally:
            turn.done()

    def _told(self, error: Exception, instance: str) -> tuple[dict[str, Any], dict[str, str]]:
        if isinstance(error, MunimentError):
            return problem(error, instance=instance), headers_of(error)
        if isinstance(error, HTTPException):
            return http_problem(error, instance=instance), dict(error.headers or {})
        if is_validation_error(error):
            return validation_problem(error, instance=instance), {}
        error_id = self._ids.new("err")
        _log.error("unforeseen error", extra={"error_id": error_id}, exc_info=error)
        return opaque_problem(error_id, instance=instance), {}


class Security:
    """Adds the security headers, knows its own names, and bounds what a request may carry."""

    def __init__(self, app: App, *, settings: Settings) -> None:
        self._app = app
        self._max_bytes = settings.server.max_body_bytes
        self._max_file_bytes = settings.registry.max_artefact_bytes
        self._max_call_bytes = settings.gateway.max_body_bytes
        self._secure = is_secure(settings)
        self._names = names_of(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check the request's outside, pass it on, and dress the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        bounded = self._bounded(scope, receive)
        await self._app(scope, bounded, dressed(send, secure=self._secure))

    def _bounded(self, scope: Scope, receive: Receive) -> Receive:
        headers = Headers(scope=scope)
        seen = 0
        # A file of a model streams into the vault and never stands in memory as a whole.
        is_file = any(
            scope["method"] == method and place.match(str(scope["path"]))
            for method, place in _FILE_PLACES
        )
        is_call = str(scope["path"]).startswith("/v1/")
        most = self._max_call_bytes if is_call else self._max_bytes
        most = self._max_file_bytes if is_file else most
        self._require_name(headers.get("host", ""))
        declared = headers.get("content-length", "0")
        if not (declared.isascii() and declared.isdigit()):
            raise HTTPException(400, "content-length is not a number")
        if len(declared) > _LONGEST_LENGTH or int(declared) > most:
            raise _too_large(most)

        async def receiving() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                raise _too_large(most)
            return message

        return receiving

    def _require_name(self, host: str) -> None:
        found = _HOST.match(host.lower())
        name = (found["six"] or found["name"]) if found else ""
        if self._names is not None and name not in self._names:
            raise HTTPException(
                421, f"{host[:80]!r} is not a name of this server; set server.public_url"
            )


def _too_large(most: int) -> HTTPException:
    return HTTPException(413, f"a request may carry {most} bytes at most")


def dressed(send: Send, *, secure: bool) -> Send:
    """Add the security headers to whatever is answered."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if secure:
                headers.setdefault("strict-transport-security", _HSTS)
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return sending


def given_id(scope: Scope) -> str:
    """Give the id that a caller has given a request; nothing if it is none."""
    given = Headers(scope=scope).get(REQUEST_ID, "")
    return given if GIVEN_ID.match(given) else ""


def security_headers(settings: Settings) -> list[tuple[bytes, bytes]]:
    """Give the headers that every answer has, ready to be sent."""
    named = {**HEADERS, "cache-control": "no-store"}
    if is_secure(settings):
        named["strict-transport-security"] = _HSTS
    return [(name.encode(), value.encode()) for name, value in named.items()]


def is_secure(settings: Settings) -> bool:
    """Tell whether people reach this server through TLS."""
    return bool(settings.server.tls_cert) or settings.server.behind_proxy


def _response(told: dict[str, Any], headers: dict[str, str], request: Request) -> Response:
    if _wants_page(request):
        from muniment.web import Problem, render_problem  # noqa: PLC0415 only pages need the console

        page = Problem(
            title=told["title"],
            message=told["detail"],
            remedy=told.get("remedy", ""),
            subject=told.get("subject", ""),
            request_id=told.get("error_id", told["instance"]),
            reasons=tuple(told.get("reasons", ())),
        )
        drawn = render_problem(request, page, status_code=told["status"])
        drawn.headers.update(headers)
        return drawn
    return _problem_response(told, headers)


def _problem_response(told: dict[str, Any], headers: dict[str, str]) -> Response:
    body = json.dumps(told, ensure_ascii=False)
    return Response(body, told["status"], headers, media_type=PROBLEM_TYPE)


def names_of(settings: Settings) -> frozenset[str] | None:
    """Give the host names a loopback server answers to; another page must not reach it by DNS."""
    if not is_loopback(settings.server.host) or settings.server.behind_proxy:
        return None
    public = urlsplit(settings.server.public_url).hostname
    own = {"localhost", "127.0.0.1", "::1", settings.server.host.lower()}
    return frozenset(own | ({public} if public else set()))


def is_loopback(host: str) -> bool:
    """Tell whether an address is reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _wants_page(request: Request) -> bool:
    accepted = request.headers.get("accept", "")
    return "text/html" in accepted and not request.url.path.startswith("/api/")


def route_of(scope: Scope) -> str:
    """Name the route by its pattern, so that neither logs nor metrics carry what was in a path."""
    route = scope.get("route")
    pattern = getattr(route, "path", "")
    above = "" if isinstance(route, Mount) else scope.get("root_path", "")
    return f"{above}{pattern}" if pattern else "(no route)"
