"""Policy as JSON: versions, what is in force and was on a date, decisions, written policies."""

from __future__ import annotations

from fastapi import APIRouter

from muniment.api.policy import decisions, versions, written


def router() -> APIRouter:
    """Give the endpoints of policy."""
    routes = APIRouter(prefix="/v1/policy", tags=["policy"])
    versions.add_to(routes)
    decisions.add_to(routes)
    written.add_to(routes)
    return routes
