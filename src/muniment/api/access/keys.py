"""Keys of programs as JSON: issued, shown once, replaced without a gap, revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field

from muniment import access
from muniment.access import Holder, HolderKind, Key, KeyLimits, Scope
from muniment.api.access.shapes import (
    AREA,
    MAX_ID,
    MAX_NAME,
    AnId,
    HolderGiven,
    KeyMade,
    KeyTold,
    Places,
)
from muniment.api.asking import Doing, Given, Match, Paging, Reading, Rows, page_of
from muniment.db import Work


class NewKey(Given):
    """A key for oneself, or for a service one answers for."""

    holder: HolderGiven
    label: str = Field(max_length=MAX_NAME, examples=["nightly export"])
    permissions: list[str] | None = Field(
        None, max_length=200, description="What it may do at most; null: all its holder may."
    )
    scope: Places = Field(default_factory=dict)
    budget: str = Field("", max_length=100)
    expires_at: AwareDatetime | None = Field(None, description="A year from now at most.")


class Rotation(Given):
    """How long the old key works on beside the new one."""

    overlap_seconds: int = Field(86_400, ge=0, le=7 * 86_400)
    expires_at: AwareDatetime | None = None


class KeysAsked(Paging):
    """Whose keys."""

    holder_kind: HolderKind | None = None
    holder_id: str = Field("", max_length=MAX_ID)

    def holder(self) -> Holder | None:
        """Give the noun, if one is named."""
        if not self.holder_id:
            return None
        return Holder(self.holder_kind or HolderKind.SERVICE, self.holder_id)


def add_to(router: APIRouter) -> None:
    """Add the endpoints of keys."""

    @router.get("/keys", summary="List keys, newest first")
    def list_keys(asked: Reading, which: Annotated[KeysAsked, Query()]) -> Rows[KeyTold]:
        with asked.view_or_own(which.holder_id, AREA) as work:
            page = access.keys(work, holder=which.holder(), cursor=which.cursor, limit=which.limit)
            return page_of(KeyTold, page)

    @router.post("/keys", status_code=201, summary="Make a key")
    def issue_key(asked: Doing, given: NewKey) -> KeyMade:
        allowed = None if given.permissions is None else frozenset(given.permissions)
        limits = KeyLimits(allowed, Scope.read(given.scope))

        def issue(work: Work) -> tuple[Key, str]:
            fresh = access.issue_key(
                work,
                given.holder.holder(),
                given.label,
                limits=limits,
                budget=given.budget,
                expires_at=given.expires_at,
            )
            return fresh.key, fresh.secret

        return asked.make_secret(KeyMade, issue)

    @router.get("/keys/{key_id}", summary="Show a key, without its secret")
    def show_key(asked: Reading, key_id: AnId) -> KeyTold:
        with asked.view("access.read", AREA) as work:
            return asked.show(KeyTold, access.key_of(work, key_id))

    @router.post("/keys/{key_id}/rotate", status_code=201, summary="Replace a key by another")
    def rotate_key(asked: Doing, key_id: AnId, given: Rotation) -> KeyMade:
        def rotate(work: Work) -> tuple[Key, str]:
            overlap = timedelta(seconds=given.overlap_seconds)
            fresh = access.rotate_key(work, key_id, overlap=overlap, expires_at=given.expires_at)
            return fresh.key, fresh.secret

        return asked.make_secret(KeyMade, rotate)

    @router.post("/keys/{key_id}/revoke", summary="End a key at once")
    def revoke_key(asked: Doing, key_id: AnId, version: Match) -> KeyTold:
        return asked.change(
            KeyTold,
            version,
            lambda work: access.key_of(work, key_id),
            lambda work: access.revoke_key(work, key_id, version=version),
        )
