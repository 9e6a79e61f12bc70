"""How the family of errors is told over HTTP: RFC 9457, one shape, for every door.

`{type, title, status, detail, instance, code, field, remedy, reasons}`. Anything outside the
family is logged with an id and answered with that id only.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from starlette.exceptions import HTTPException

from muniment.core.errors import (
    BlockedError,
    ConflictError,
    CorruptError,
    ForbiddenError,
    InvalidError,
    MunimentError,
    NotFoundError,
    UnauthenticatedError,
    UnavailableError,
)

if TYPE_CHECKING:
    from fastapi.exceptions import RequestValidationError

PROBLEM_TYPE: Final = "application/problem+json"
_MOST_REASONS: Final = 20

STATUS: Final[Mapping[type[MunimentError], int]] = {
    InvalidError: 422,
    NotFoundError: 404,
    UnauthenticatedError: 401,
    ForbiddenError: 403,
    ConflictError: 409,
    BlockedError: 403,
    UnavailableError: 503,
    CorruptError: 500,
}

_TITLES: Final[Mapping[int, str]] = {
    400: "The request cannot be read",
    401: "Say who you are",
    403: "Not allowed",
    404: "Not found",
    405: "This method is not possible here",
    409: "Changed meanwhile",
    412: "Changed meanwhile",
    413: "Too large",
    415: "This form of content is not understood",
    421: "Not a name of this server",
    422: "Not valid",
    428: "Say which version you changed",
    429: "Too many requests",
    500: "Something broke",
    503: "Not available just now",
}

_REMEDIES: Final[Mapping[int, str]] = {
    404: "Check the address.",
    412: "Read it again, look at what changed, and send the change with the new ETag.",
    428: "Send If-Match with the ETag that reading it gave.",
}


def status_of(error: MunimentError) -> int:
    """Give the HTTP status for an error of the family."""
    return next((STATUS[each] for each in type(error).__mro__ if each in STATUS), 500)


def headers_of(error: MunimentError) -> dict[str, str]:
    """Give the headers that an answer with this error must carry."""
    challenge = {"www-authenticate": 'Bearer realm="muniment"'}
    return challenge if isinstance(error, UnauthenticatedError) else {}


def problem(error: MunimentError, *, instance: str) -> dict[str, Any]:
    """Tell an error of the family."""
    told: dict[str, Any] = _frame(status_of(error), error.code, error.message, instance)
    for name in ("subject", "field", "remedy"):
        if value := getattr(error, name):
            told[name] = value
    if error.reasons:
        told["reasons"] = list(error.reasons)
    return told


def http_problem(error: HTTPException, *, instance: str) -> dict[str, Any]:
    """Tell what the web framework refused, such as an unknown path."""
    detail = error.detail
    if error.status_code == 404 and detail == "Not Found":
        detail = "there is nothing at this address"
    told = _frame(error.status_code, _code(error.status_code), detail, instance)
    if remedy := _REMEDIES.get(error.status_code):
        told["remedy"] = remedy
    return told


def is_validation_error(error: Exception) -> TypeGuard[RequestValidationError]:
    """Tell whether the API's framework refuses a request; it does not where it never loaded."""
    loaded = sys.modules.get("fastapi.exceptions")
    return loaded is not None and isinstance(error, loaded.RequestValidationError)


def validation_problem(error: RequestValidationError, *, instance: str) -> dict[str, Any]:
    """Tell which parts of a request do not have the form the API asks for."""
    told = _frame(422, "invalid", "the request does not have the form asked for", instance)
    problems = [
        (".".join(str(part) for part in each["loc"])[:200], str(each["msg"])[:200])
        for each in error.errors()[:_MOST_REASONS]
    ]
    told["field"] = problems[0][0] if problems else ""
    told["reasons"] = [f"{where}: {what}" for where, what in problems]
    told["remedy"] = "See /api/openapi.json for the form."
    return told


def opaque_problem(error_id: str, *, instance: str) -> dict[str, Any]:
    """Tell that something broke, and the id under which it is in the log; nothing else."""
    told = _frame(500, "internal", "something broke that we did not foresee", instance)
    told["error_id"] = error_id
    told["remedy"] = f"Give {error_id} to whoever runs this server; it is in its log."
    return told


def _frame(status: int, code: str, detail: str, instance: str) -> dict[str, Any]:
    return {
        "type": f"urn:muniment:error:{code}",
        "title": _TITLES.get(status, "Error"),
        "status": status,
        "code": code,
        "detail": detail,
        "instance": instance,
    }


def _code(status: int) -> str:
    known = {
        401: "unauthenticated",
        403: "forbidden",
        404: "not_found",
        405: "method_not_allowed",
        412: "stale",
        413: "too_large",
        421: "wrong_name",
        428: "version_missing",
        429: "too_many",
        503: "unavailable",
    }
    return known.get(status, "invalid" if status < 500 else "internal")
