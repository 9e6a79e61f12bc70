"""What the pages of signing in read from a request, and what they leave in the browser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from muniment import access
from muniment.access import Attempt, Caller, KeyPlace, Reception, place_of
from muniment.web import callers

STEP_PATH: Final = callers.SIGN_IN
SECOND: Final = f"{callers.SIGN_IN}/second"
_STEP: Final = "muniment-step"
_SSO: Final = "muniment-sso"
_DEVICE: Final = "muniment-device"
_STEP_SECONDS: Final = 600
_DEVICE_SECONDS: Final = 180 * 24 * 3_600
_MOST_FIELD_CHARS: Final = 30_000


def reception_of(request: Request) -> Reception:
    """Find the reception of the application which answers this request."""
    found = getattr(request.app.state, "reception", None)
    if not isinstance(found, Reception):
        raise TypeError("this application has no reception; call muniment.web.install with one")
    return found


def caller_of(request: Request) -> Caller:
    """Say where a request comes from."""
    return Caller(
        address=request.client.host if request.client else "",
        agent=request.headers.get("user-agent", "")[:200],
        device=request.cookies.get(_DEVICE, ""),
    )


async def fields_of(request: Request) -> Mapping[str, str]:
    """Read a form's fields of text; files and what is too long are left out."""
    async with request.form(max_files=0, max_fields=50) as form:
        return {
            name: value
            for name, value in form.items()
            if isinstance(value, str) and len(value) <= _MOST_FIELD_CHARS
        }


def is_secure(request: Request) -> bool:
    """Tell whether people reach this server through TLS."""
    server = reception_of(request).settings.server
    return bool(server.tls_cert) or server.behind_proxy


def base_of(request: Request) -> str:
    """Give the console's own address, as people write it."""
    public = reception_of(request).settings.server.public_url
    return (public or str(request.base_url)).rstrip("/")


def here(request: Request) -> KeyPlace:
    """Say where passkeys belong."""
    return place_of(base_of(request))


def wanted_of(text: str) -> str:
    """Give the page somebody wanted before they were asked who they are."""
    return callers.safe_next(text)


def step_of(request: Request) -> str:
    """Give the secret of the step this browser is in."""
    return request.cookies.get(_STEP, "")


def sso_of(request: Request) -> str:
    """Give the secret of the single sign-on this browser began."""
    return request.cookies.get(_SSO, "")


def keep_step(response: Response, step: str, *, secure: bool) -> None:
    """Let the browser hold the secret of its step."""
    _keep(response, _STEP, step, _STEP_SECONDS, secure=secure)


def keep_sso(response: Response, step: str, *, secure: bool) -> None:
    """Let the browser hold the secret of its single sign-on."""
    _keep(response, _SSO, step, _STEP_SECONDS, secure=secure)


async def welcome(
    request: Request, attempt: Attempt, wanted: str, response: Response | None = None
) -> Response:
    """Give a browser its fresh session in place of the one it had, and lead it where it wanted."""
    await to_thread.run_sync(_end_former, request)
    secure = is_secure(request)
    answer = response or RedirectResponse(wanted_of(wanted), 303)
    callers.set_session(answer, attempt.secret, secure=secure)
    for name in (_STEP, _SSO):
        answer.delete_cookie(name, path=STEP_PATH, secure=secure, httponly=True, samesite="lax")
    if attempt.device:
        _keep(answer, _DEVICE, attempt.device, _DEVICE_SECONDS, secure=secure)
    return answer


def further(request: Request, attempt: Attempt, wanted: str) -> Response:
    """Lead a browser to the step that is still missing."""
    page = wanted_of(wanted)
    more = "" if page == callers.FIRST else f"?next={quote(page, safe='/')}"
    answer = RedirectResponse(f"{SECOND}{more}", 303)
    keep_step(answer, attempt.step, secure=is_secure(request))
    return answer


def _end_former(request: Request) -> None:
    """End the session another tab of this browser began; nobody could end it here any more."""
    visitor = callers.visitor_of(request)
    if visitor is not None and visitor.session is not None:
        with reception_of(request).database.work(visitor.actor) as work:
            access.end_session(work, visitor.session, "signed in anew")


def _keep(response: Response, name: str, value: str, seconds: int, *, secure: bool) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=STEP_PATH,
        secure=secure,
        httponly=True,
        samesite="lax",
    )
