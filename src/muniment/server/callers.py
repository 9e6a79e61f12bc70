"""Who calls: found out once for each request, before anything of it is done.

A person comes with a session's cookie, a program with a key in a header. Nothing else names a
visitor: not the address, not what a header claims, not the query. What changes something by a
session carries the session's token and comes from a page of ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address, ip_network
from typing import Any, Final
from urllib.parse import quote, unquote_plus, urlsplit

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse

from muniment.access import Visitor
from muniment.core.errors import ForbiddenError, InvalidError, UnauthenticatedError
from muniment.server.middleware import PEER, App, Message, Receive, Scope, Send, is_secure
from muniment.settings import Settings
from muniment.web import callers

KEY_HEADER: Final = "x-api-key"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})

# Where nobody has to say who they are. Everything else below ASKED is for callers we know.
ASKED: Final = ("/console", "/api", "/log", "/scim")
# A webhook says who it is from by its signature, which its own endpoint checks.
OPEN: Final = (
    *("/api/v1/about", "/api/openapi.json", "/api/v1/registry/mlflow/webhook"),
    *(callers.SIGN_IN, callers.SET_UP),
)

# Their forms act for nobody yet, so they carry no token, and another tab may have come in
# meanwhile; that a page of ours sent them is required of them like of all others.
_COMING_IN: Final = (callers.SIGN_IN, callers.SET_UP)

_HOW: Final = "Send a key, as in Authorization: Bearer mun_…, or sign in at /console/sign-in."
_KEY_IN_QUERY: Final = re.compile(r"(?:^|[=&;])mun_[0-9A-Za-z_-]{16,}")
_FORM: Final = "application/x-www-form-urlencoded"
_FORM_WITH_FILES: Final = "multipart/form-data"
_FIRST_BYTES: Final = 4_096
_FIRST_PART: Final = re.compile(
    rb'--[^\r\n]{1,200}\r\ncontent-disposition: form-data; name="csrf"\r\n\r\n'
    rb"([^\r\n]{1,200})\r\n--",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a visitor shows of themselves: a session's secret or a bearer's, and where they are."""

    session: str = ""
    bearer: str = ""
    client_name: str = ""
    address: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """How the house finds out who calls, and whether there is anybody who could."""

    identify: Callable[[Shown], Visitor | None]
    is_empty: Callable[[], bool]


