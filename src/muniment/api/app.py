"""Builds the JSON application that the server mounts under /api."""

from __future__ import annotations

from functools import cache

from fastapi import APIRouter, FastAPI, Request
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from pydantic import BaseModel, Field
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from muniment.api import (
    access,
    approvals,
    detect,
    exchanges,
    ledger,
    notices,
    policy,
    registry,
    vault,
)
from muniment.api.asking import Behind
from muniment.api.openapi import describe, operation_name


class About(BaseModel):
    """Which product answers here."""

    product: str = Field(examples=["muniment"])
    version: str = Field(examples=["0.1.0"])


class _Api(FastAPI):
    """A FastAPI without error catchers of its own: the server's edge tells all errors alike."""

    def build_middleware_stack(self) -> ASGIApp:
        return AsyncExitStackMiddleware(self.router)


def make_api(behind: Behind) -> FastAPI:
    """Build the JSON door in front of one installation."""
    api = _Api(
        title="Muniment",
        version=behind.version,
        description="Prove that your AI is under control.",
        docs_url=None,  # its page would load scripts from a third party
        redoc_url=None,
    )
    api.state.behind = behind
    api.router.routes.extend(_endpoints())
    api.openapi = lambda: describe(api)  # type: ignore[method-assign]  # FastAPI's own way to add to it
    return api


@cache
def _endpoints() -> tuple[BaseRoute, ...]:
    """Read the endpoints once: they are the same for every installation, and many."""
    routes = APIRouter(generate_unique_id_function=operation_name)

    @routes.get("/v1/about", tags=["about"], summary="Tell which product and version answers")
    def about(request: Request) -> About:
        behind: Behind = request.app.state.behind
        return About(product="muniment", version=behind.version)

    for room in (ledger, access, approvals, detect, registry, exchanges, notices, policy, vault):
        routes.include_router(room.router())
    return tuple(routes.routes)
