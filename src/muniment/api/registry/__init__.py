"""The registry as JSON: systems, their parts, changes, and what served when."""

from __future__ import annotations

from fastapi import APIRouter

from muniment.api.registry import asof, changes, systems
from muniment.ledger import Log


def router(log: Log) -> APIRouter:
    """Give the endpoints of the registry."""
    routes = APIRouter(prefix="/v1/registry", tags=["registry"])
    systems.add_to(routes)
    changes.add_to(routes)
    asof.add_to(routes, log)
    return routes
