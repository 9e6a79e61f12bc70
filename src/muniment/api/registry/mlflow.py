"""MLflow: models that are followed, webhooks that come in, aliases that ask for leave."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from anyio import to_thread
from fastapi import APIRouter, Request
from pydantic import Field

from muniment import registry
from muniment.api.access.shapes import AnId
from muniment.api.asking import Behind, Doing, Given, Reading, Told
from muniment.registry import AliasAnswer, MlflowLink

Named = Annotated[str, Field(min_length=1, max_length=256)]
_SIGNED: Final[dict[str, Any]] = {"security": []}


class LinkGiven(Given):
    """Which registered model is which part, and which aliases ask for leave."""

    part: str = Field(max_length=120, examples=["model/main"])
    model: Named = Field(examples=["credit-score"])
    gates: dict[str, str] = Field(
        default_factory=dict, max_length=50, examples=[{"champion": "production"}]
    )


class LinkTold(Told):
    """A registered model that is followed."""

    id: str
    system_id: str
    part: str
    model: str
    gates: dict[str, str]
    aliases: dict[str, str]
    synced_at: datetime | None


class LinksTold(Told):
    """Everything that is followed."""

    rows: list[LinkTold]


class ModelGiven(Given):
    """A registered model."""

    model: Named


class SyncedTold(Told):
    """What a look at the server brought."""

    added: int
    known: int
    problems: list[str]


class AliasGiven(Given):
    """An alias that is about to be moved, or removed."""

    model: Named
    alias: Annotated[str, Field(min_length=1, max_length=256)]
    version: str = Field(max_length=20, description="Empty: the alias is about to be removed.")


class AliasTold(Told):
    """May it be moved?"""

    allowed: bool
    reason: str
    remedy: str


class Heard(Told):
    """What became of a webhook."""

    synced: bool


def add_to(routes: APIRouter) -> None:
    """Add the endpoints of MLflow."""

    @routes.get("/mlflow", summary="List registered models that are followed")
    def list_links(asked: Reading) -> LinksTold:
        with asked.view_some("registry.read") as work:
            return LinksTold(rows=[_told(each) for each in registry.mlflow_links(work)])

    @routes.post("/systems/{system_id}/mlflow", status_code=201, summary="Follow a model of MLflow")
    def link_model(asked: Doing, system_id: AnId, given: LinkGiven) -> LinkTold:
        return asked.do(
            LinkTold,
            lambda work: _told(
                registry.link_mlflow(work, system_id, given.part, given.model, given.gates)
            ),
        )

    @routes.post("/mlflow/sync", summary="Look at a registered model of MLflow")
    def sync_model(asked: Doing, given: ModelGiven) -> SyncedTold:
        """What is new is brought in as asserted; the same look again changes nothing."""
        found = registry.sync_mlflow(
            asked.database, asked.behind.mlflow, asked.visitor.actor, given.model
        )
        return SyncedTold(added=len(found.added), known=found.known, problems=list(found.problems))

    @routes.post("/mlflow/gate", summary="Ask whether an alias may be moved or removed")
    def judge_alias(asked: Doing, given: AliasGiven) -> AliasTold:
        """MLflow's server asks here, by the plug-in in muniment.client.mlflow."""
        return asked.do(
            AliasTold,
            lambda work: _answered(
                registry.judge_alias(work, given.model, given.alias, given.version)
            ),
        )

    @routes.post(
        "/mlflow/webhook", status_code=202, summary="Hear MLflow's webhook", openapi_extra=_SIGNED
    )
    async def hear(request: Request) -> Heard:
        """Believed by its signature, as MLflow makes it; then the server itself is asked."""
        body = await request.body()
        behind: Behind = request.app.state.behind
        database, headers = behind.log.database, dict(request.headers)
        found = await to_thread.run_sync(
            registry.hear_mlflow, database, behind.mlflow, headers, body
        )
        return Heard(synced=found is not None)


def _told(link: MlflowLink) -> LinkTold:
    return LinkTold.model_validate(link)


def _answered(answer: AliasAnswer) -> AliasTold:
    return AliasTold.model_validate(answer)
