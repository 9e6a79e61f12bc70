"""What can be done with a decision: answer it, remark something, pass it up, take it back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from muniment import approvals
from muniment.approvals import Answer
from muniment.core.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    MunimentError,
)
from muniment.db import Work
from muniment.web.approvals.listing import ADDRESS
from muniment.web.approvals.showing import drawn
from muniment.web.callers import CSRF_FIELD, require_visitor
from muniment.web.shell import log_of

_SHOWN_BESIDE = (InvalidError, ConflictError, ForbiddenError)


def routes() -> list[Route]:
    """List what can be done with a decision."""
    here = f"{ADDRESS}/{{request_id}}"
    return [
        Route(f"{here}/answer", answer, methods=["POST"]),
        Route(f"{here}/comment", comment, methods=["POST"]),
        Route(f"{here}/escalate", escalate, methods=["POST"]),
        Route(f"{here}/withdraw", withdraw, methods=["POST"]),
    ]


async def answer(request: Request) -> Response:
    """Answer exactly the version that was shown."""

    def act(work: Work, request_id: str, typed: Mapping[str, str]) -> None:
        chosen = _answer(typed)
        approvals.decide(
            work,
            request_id,
            chosen,
            digest=typed.get("digest", ""),
            reason=typed.get("reason", ""),
            change=_change(typed) if chosen is Answer.APPROVE_WITH_CHANGE else None,
            acts_for=typed.get("acts_for", ""),
        )

    return await _done(request, act)


async def comment(request: Request) -> Response:
    """Remark something beside a request."""

    def act(work: Work, request_id: str, typed: Mapping[str, str]) -> None:
        approvals.comment(work, request_id, typed.get("text", ""))

    return await _done(request, act)


async def escalate(request: Request) -> Response:
    """Pass a request up to the higher role."""

    def act(work: Work, request_id: str, typed: Mapping[str, str]) -> None:
        approvals.escalate(work, request_id, reason=typed.get("reason", ""))

    return await _done(request, act)


async def withdraw(request: Request) -> Response:
    """Take a question back."""

    def act(work: Work, request_id: str, typed: Mapping[str, str]) -> None:
        approvals.withdraw(work, request_id, reason=typed.get("reason", ""))

    return await _done(request, act)


async def _done(request: Request, act: Callable[[Work, str, Mapping[str, str]], None]) -> Response:
    actor, database = require_visitor(request).actor, log_of(request).database
    request_id = str(request.path_params["request_id"])
    async with request.form(max_fields=20) as form:
        given = {name: str(value).replace("\r\n", "\n") for name, value in form.items()}
    typed = {name: value for name, value in given.items() if name != CSRF_FIELD}

    def do() -> None:
        with database.work(actor) as work:
            act(work, request_id, typed)

    try:
        await to_thread.run_sync(do)
    except _SHOWN_BESIDE as error:
        return await _again(request, typed, error)
    return RedirectResponse(f"{ADDRESS}/{request_id}", 303)


async def _again(request: Request, typed: Mapping[str, str], error: MunimentError) -> Response:
    return await drawn(request, typed=typed, error=error)


def _answer(typed: Mapping[str, str]) -> Answer:
    try:
        return Answer(typed.get("answer", ""))
    except ValueError:
        raise InvalidError(
            "there is no answer", field="answer", remedy="Choose one of them."
        ) from None


def _change(typed: Mapping[str, str]) -> dict[str, Any]:
    try:
        changed = json.loads(typed.get("change", ""), parse_float=_no_float)
    except (ValueError, RecursionError) as error:
        raise InvalidError(
            f"the changed document is not JSON: {error}",
            field="change",
            remedy="Change values only, and keep quotes and commas.",
        ) from error
    if not isinstance(changed, dict):
        raise InvalidError(
            "the changed document is not an object", field="change", remedy="Keep the braces."
        )
    return changed


def _no_float(text: str) -> float:
    raise ValueError(f"{text[:20]} has a fraction; write it in smaller units")
