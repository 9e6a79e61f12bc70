"""Who is asking, and may they? Answered for oneself always, for others who may look."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from muniment import access
from muniment.access import HolderKind, Scope
from muniment.api.access.shapes import AREA, MAX_ID, Places, VerdictTold
from muniment.api.asking import Given, Reading, Told
from muniment.core.actor import Actor, ActorKind
from muniment.core.errors import InvalidError
from muniment.db import Work

_KINDS = {HolderKind.PERSON: ActorKind.PERSON, HolderKind.SERVICE: ActorKind.SERVICE}


class Held(Told):
    """A grant that holds just now, and how it reaches the caller."""

    grant_id: str
    role: str
    scope: Places
    through: HolderKind


class Me(Told):
    """Who the caller is here."""

    kind: ActorKind
    id: str
    name: str
    credential: str = Field(description="The id of the session or key that was shown.")
    person_id: str | None = Field(description="The human being this resolves to.")
    permissions: list[str] = Field(description="What the caller may do somewhere.")
    grants: list[Held]


class Question(Given):
    """May somebody do this there? Without a holder: the caller."""

    permission: str = Field(max_length=80, examples=["ledger.read"])
    holder_kind: HolderKind = HolderKind.PERSON
    holder_id: str = Field("", max_length=MAX_ID)
    system: str = Field("", max_length=200)
    environment: str = Field("", max_length=200)
    model: str = Field("", max_length=200)
    dataset: str = Field("", max_length=200)
    vector_store: str = Field("", max_length=200)
    observability: str = Field("", max_length=200)
    console: str = Field("", max_length=200)

    def scope(self) -> Scope:
        """Give the place that is asked about."""
        named = self.model_dump(exclude={"permission", "holder_kind", "holder_id"})
        return Scope.read({kind: value for kind, value in named.items() if value})


def add_to(router: APIRouter) -> None:
    """Add the endpoints about who asks."""

    @router.get("/me", summary="Say who is asking, and what they may")
    def show_me(asked: Reading) -> Me:
        visitor = asked.visitor
        with asked.look() as work:
            standing = access.standing(work, visitor.actor)
            held = [
                Held(
                    grant_id=grant.id,
                    role=role.name,
                    scope=grant.scope.as_dict(),
                    through=grant.holder.kind,
                )
                for grant, role in standing.grants
                if grant.holds(work.now)
            ]
        return Me(
            kind=visitor.actor.kind,
            id=visitor.actor.id,
            name=visitor.name,
            credential=visitor.actor.credential,
            person_id=standing.person_id,
            permissions=sorted(visitor.permissions),
            grants=held,
        )

    @router.get("/may", summary="Say whether somebody may do something, and why not")
    def may(asked: Reading, which: Annotated[Question, Query()]) -> VerdictTold:
        if which.permission not in access.PERMISSIONS:
            raise InvalidError(
                f"{which.permission[:60]!r} is not a permission",
                field="permission",
                remedy="See /api/v1/access/permissions.",
            )
        if not which.holder_id:
            with asked.look() as work:
                return _verdict(work, asked.visitor.actor, which)
        kind = _KINDS.get(which.holder_kind)
        if kind is None:
            raise InvalidError(
                "a team does nothing by itself",
                field="holder_kind",
                remedy="Ask about a person or a service in it.",
            )
        with asked.view_or_own(which.holder_id, AREA) as work:
            return _verdict(work, Actor(kind, which.holder_id), which)


def _verdict(work: Work, actor: Actor, which: Question) -> VerdictTold:
    found = access.may(work, actor, which.permission, which.scope())
    return VerdictTold(
        ok=found.ok,
        grant_id=found.grant.id if found.grant else None,
        role=found.role.name if found.role else None,
        reasons=list(found.reasons),
        remedy=found.remedy,
    )
