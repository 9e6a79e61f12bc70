"""The style page: every component of the console in every state, with made-up values.

It is what a room's author copies from and what the browser tests walk. `/console/style/error`
shows the error page, `/console/style/stop` the page a dialog falls back to without a script.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from muniment.core.errors import InvalidError
from muniment.web import style_samples as samples
from muniment.web.parts import Pager, Sorting, sorting_from
from muniment.web.shell import Problem, render, render_problem

SECTIONS: Final = (
    ("words", "Words and type"),
    ("colours", "Colours"),
    ("tags", "Tags and notices"),
    ("figures", "Figures"),
    ("buttons", "Buttons"),
    ("table", "Table"),
    ("lists", "Lists and facts"),
    ("listing", "A whole list"),
    ("show", "One thing"),
    ("live", "A page that lives"),
    ("digests", "Digests, code, diff"),
    ("story", "Story and corridor"),
    ("plots", "Plots"),
    ("answers", "Three answers"),
    ("severity", "Severity and progress"),
    ("matrix", "Matrix"),
    ("forms", "Forms"),
    ("confirm", "Confirmation"),
    ("empty", "Empty and waiting"),
    ("keyboard", "Keys"),
    ("errors", "Errors"),
)
_ORDER: Final[dict[str, Callable[[samples.System], tuple[bool, str | float]]]] = {
    "name": lambda system: (False, system.name),
    "owner": lambda system: (False, system.owner),
    "drift": lambda system: (system.drift is None, system.drift or 0.0),
    "calls": lambda system: (False, system.calls),
}


def routes() -> list[Route]:
    """List the pages of this module."""
    return [
        Route("/console/style", show, methods=["GET"], name="style"),
        Route("/console/style/error", show_error, methods=["GET"], name="style-error"),
        Route("/console/style/stop", show_stop, methods=["GET"], name="style-stop"),
    ]


async def show(request: Request) -> HTMLResponse:
    """Show every component."""
    try:
        sorting = sorting_from(
            request.query_params.get("sort", ""), samples.COLUMNS, Sorting("name")
        )
    except InvalidError as error:
        return render_problem(request, _sort_problem(error), status_code=400)
    return render(
        request,
        "style/index.html",
        sections=SECTIONS,
        samples=samples,
        systems=sorted_systems(sorting),
        sorting=sorting,
        pager=Pager("5 of 7 systems", next_href="?cursor=sample#table"),
        lines=samples.diff(),
        drift=samples.drift(),
        calls=samples.calls(),
        served=samples.served(),
        confirm_facts=confirm_facts(),
    )


async def show_error(request: Request) -> HTMLResponse:
    """Show the error page."""
    problem = Problem(
        title="This change was decided by somebody else",
        message="Kofi Osei approved it at 14:25 UTC, two minutes before you. Nothing you wrote was "
        "lost: your reason stands below the decision.",
        remedy="Open the change to see what was decided. If you disagree, propose a new one.",
        subject="change-01JD8ZK4 of support-agent",
        request_id="req-01JD8ZM2Q7",
        reasons=("The change was open when you loaded it, and is approved now.",),
        back_href="/console/style",
        back_label="Back to the style page",
    )
    return render_problem(request, problem, status_code=409)


async def show_stop(request: Request) -> HTMLResponse:
    """Show a confirmation as a page of its own."""
    return render(request, "style/stop.html", confirm_facts=confirm_facts())


def sorted_systems(sorting: Sorting) -> list[samples.System]:
    """Sort the sample rows; what nobody knows stands last either way."""
    key = _ORDER[sorting.column]
    known = [system for system in samples.SYSTEMS if not key(system)[0]]
    unknown = [system for system in samples.SYSTEMS if key(system)[0]]
    return sorted(known, key=lambda s: key(s)[1], reverse=sorting.descending) + unknown


def confirm_facts() -> tuple[Markup | str, ...]:
    """Say what stopping the sample system does."""
    return (
        "Calls to credit-score are refused from the next one on, with your reason.",
        Markup("The 2 calls under way are finished and recorded."),
        "Ines Ferreira and Model risk are told. Two approvers can start it again.",
    )


def _sort_problem(error: InvalidError) -> Problem:
    return Problem(
        title="This table cannot be sorted like that",
        message=f"{error.message[:1].upper()}{error.message[1:]}.",
        remedy=error.remedy,
        subject="sort",
        back_href="/console/style#table",
        back_label="Show the table",
    )
