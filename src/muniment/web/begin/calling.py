"""A key for the first call, shown once, with what to paste; below it the calls as they come."""

from __future__ import annotations

import json
import shlex
from datetime import timedelta
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from muniment import access, gateway
from muniment.access import Holder, HolderKind, KeyLimits
from muniment.core.errors import ConflictError
from muniment.gateway import Caller
from muniment.web.access.signin.asking import base_of
from muniment.web.begin.steps import ADDRESS, MAY
from muniment.web.callers import require_visitor
from muniment.web.exchanges.living import COLUMNS, LIVE, newest
from muniment.web.shell import log_of, render

SAYS: Final = "Please write to anna@example.org about card 4111 1111 1111 1111."
_LASTS: Final = timedelta(days=7)
_LABEL: Final = "first calls"


def routes() -> list[Route]:
    """List the address where a key is made."""
    return [Route(f"{ADDRESS}/key", make_key, methods=["POST"])]


async def make_key(request: Request) -> Response:
    """Make a key for the first call and show it once, with commands that hold it."""
    visitor, database = require_visitor(request), log_of(request).database

    def make() -> tuple[Caller, str]:
        with database.work(visitor.actor) as work:
            access.require(work, MAY)
            known = gateway.callers_of(work, visitor.actor.id)
            if not known:
                raise ConflictError(
                    "you answer for no program that may have a model called",
                    subject=visitor.actor.id,
                    remedy="Create the first system, or make a key under Keys.",
                )
            caller = known[0]
            fresh = access.issue_key(
                work,
                Holder(HolderKind.SERVICE, caller.service.id),
                _LABEL,
                limits=KeyLimits(scope=caller.place),
                expires_at=work.now + _LASTS,
            )
        return caller, fresh.secret

    caller, secret = await to_thread.run_sync(make)
    rows, place = await to_thread.run_sync(newest, request, caller.system.id)
    answer = render(
        request,
        "begin/key.html",
        caller=caller,
        secret=secret,
        curl=curl(base_of(request), secret, caller.model),
        python=python(base_of(request), secret, caller.model),
        rows=rows,
        place=place,
        system=caller.system.id,
        columns=COLUMNS,
        address=LIVE,
    )
    answer.headers["cache-control"] = "no-store"
    return answer


def curl(base: str, secret: str, model: str) -> str:
    """Write the first call for a terminal."""
    told = {"model": model, "messages": [{"role": "user", "content": SAYS}]}
    return " \\\n  ".join(
        (
            f"curl {shlex.quote(f'{base}/v1/chat/completions')}",
            f"-H {shlex.quote(f'authorization: Bearer {secret}')}",
            f"-d {shlex.quote(json.dumps(told, ensure_ascii=False))}",
        )
    )


def python(base: str, secret: str, model: str) -> str:
    """Write the first call for Python, with OpenAI's own client."""
    return f"""\
from openai import OpenAI

client = OpenAI(base_url={f"{base}/v1"!r}, api_key={secret!r})
answer = client.chat.completions.create(
    model={model!r},
    messages=[{{"role": "user", "content": {SAYS!r}}}],
)
print(answer.choices[0].message.content)
"""
