"""The description of the API for programs: how to say who calls, and what every refusal looks like.

FastAPI draws the operations from the code; here joins what holds for all of them.
"""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

PROBLEM_TYPE: Final = "application/problem+json"

PROBLEM: Final[dict[str, Any]] = {
    "title": "Problem",
    "type": "object",
    "description": "What went wrong, to what, and what to do next (RFC 9457).",
    "required": ["type", "title", "status", "code", "detail", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "The same word at every door."},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": "The id of this request."},
        "subject": {"type": "string"},
        "field": {"type": "string"},
        "remedy": {"type": "string"},
        "reasons": {"type": "array", "items": {"type": "string"}},
        "error_id": {"type": "string"},
    },
    "example": {
        "type": "urn:muniment:error:forbidden",
        "title": "Not allowed",
        "status": 403,
        "code": "forbidden",
        "detail": "no grant of yours carries ledger.read",
        "instance": "req_06f3k2m9p4q7r8s1t5v6w0x2y3",
        "remedy": "Ask who answers for access for a role that carries it.",
    },
}

SCHEMES: Final[dict[str, Any]] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key of a service or person, mun_…, or a token of a trusted issuer.",
    },
    "key": {"type": "apiKey", "in": "header", "name": "x-api-key", "description": "A key, mun_…."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-muniment",
        "description": "A signed-in person; what changes something also sends X-CSRF-Token.",
    },
}

_REFUSALS: Final = {
    "400": "The request cannot be read.",
    "401": "Nobody we know is asking.",
    "403": "The caller may not do this; the reasons say why.",
    "404": "There is no such thing, or not for this caller.",
    "409": "Something in the way: it exists already, or changed meanwhile.",
    "412": "It changed since the version that If-Match names.",
    "413": "The request is too large.",
    "422": "What was given is not valid; the field is named.",
    "428": "If-Match is missing.",
    "503": "A part this needs cannot be reached just now.",
}
_FOR_ALL: Final = ("400", "413", "422", "503")
_FOR_CALLERS: Final = ("401", "403", "404", "409")
_FOR_MATCHES: Final = ("412", "428")
_OPEN: Final = frozenset({"/v1/about"})
_METHODS: Final = frozenset({"get", "post", "put", "patch", "delete"})


def operation_name(route: APIRoute) -> str:
    """Name an operation after its function, which is one verb and its noun."""
    return route.name


def describe(api: FastAPI) -> dict[str, Any]:
    """Draw the description, once."""
    if api.openapi_schema:
        return api.openapi_schema
    drawn = get_openapi(
        title=api.title,
        version=api.version,
        summary=api.summary,
        description=api.description,
        routes=api.routes,
        servers=[{"url": "/api"}],
    )
    parts = drawn.setdefault("components", {})
    parts["securitySchemes"] = SCHEMES
    schemas = parts.setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for path, operations in drawn["paths"].items():
        for method in _METHODS & operations.keys():
            _complete(path, operations[method])
    api.openapi_schema = drawn
    return drawn


def _complete(path: str, operation: dict[str, Any]) -> None:
    named = {each["name"].lower() for each in operation.get("parameters", ())}
    codes = [*_FOR_ALL]
    if path not in _OPEN:
        operation["security"] = [{name: []} for name in SCHEMES]
        codes += _FOR_CALLERS
    if "if-match" in named:
        codes += _FOR_MATCHES
    answers = operation["responses"]
    for code in sorted(codes):
        answers[code] = {
            "description": _REFUSALS[code],
            "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
