"""The editor: rules as text, checked by a button, or as one types where scripts run.

The check keeps nothing. What is wrong stands with its line and column; what was typed stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from muniment import access, policy
from muniment.core.errors import InvalidError, MunimentError
from muniment.policy import Problem, Source
from muniment.web.acts import said, status_of
from muniment.web.callers import require_visitor
from muniment.web.policy.listing import ADDRESS, AREA
from muniment.web.shell import log_of, render

EDIT: Final = f"{ADDRESS}/edit"
_MOST_FORM_BYTES: Final = 4 * 1024 * 1024
_MOST_TOLD: Final = 50
_MARK: Final = "// ==== "


@dataclass(frozen=True, slots=True)
class View:
    """What the editor shows."""

    text: str
    reason: str = ""
    problems: tuple[Problem, ...] = ()
    rules: int | None = None
    error: str = ""
    status: int = 200


def routes() -> list[Route]:
    """List the addresses of the editor."""
    return [
        Route(EDIT, show, methods=["GET"]),
        Route(EDIT, keep, methods=["POST"]),
        Route(f"{EDIT}/check", check, methods=["POST"]),
    ]


async def show(request: Request) -> Response:
    """Show the editor, with the rules in force, of a version, or of a starter pack."""
    given = dict(request.query_params)
    return _drawn(request, await to_thread.run_sync(_begin, request, given))


async def check(request: Request) -> Response:
    """Check what is typed and keep nothing: as a page, or as JSON for the script."""
    typed = await _form(request)
    view = await to_thread.run_sync(_checked, request, typed)
    if "application/json" in request.headers.get("accept", ""):
        told = [
            {
                "place": f"{each.source}:{each.line}:{each.column}",
                "says": f"{each.says} {each.remedy}",
            }
            for each in view.problems
        ]
        return JSONResponse({"rules": view.rules, "problems": told})
    return _drawn(request, view)


async def keep(request: Request) -> Response:
    """Keep what is typed as a version, or say what is wrong with it."""
    typed = await _form(request)
    actor, database = require_visitor(request).actor, log_of(request).database

    def act() -> int:
        with database.work(actor) as work:
            sources = read_files(typed.get("text", ""))
            return policy.draft(work, sources, reason=typed.get("reason", "")).number

    try:
        number = await to_thread.run_sync(act)
    except InvalidError as error:
        view = await to_thread.run_sync(_checked, request, typed)
        return _drawn(request, _wrong(view, error))
    return RedirectResponse(f"{ADDRESS}/versions/{number}", 303)


def read_files(text: str) -> list[Source]:
    """Cut what is typed into files, at lines that name them."""
    found: list[tuple[str, list[str]]] = [("policy.cedar", [])]
    for line in text.splitlines(keepends=True):
        if line.startswith(_MARK):
            found.append((line.removeprefix(_MARK).strip(), []))
        else:
            found[-1][1].append(line)
    return [Source(name, "".join(lines)) for name, lines in found if "".join(lines).strip()]


def write_files(sources: tuple[Source, ...]) -> str:
    """Write files one below the other, each under a line that names it."""
    if len(sources) == 1 and sources[0].name == "policy.cedar":
        return sources[0].text
    return "\n".join(f"{_MARK}{each.name}\n{each.text.rstrip()}\n" for each in sources)


def _begin(request: Request, given: Mapping[str, str]) -> View:
    actor, database = require_visitor(request).actor, log_of(request).database
    with access.viewing(database, actor, "policy.propose", AREA.scope, what=EDIT) as work:
        if given.get("pack"):
            return View(write_files(policy.pack(given["pack"]).sources))
        text = given.get("from", "")
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
        number = number or policy.standing(work).enforced
        return View(write_files(policy.show(work, number).bundle.sources) if number else "")


def _checked(request: Request, typed: Mapping[str, str]) -> View:
    actor, database = require_visitor(request).actor, log_of(request).database
    with access.viewing(database, actor, "policy.propose", AREA.scope, what=EDIT):
        pass
    text = typed.get("text", "")
    bundle, problems = policy.check(read_files(text))
    rules = None if bundle is None else len(bundle.rules)
    return View(text, typed.get("reason", ""), problems[:_MOST_TOLD], rules)


def _wrong(view: View, error: MunimentError) -> View:
    told = "" if view.problems else said(error)
    return View(view.text, view.reason, view.problems, view.rules, told, status_of(error))


async def _form(request: Request) -> dict[str, str]:
    async with request.form(max_part_size=_MOST_FORM_BYTES) as form:
        typed = {name: value for name, value in form.items() if isinstance(value, str)}
    return {name: value.replace("\r\n", "\n") for name, value in typed.items()}


def _drawn(request: Request, view: View) -> Response:
    return render(
        request,
        "policy/edit.html",
        status_code=view.status,
        view=view,
        address=EDIT,
        back=ADDRESS,
        packs=policy.packs(),
    )
