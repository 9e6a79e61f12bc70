"""The page of one decision: exactly what is asked, what was checked, what was said, and the form.

Showing it to somebody who could answer is an act of its own: what was shown is recorded, and the
time until they answer counts from there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from muniment import access, approvals, registry
from muniment.approvals import Answer, Comment, Leave, Outcome, State, Version, Vote
from muniment.core.actor import Actor
from muniment.core.errors import MunimentError
from muniment.db import Database, Work
from muniment.web.access.signin.asking import reception_of
from muniment.web.approvals.listing import ADDRESS, TONES
from muniment.web.callers import require_visitor
from muniment.web.shell import log_of, render

# Digests, ids and lengths: what a person compares, not what they read.
_NOT_FOR_READING: Final = re.compile(
    r"([a-z0-9-]*sha256:)?[0-9a-f]{32,}|[a-z]{2,5}_[0-9a-z]{20,}|[0-9]+"
)


@dataclass(frozen=True, slots=True)
class View:
    """Everything the page of one decision shows."""

    request: approvals.Request
    differences: tuple[tuple[str, str, str], ...]
    votes: tuple[Vote, ...]
    comments: tuple[Comment, ...]
    versions: tuple[Version, ...]
    outcome: Outcome
    leave: Leave
    names: Mapping[str, str]
    may_override: bool
    acts_for: tuple[tuple[str, str], ...]
    is_author: bool
    known: Mapping[str, str]  # names of what the document names by its id

    def name(self, person: str) -> str:
        """Name somebody."""
        return self.names.get(person, person) or "a rule"

    @property
    def parts(self) -> tuple[tuple[str, str, str], ...]:
        """Give what differs; where nothing was before, what a person reads comes first."""
        if self.request.matter.before is not None:
            return self.differences
        return tuple(sorted(self.differences, key=_is_for_comparing))

    @property
    def document(self) -> str:
        """Write the whole document, as it can be changed."""
        return json.dumps(self.request.matter.document, ensure_ascii=False, indent=2)

    @property
    def can_answer(self) -> bool:
        """Tell whether the reader may answer, for themselves or for another."""
        return self.leave.ok or bool(self.acts_for) or self.may_override


def routes() -> list[Route]:
    """List the addresses of one decision."""
    return [
        Route(f"{ADDRESS}/link/{{secret}}", follow, methods=["GET"]),
        Route(f"{ADDRESS}/{{request_id}}", show, methods=["GET"]),
    ]


async def show(request: Request) -> Response:
    """Show one decision to somebody, and record that they were shown it."""
    return await drawn(request)


async def follow(request: Request) -> Response:
    """Take somebody who came by a link to their decision; the link is spent and decides nothing."""
    actor, database = require_visitor(request).actor, log_of(request).database
    mac = approvals.mac_of(reception_of(request).keyring())
    secret = str(request.path_params["secret"])

    def spend() -> str:
        with database.work(actor) as work:
            return approvals.follow_link(work, secret, mac=mac).id

    return RedirectResponse(f"{ADDRESS}/{await to_thread.run_sync(spend)}", 303)


async def drawn(
    request: Request, *, typed: Mapping[str, str] | None = None, error: MunimentError | None = None
) -> Response:
    """Draw the page of a decision, perhaps with what was typed and what is wrong with it."""
    actor, database = require_visitor(request).actor, log_of(request).database
    request_id = str(request.path_params["request_id"])

    def look() -> View:
        return _look(database, actor, request_id)

    view = await to_thread.run_sync(look)
    status = {None: 200, "conflict": 409, "forbidden": 403}
    return render(
        request,
        "approvals/show.html",
        status_code=status.get(error.code if error else None, 422),
        view=view,
        address=f"{ADDRESS}/{request_id}",
        typed=typed or {},
        error=error,
        tones=TONES,
        answers=_ANSWERS,
    )


_ANSWERS = {
    Answer.APPROVE.value: ("approved", "ok"),
    Answer.APPROVE_WITH_CHANGE.value: ("approved with a change", "ok"),
    Answer.DENY.value: ("denied", "stop"),
    Answer.OVERRIDE.value: ("overridden", "look"),
}


def _look(database: Database, actor: Actor, request_id: str) -> View:
    with database.look(actor) as work:
        request, _, _ = approvals.get(work, request_id)
        waits = request.state is State.OPEN
    if waits:
        with database.work(actor) as work:
            approvals.open_request(work, request_id)
    with access.viewing(
        database,
        actor,
        "approvals.read",
        access.Scope.read(request.matter.scope),
        what=f"{ADDRESS}/{request_id}",
    ) as work:
        return _view(work, request_id)


def _view(work: Work, request_id: str) -> View:
    request, votes, comments = approvals.get(work, request_id)
    people = [
        request.author,
        request.owner,
        request.version.author,
        *(each.person for each in votes),
        *(each.acts_for for each in votes),
        *(each.person for each in comments),
    ]
    givers = approvals.may_answer_for(work, request)
    names = access.named(work, [*people, *givers])
    scope = access.Scope.read(request.matter.scope)
    override = access.may(work, work.actor, "approvals.override", scope)
    open_ = request.state is State.OPEN
    differences = approvals.differences(request.matter.before, request.matter.document)
    return View(
        request=request,
        differences=differences,
        votes=votes,
        comments=comments,
        versions=approvals.versions(work, request_id),
        outcome=approvals.outcome(work, request),
        leave=approvals.leave_of(work, request),
        names=names,
        may_override=open_ and bool(request.rule.override_role) and override.ok,
        acts_for=tuple((each, names.get(each, each)) for each in givers) if open_ else (),
        is_author=work.actor.id == request.author,
        known=_known(work, differences),
    )


def _known(work: Work, differences: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    """Name the systems, people and programs that a document names by their ids."""
    said = {text for _, before, after in differences for text in (before, after)}
    systems = [each for each in said if each.startswith("sys_")]
    others = [each for each in said if each.startswith(("per_", "svc_"))]
    return {**registry.keys_of(work, systems), **access.named(work, others)}


def _is_for_comparing(part: tuple[str, str, str]) -> bool:
    return _NOT_FOR_READING.fullmatch(part[2]) is not None
