"""The vault as JSON: how it stands, and the certificates of erasures. Nothing is opened here."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from muniment import vault
from muniment.api.asking import Reading


class Group(BaseModel):
    """The data keys of one classification and period."""

    classification: str
    period: str
    current: int
    retired: int
    destroyed: int
    oldest_at: datetime


class Erasure(BaseModel):
    """An erasure and the records that prove each step."""

    id: str
    subject: str
    classification: str = Field(description="Empty: all of them.")
    state: str
    asked_by: str
    asked_at: datetime
    request: str = Field(description="Record id of the request.")
    approval: str = Field(description="Record id of the decision; empty: none.")
    destruction: str = Field(description="Record id of the destruction; empty: not yet.")
    destroyed_at: datetime | None
    keys: int = Field(description="How many keys were destroyed.")


class VaultStanding(BaseModel):
    """How the vault stands."""

    groups: list[Group]
    keyring_key: str = Field(description="The keyring's key that wraps now; empty: not known.")
    keyring_since: datetime | None
    not_rewrapped: int
    objects: int
    object_bytes: int
    tokens: int
    erasures: list[Erasure]
    rotate_days: int
    rotation_is_due: bool | None = Field(description="Null: could not tell.")


def router() -> APIRouter:
    """Give the endpoints of the vault."""
    routes = APIRouter(prefix="/v1/vault", tags=["vault"])

    @routes.get("/status", summary="Say how the vault stands")
    def show_vault(asked: Reading) -> VaultStanding:
        with asked.view("vault.status", vault.AREA):
            found = vault.status(asked.safe, asked.visitor.actor)
        plain = asdict(found)
        erasures = [
            Erasure(**(asdict(one) | {"keys": len(one.kids), "state": one.state.value}))
            for one in found.shreds
        ]
        return VaultStanding(**(plain | {"erasures": erasures}))

    @routes.get(
        "/erasures/{shred_id}/certificate",
        summary="Give the certificate of an erasure",
        response_class=Response,
    )
    def give_certificate(asked: Reading, shred_id: str) -> Response:
        with asked.view("vault.status", vault.AREA) as work:
            written = vault.certificate(asked.safe, work, shred_id)
        name = f'attachment; filename="{shred_id}.certificate.json"'
        headers = {"content-disposition": name}
        return Response(written, media_type="application/json", headers=headers)

    return routes
