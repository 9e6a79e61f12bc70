"""The form that states a boundary: rows are added and filled, looked at together, then kept.

It is one page that is sent back and forth: adding a row and looking keep nothing, and what was
typed stays. What is wrong stands beside its field. Nothing here needs a script.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from muniment import access, registry
from muniment.access import Scope
from muniment.core.errors import InvalidError, MunimentError
from muniment.db import Work
from muniment.registry import Action, ComponentSort, System
from muniment.web.acts import SHOWN_BESIDE, said, status_of
from muniment.web.callers import CSRF_FIELD, require_visitor
from muniment.web.parts import DiffLine
from muniment.web.registry.boundary import boundary_link, difference_of, map_of
from muniment.web.registry.cells import AREA, SYSTEMS
from muniment.web.registry.outlines import Outline, outline_of, read_outline, told_by, with_another
from muniment.web.registry.stating import read_version
from muniment.web.shell import log_of, render
from muniment.web.shows import Inset

PLACE: Final = f"{AREA.address}/systems/{{system_id}}/boundary/edit"
_MOST_FIELDS: Final = 5_000
_ADD: Final = {"add-component": "component", "add-flow": "flow"}


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows: the rows, and what came of looking at them."""

    system: System
    outline: Outline
    map: Inset | None = None
    lines: tuple[DiffLine, ...] = ()
    findings: tuple[str, ...] = ()
    looked: bool = False
    errors: Mapping[str, str] | None = None
    error: MunimentError | None = None
    status: int = 200


def routes() -> list[Route]:
    """List the page and what it sends."""
    return [
        Route(PLACE, show, methods=["GET"]),
        Route(PLACE, take, methods=["POST"]),
    ]


async def show(request: Request) -> Response:
    """Show the form that states a boundary anew."""
    system = await to_thread.run_sync(_system, request)
    outline = outline_of(system.profile, system.version)
    if not outline.components:
        outline = with_another(outline, "component")
    return _drawn(request, View(system, outline))


async def take(request: Request) -> Response:
    """Add a row, look at what is typed, or state it."""
    system = await to_thread.run_sync(_system, request)  # who may not state it is not read
    pairs = await _form(request)
    wanted = dict(pairs).get("do", "look")
    outline = read_outline(pairs)
    if wanted in _ADD:
        return _drawn(request, View(system, with_another(outline, _ADD[wanted])))
    act = _state if wanted == "state" else _look
    done = await to_thread.run_sync(act, request, outline)
    if isinstance(done, View):
        return _drawn(request, done)
    return RedirectResponse(boundary_link(done), 303)


def _system(request: Request) -> System:
    actor, database = require_visitor(request).actor, log_of(request).database
    with access.viewing_some(database, actor, AREA.permission, what=request.url.path) as work:
        return _changeable(work, request.path_params["system_id"])


def _changeable(work: Work, id_or_key: str) -> System:
    system = registry.get_system(work, id_or_key)
    access.require(work, "registry.change", Scope.of(system=system.id))
    return system


def _look(request: Request, outline: Outline) -> View:
    """Say what would change, and what would be found; nothing is kept."""
    actor, database = require_visitor(request).actor, log_of(request).database
    told = told_by(outline)
    with database.look(actor) as work:
        system = _changeable(work, request.path_params["system_id"])
        try:
            profile = registry.read_profile(_whole(system, told.stated))
        except InvalidError as error:
            return _wrong(system, outline, error)
        kinds = [each.kind for each in registry.parts_of(work, system.id)]
    missing = registry.missing_components(profile, kinds)
    return View(
        system,
        outline,
        map=map_of(profile) if profile.components else None,
        lines=difference_of(system.profile, profile),
        findings=(
            *(f"the boundary does not show {each}" for each in missing),
            *registry.remarks(profile),
        ),
        looked=True,
    )


def _state(request: Request, outline: Outline) -> View | System:
    actor, database = require_visitor(request).actor, log_of(request).database
    told, system_id = told_by(outline), request.path_params["system_id"]
    try:
        with database.work(actor) as work:
            system = _changeable(work, system_id)
            version = read_version({"version": outline.version})
            return registry.change_system(
                work, system.id, _whole(system, told.stated), version=version
            )
    except SHOWN_BESIDE as error:
        with database.look(actor) as work:
            return _wrong(_changeable(work, system_id), outline, error)


def _whole(system: System, stated: Mapping[str, Any]) -> dict[str, Any]:
    return {**registry.profile_document(system.profile), **stated}


def _wrong(system: System, outline: Outline, error: MunimentError) -> View:
    beside = told_by(outline).field_of(error.field)
    view = View(system, outline, status=status_of(error))
    if beside:
        return replace(view, errors={beside: said(error)})
    return replace(view, error=error)


async def _form(request: Request) -> list[tuple[str, str]]:
    async with request.form(max_files=0, max_fields=_MOST_FIELDS) as form:
        return [
            (name, value.replace("\r\n", "\n").strip())
            for name, value in form.multi_items()
            if isinstance(value, str) and name != CSRF_FIELD
        ]


def _drawn(request: Request, view: View) -> Response:
    here = f"{SYSTEMS}/{view.system.id}"
    return render(
        request,
        "registry/outline.html",
        status_code=view.status,
        view=view,
        errors=view.errors or {},
        error=view.error,
        address=f"{here}/boundary/edit",
        back=f"{here}/boundary",
        systems=SYSTEMS,
        here_system=here,
        places=[each.name for each in view.system.profile.environments],
        sorts=[(each.value, each.value.replace("_", " ")) for each in ComponentSort],
        actions=_ACTIONS,
        states=_consequence(view.system),
    )


_ACTIONS: Final = (
    (Action.NONE.value, "nothing"),
    (Action.REVERSIBLE.value, "something that can be undone"),
    (Action.IRREVERSIBLE.value, "something that cannot be undone"),
)


def _consequence(system: System) -> str:
    if system.review_due_at is None:
        return "What is stated before stays on record."
    return (
        "What is stated before stays on record. The review of the system ends with a change of its "
        "boundary: what serves goes on, and nothing new is released until it was looked at again."
    )
