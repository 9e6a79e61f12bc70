"""The ledger as JSON: how it stands, its entries, one entry with its proof."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from muniment import ledger
from muniment.access import Scope
from muniment.api.asking import Reading
from muniment.ledger import Query as LedgerQuery
from muniment.verify import leaf_hash

AREA: Final = Scope.of(console="ledger")


class Status(BaseModel):
    """How the log stands."""

    installation: str
    origin: str
    vkey: str = Field(description="The key to verify with; keep it somewhere else.")
    size: int
    waiting: int = Field(description="Entries that are durable but not yet sealed.")
    signed_at: datetime
    indexed: int
    broken: str = Field(description="Why writing has stopped; empty when all is well.")


class Row(BaseModel):
    """One line of a list of entries."""

    index: int
    id: str
    kind: str
    at: str
    actor: str
    subject: str
    producer: str
    seq: int


class Entries(BaseModel):
    """A page of entries."""

    rows: list[Row]
    next_cursor: str | None


class OneEntry(BaseModel):
    """One entry as it stands in the log, with the hash of its bytes."""

    index: int
    leaf: str
    entry: dict[str, Any]


class Filters(BaseModel):
    """What to look for; what is not said does not matter."""

    model_config = ConfigDict(extra="forbid")

    kind: str = Field("", max_length=100, description="Kind, or room.* for a whole room.")
    subject: str = Field("", max_length=200, description="Id, or kind:id.")
    actor: str = Field("", max_length=200, description="Id, or kind:id.")
    text: str = Field("", max_length=200, description="Words in the body.")
    since: datetime | None = Field(None, description="Not before this time, with its zone.")
    until: datetime | None = Field(None, description="Before this time, with its zone.")
    from_index: int | None = Field(None, ge=0, le=2**53)
    to_index: int | None = Field(None, ge=0, le=2**53)
    oldest_first: bool = False
    cursor: str | None = Field(None, max_length=200)
    limit: int = Field(50, ge=1, le=500)


def router() -> APIRouter:
    """Give the endpoints of the ledger."""
    routes = APIRouter(prefix="/v1/ledger", tags=["ledger"])

    @routes.get("", summary="List entries, newest first")
    def list_entries(asked: Reading, filters: Annotated[Filters, Query()]) -> Entries:
        query = LedgerQuery(**filters.model_dump(exclude={"cursor", "limit"}))
        with asked.view("ledger.read", AREA):
            page = ledger.find(asked.log, query, cursor=filters.cursor, limit=filters.limit)
        rows = [Row(**asdict(row)) for row in page.rows]
        return Entries(rows=rows, next_cursor=page.next_cursor)

    @routes.get("/status", summary="Say how the log stands")
    def show_status(asked: Reading) -> Status:
        with asked.view("ledger.prove", AREA):
            return Status(**asdict(asked.log.status()))

    @routes.get("/{index}", summary="Show one entry")
    def show_entry(asked: Reading, index: int) -> OneEntry:
        with asked.view("ledger.read", AREA):
            found = ledger.entry(asked.log, index)
        leaf = leaf_hash(found.data).hex()
        return OneEntry(index=found.index, leaf=leaf, entry=dict(found.value))

    @routes.get(
        "/{index}/proof", summary="Give a proof file for one entry", response_class=Response
    )
    def prove_entry(asked: Reading, index: int) -> Response:
        name = f'attachment; filename="entry-{index}.tlog-proof"'
        with asked.view("ledger.prove", AREA):
            proof = ledger.prove(asked.log, index)
        return Response(proof, media_type="text/plain", headers={"content-disposition": name})

    return routes
