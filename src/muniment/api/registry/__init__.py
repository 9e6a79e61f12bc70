"""The registry as JSON: systems, their parts, changes, and what served when."""

from __future__ import annotations

from fastapi import APIRouter

from muniment.api.registry import (
    artefacts,
    asof,
    bringing,
    changes,
    mlflow,
    observing,
    papers,
    proving,
    systems,
)


def router() -> APIRouter:
    """Give the endpoints of the registry."""
    routes = APIRouter(prefix="/v1/registry", tags=["registry"])
    systems.add_to(routes)
    changes.add_to(routes)
    asof.add_to(routes)
    artefacts.add_to(routes)
    papers.add_to(routes)
    bringing.add_to(routes)
    proving.add_to(routes)
    mlflow.add_to(routes)
    observing.add_to(routes)
    return routes
