"""Saved views: a list's filters under a name, for oneself or for everybody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from muniment import access, ledger
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError
from muniment.db import Work
from muniment.ledger.kinds.registry import ViewRemoved, ViewSaved
from muniment.registry import store
from muniment.registry.models import View
from muniment.registry.rules.profiles import require_text
from muniment.registry.service.standing import author_of

LISTS: Final = ("systems", "changes", "versions", "deployments", "seen")
_MOST: Final = 200
_MOST_FILTERS: Final = 20
_FILTER: Final = re.compile(r"[a-z_]{1,40}\Z")


def save_view(
    work: Work, place: str, name: str, query: Mapping[str, str], *, shared: bool = False
) -> View:
    """Save what a list is narrowed to; shared, everybody sees its name and filters."""
    access.require(work, "registry.views")
    if place not in LISTS:
        raise InvalidError(
            f"{place[:40]!r} is no list", field="place", remedy=f"Lists are {', '.join(LISTS)}."
        )
    odd = [each for each in query if not _FILTER.match(each)]
    if odd or len(query) > _MOST_FILTERS:
        raise InvalidError(
            f"{(odd or ['this'])[0][:40]!r} is no filter",
            field="query",
            remedy="Filter the list, then save it.",
        )
    made = View(
        id=work.new_id("viw"),
        place=place,
        name=require_text(name, "name", longest=100, empty=False),
        query={key: require_text(value, key, longest=200) for key, value in query.items() if value},
        owner=author_of(work),
        shared=shared,
        made_at=work.now,
    )
    own = [each for each in views(work) if each.owner == made.owner]
    if any(each.name == made.name and each.place == place for each in own):
        raise ConflictError(
            "you have a view of this name", field="name", remedy="Choose another name."
        )
    if len(own) >= _MOST:
        raise ConflictError(f"you have {_MOST} views", field="name", remedy="Remove one first.")
    store.views.add(work, made)
    ledger.record(work, ViewSaved(made.id, place=place, shared=shared))
    return made


def views(work: Work, place: str = "") -> tuple[View, ...]:
    """List one's own views and those that are shared."""
    return store.views.seen_by(work, author_of(work), place)


def remove_view(work: Work, view_id: str) -> View:
    """Remove a view of one's own."""
    access.require(work, "registry.views")
    found = store.views.get(work, view_id)
    if found.owner != author_of(work):
        raise ForbiddenError(
            "only whoever saved a view removes it", subject=view_id, remedy="Save one of your own."
        )
    store.views.remove(work, view_id)
    ledger.record(work, ViewRemoved(view_id))
    return found
