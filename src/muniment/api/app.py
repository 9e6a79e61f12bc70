"""Builds the JSON application that the server mounts under /api."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from pydantic import BaseModel, Field
from starlette.types import ASGIApp

from muniment.api import access, approvals, detect, ledger, notices, policy, registry, vault
from muniment.api.openapi import describe, operation_name
from muniment.ledger import Log
from muniment.notices import Courier
from muniment.vault import Safe


class About(BaseModel):
    """Which product answers here."""

    product: str = Field(examples=["muniment"])
    version: str = Field(examples=["0.1.0"])


class _Api(FastAPI):
    """A FastAPI without error catchers of its own: the server's edge tells all errors alike."""

    def build_middleware_stack(self) -> ASGIApp:
        return AsyncExitStackMiddleware(self.router)


def make_api(version: str, log: Log, safe: Safe, courier: Courier) -> FastAPI:
    """Build the JSON door."""
    api = _Api(
        title="Muniment",
        version=version,
        description="Prove that your AI is under control.",
        docs_url=None,  # its page would load scripts from a third party
        redoc_url=None,
        generate_unique_id_function=operation_name,
    )

    @api.get("/v1/about", tags=["about"], summary="Tell which product and version answers")
    def about() -> About:
        return About(product="muniment", version=version)

    api.include_router(ledger.router(log))
    api.include_router(access.router(log))
    api.include_router(approvals.router())
    api.include_router(detect.router(safe))
    api.include_router(registry.router(log))
    api.include_router(notices.router(courier))
    api.include_router(policy.router(log))
    api.include_router(vault.router(safe))
    api.state.database = log.database
    api.openapi = lambda: describe(api)  # type: ignore[method-assign]  # FastAPI's own way to add to it
    return api