class Callers:
    """Finds out who calls, sends strangers to sign in, and refuses what another site sent."""

    def __init__(self, app: App, *, settings: Settings, identifier: Identifier) -> None:
        self._app = app
        self._identifier = identifier
        self._cookie = callers.cookie_name(secure=is_secure(settings))
        self._publish = settings.ledger.publish
        self._name_header = settings.access.client_name_header.lower()
        self._proxies = tuple(map(ip_network, settings.server.trusted_proxies))
        self._behind_proxy = settings.server.behind_proxy
        self._public = urlsplit(settings.server.public_url).netloc.lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its visitor, or say how to become one."""
        path = str(scope.get("path", ""))
        if scope["type"] != "http" or not _lies_under(path, ASKED):
            await self._app(scope, receive, send)
            return
        _refuse_key_in_query(scope)
        shown = self._shown(scope)
        visitor = await self._identified(shown)
        self._require_same_site(scope, shown)
        if visitor is None and not self._is_open(path):
            await self._sent_to_sign_in(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["visitor"] = visitor
        if visitor is not None and visitor.session is not None:
            state["csrf"] = callers.csrf_token(shown.session)
            if not _lies_under(path, _COMING_IN):
                receive = await _with_token(scope, receive, shown.session)
        await self._app(scope, receive, send)

    def _shown(self, scope: Scope) -> Shown:
        headers = Headers(scope=scope)
        bearer = _bearer(headers)
        client = scope.get("client")
        session = "" if bearer else _cookie(headers, self._cookie)
        return Shown(
            session=session,
            bearer=bearer,
            client_name="" if bearer or session else self._client_name(scope, headers),
            address=str(client[0]) if client else "",
            agent=headers.get("user-agent", "")[:200],
        )

    def _client_name(self, scope: Scope, headers: Headers) -> str:
        """Read whose certificate a proxy has checked; from anybody else the header says nothing."""
        given = headers.getlist(self._name_header) if self._name_header else []
        if len(given) != 1 or not (self._behind_proxy and self._is_proxy(scope.get(PEER))):
            return ""
        return given[0].strip()

    def _is_proxy(self, peer: object) -> bool:
        try:
            address = ip_address(str(peer))
        except ValueError:
            return False
        return any(address.version == each.version and address in each for each in self._proxies)

    async def _identified(self, shown: Shown) -> Visitor | None:
        if not (shown.session or shown.bearer or shown.client_name):
            return None
        visitor = await to_thread.run_sync(self._identifier.identify, shown)
        if visitor is None and shown.bearer:
            raise UnauthenticatedError(
                "this key or token opens nothing here",
                remedy="It may be mistyped, expired or revoked.",
            )
        return visitor

    def _is_open(self, path: str) -> bool:
        return _lies_under(path, OPEN) or (self._publish and _lies_under(path, ("/log",)))

    def _require_same_site(self, scope: Scope, shown: Shown) -> None:
        """Refuse what another site makes a browser send, also where nobody is signed in yet."""
        if scope["method"] in SAFE_METHODS or shown.bearer:  # browsers send no bearer by themselves
            return
        headers = Headers(scope=scope)
        fetch_site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        ours = {headers.get("host", "").lower(), self._public}
        foreign = fetch_site is not None and fetch_site not in {"same-origin", "none"}
        if foreign or (origin is not None and urlsplit(origin).netloc.lower() not in ours - {""}):
            raise ForbiddenError(
                "another site sent this, not a page of this console",
                subject=str(scope["path"]),
                remedy="Open the page here and send its form from there.",
            )

    async def _sent_to_sign_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope["path"])
        if not _lies_under(path, ("/console",)):
            raise UnauthenticatedError(remedy=_HOW)
        where = callers.SIGN_IN
        if await to_thread.run_sync(self._identifier.is_empty):
            where = callers.SET_UP
        elif scope["method"] in {"GET", "HEAD"}:
            wanted = callers.safe_next(_address(scope))
            where += "" if wanted == callers.FIRST else f"?next={quote(wanted, safe='/')}"
        await RedirectResponse(where, 303)(scope, receive, send)


def _lies_under(path: str, places: Sequence[str]) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in places)


def _address(scope: Scope) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    return f"{scope['path']}?{query}" if query else str(scope["path"])


def _refuse_key_in_query(scope: Scope) -> None:
    """Addresses stand in logs and histories; a key that was in one is no secret any more."""
    query = scope.get("query_string", b"").decode("latin-1")
    if _KEY_IN_QUERY.search(query) or _KEY_IN_QUERY.search(unquote_plus(query)):
        raise InvalidError(
            "a key was sent in the address, where logs and histories keep it",
            field="query",
            remedy="Revoke this key, make another, and send it as Authorization: Bearer.",
        )


def _bearer(headers: Headers) -> str:
    given = [*headers.getlist("authorization"), *headers.getlist(KEY_HEADER)]
    if len(given) > 1:
        raise HTTPException(400, "more than one key was sent; send one, in one header")
    if not given:
        return ""
    if headers.getlist(KEY_HEADER):
        return given[0].strip()
    scheme, _, secret = given[0].partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise UnauthenticatedError("this way to say who calls is not understood", remedy=_HOW)
    return secret.strip()


def _cookie(headers: Headers, name: str) -> str:
    """Read our cookie; two of one name mean that somebody put one beside it, so neither counts."""
    found = [
        pair.strip()
        for each in headers.getlist("cookie")
        for pair in each.split(";")
        if pair.partition("=")[0].strip() == name
    ]
    if len(found) != 1:
        return ""
    read: SimpleCookie = SimpleCookie()
    try:
        read.load(found[0])
    except CookieError:
        return ""
    return read[name].value if name in read else ""


async def _with_token(scope: Scope, receive: Receive, secret: str) -> Receive:
    """Require the session's token of what changes something; give the body to be read again."""
    if scope["method"] in SAFE_METHODS:
        return receive
    headers = Headers(scope=scope)
    given = headers.get(callers.CSRF_HEADER, "")
    again = receive
    kind = headers.get("content-type", "").lower()
    if not given and kind.startswith(_FORM_WITH_FILES):
        given, again = await _first_part(receive)
    elif not given and kind.startswith(_FORM):
        body = await Request(scope, receive).body()
        again = _replaying(body, receive)
        form = await Request(scope, _replaying(body, receive)).form()
        given = str(form.get(callers.CSRF_FIELD, ""))
        await form.close()
    if not callers.is_token(given, secret):
        raise ForbiddenError(
            "the form's token is missing or of another session",
            subject=str(scope["path"]),
            field=callers.CSRF_FIELD,
            remedy="Load the page again and send its form; programs use a key instead.",
        )
    return again


async def _first_part(receive: Receive) -> tuple[str, Receive]:
    """Read the token of a form with files, its first part, and leave the files where they are."""
    seen, messages = b"", list[Message]()
    while True:
        message = await receive()
        messages.append(message)
        seen += message.get("body", b"")
        found = _FIRST_PART.match(seen[:_FIRST_BYTES])
        if found or len(seen) >= _FIRST_BYTES or not message.get("more_body", False):
            break

    async def again() -> Message:
        return messages.pop(0) if messages else await receive()

    return found[1].decode("utf-8", "replace") if found else "", again


def _replaying(body: bytes, receive: Receive) -> Receive:
    given = False

    async def receiving() -> dict[str, Any] | Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receiving
