"""What was just done can be undone: the next page says so, and leads to the opposite act.

Nothing that was recorded is changed by it: the opposite is an act of its own, with its own reason
and its own record. The offer travels in a cookie that only this session could have been given, is
shown once, and is gone after two minutes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from muniment.web.callers import FIRST, form_token, safe_next

COOKIE: Final = "muniment_done"
_PATH: Final = "/console"
_SECONDS: Final = 120
_MOST_CHARS: Final = 3_500


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, where it can be seen, and the form that undoes it."""

    href: str
    says: str
    undo: str
    label: str = "Undo it"


def offer(request: Request, response: Response, done: Done) -> None:
    """Let the next page of this session say what was done, and how it is undone."""
    told = json.dumps([done.says, done.undo, done.label]).encode()
    written = base64.urlsafe_b64encode(told).decode()
    value = f"{written}.{_mark(request, written)}"
    if len(value) > _MOST_CHARS:  # a browser would drop it; the act itself is done and on record
        return
    response.set_cookie(
        COOKIE,
        value,
        max_age=_SECONDS,
        path=_PATH,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def offered_once(request: Request) -> Done | None:
    """Read what was just done; what this session was not given says nothing."""
    written, _, mark = request.cookies.get(COOKIE, "").partition(".")
    if not (written and form_token(request)):
        return None
    if not hmac.compare_digest(mark.encode(), _mark(request, written).encode()):
        return None
    says, undo, label = json.loads(base64.urlsafe_b64decode(written))
    return None if safe_next(undo) == FIRST else Done("", says, undo, label)


def forget(response: Response) -> None:
    """Take the offer away, for it was shown."""
    response.delete_cookie(COOKIE, path=_PATH, httponly=True, samesite="strict")


def _mark(request: Request, written: str) -> str:
    key = form_token(request).encode()
    return hmac.digest(key, b"done 1 " + written.encode(), hashlib.sha256).hex()
