"""Who looks at a page, and what keeps a session theirs: its cookie, its token, where to go next.

The token of a form is made from the session's secret, so nothing has to be kept for it and it is
good for this session only. Where somebody goes after signing in is a page of ours, or the first.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from muniment.access import Visitor
from muniment.core.errors import UnauthenticatedError

SIGN_IN: Final = "/console/sign-in"
SET_UP: Final = "/console/set-up"
FIRST: Final = "/console"
BEGIN: Final = "/console/begin"
ACCOUNT: Final = "/console/account"
CSRF_FIELD: Final = "csrf"
CSRF_HEADER: Final = "x-csrf-token"
_MAX_NEXT_CHARS: Final = 2_000


def cookie_name(*, secure: bool) -> str:
    """Name the session's cookie; browsers hold `__Host-` to this host, to TLS and to the root."""
    return "__Host-muniment" if secure else "muniment"


def set_session(response: Response, secret: str, *, secure: bool) -> None:
    """Give the browser its session; how long it lives is decided here, never by the browser."""
    response.set_cookie(
        cookie_name(secure=secure),
        secret,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def clear_session(response: Response, *, secure: bool) -> None:
    """Take the session from the browser."""
    response.delete_cookie(
        cookie_name(secure=secure), path="/", secure=secure, httponly=True, samesite="lax"
    )


def csrf_token(secret: str) -> str:
    """Make the token that forms of a session carry."""
    made = hmac.digest(secret.encode(), b"muniment form token 1", hashlib.sha256)
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def is_token(given: str, secret: str) -> bool:
    """Tell whether a token belongs to a session, in constant time."""
    return hmac.compare_digest(given.encode(), csrf_token(secret).encode())


def visitor_of(request: Request) -> Visitor | None:
    """Tell who asks; nothing if nobody is signed in."""
    visitor = request.scope.get("state", {}).get("visitor")
    return visitor if isinstance(visitor, Visitor) else None


def require_visitor(request: Request) -> Visitor:
    """Give who asks, or refuse."""
    visitor = visitor_of(request)
    if visitor is None:
        raise UnauthenticatedError(remedy=f"Sign in at {SIGN_IN}.")
    return visitor


def form_token(request: Request) -> str:
    """Give the token for the forms of this page; empty where nobody is signed in."""
    return str(request.scope.get("state", {}).get("csrf", ""))


def safe_next(text: str) -> str:
    """Give back where to go next if it is a page of this console; else its first page."""
    plain = text.isascii() and text.isprintable() and len(text) <= _MAX_NEXT_CHARS
    path = text.partition("?")[0].partition("#")[0]
    steps = path.split("/")
    ours = steps[:2] == ["", "console"] and not {"", ".", ".."} & set(steps[2:])
    odd = "\\" in text or "%" in path
    if not (plain and ours) or odd or path.startswith((SIGN_IN, SET_UP)):
        return FIRST
    return text


def saved_by(request: Request) -> str:
    """Name who saves a list, as it stands below the rows: their name, and their id."""
    visitor = require_visitor(request)
    return f"{visitor.name} ({visitor.actor.id})" if visitor.name else visitor.actor.id
