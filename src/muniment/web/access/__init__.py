"""The pages of access: who there is, what they may and by what, and who looked it over.

One module for each noun says which lists, things and acts there are; how they are drawn is common
to all rooms (`web/lists.py`, `web/shows.py`, `web/acts.py`).
"""

from __future__ import annotations

from starlette.routing import Route

from muniment.web.access import (
    days,
    duties,
    emergencies,
    grants,
    issuers,
    keys,
    people,
    reviews,
    roles,
    services,
    sessions,
    signin,
    teams,
)

__all__ = ["routes"]


def routes() -> list[Route]:
    """List the pages of access."""
    who = (people, services, teams, roles, grants, keys, sessions, issuers)
    nouns = (*who, duties, days, reviews, emergencies)
    return [*signin.routes(), *(route for noun in nouns for route in noun.routes())]
