"""Calls as JSON: lists, the live view, one of them explained with proofs, and disputed texts."""

from __future__ import annotations

import base64
import binascii
from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, ConfigDict, Field

from muniment import exchanges, ledger, registry
from muniment.api.asking import Doing, Given, Reading, Rows, Told
from muniment.core.errors import ForbiddenError, InvalidError, NotFoundError
from muniment.core.page import MAX_PAGE_ROWS
from muniment.db import Work
from muniment.exchanges import COST_UNKNOWN, Exchange, Explained, State, Wanted
from muniment.ledger import Log
from muniment.registry import ChangeQuery

READ = "exchanges.read"
_MOST_CHANGES = 5
ExchangeId = Annotated[str, Path(max_length=80, examples=["exc_01kjmmac8gzksyqtwjrp07zhn1"])]
StateName = Literal["", "open", "answered", "failed", "refused", "unknown"]


class Narrowing(Given):
    """Which calls; what is not said does not matter."""

    system: str = Field("", max_length=80)
    environment: str = Field("", max_length=80)
    state: StateName = ""
    model: str = Field("", max_length=200)
    key: str = Field("", max_length=80)
    caller: str = Field("", max_length=120)
    subject: str = Field("", max_length=80, description="The random name, never the person's own.")
    effect: str = Field("", max_length=20)
    code: str = Field("", max_length=60, description="Why it was refused or failed, in a word.")
    prompt: str = Field("", max_length=80, description="Digest of the prompt, as registered.")
    uninspected: bool = Field(default=False, description="Only what nobody looked at whole.")
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None

    def wanted(self) -> Wanted:
        """Ask the room so."""
        names = Wanted.__dataclass_fields__
        return Wanted(**{name: getattr(self, name) for name in names})


class Listing(Narrowing):
    """Which calls, and which page of them."""

    cursor: str = Field("", max_length=400, description="next_cursor of the page before.")
    limit: int = Field(50, ge=1, le=MAX_PAGE_ROWS)


class Following(Narrowing):
    """Which calls, and from where on; without a place, from now on."""

    after: int = Field(-1, ge=-1, le=2**53, description="`after` of the answer before.")
    limit: int = Field(100, ge=1, le=MAX_PAGE_ROWS)


class ExchangeTold(Told):
    """One call, without anything that was said in it."""

    id: str
    system: str
    environment: str
    caller: str
    key: str
    surface: str
    model: str
    provider_model: str
    set_digest: str
    prompt: str
    subject: str
    state: Literal["open", "answered", "failed", "refused", "unknown"]
    status: int
    reached: Literal["none", "part", "whole"]
    effect: str
    code: str
    findings: int
    inspected: str
    uninspected: bool
    input_tokens: int
    output_tokens: int
    cost_micros: int | None = Field(description="Null: could not tell.")
    milliseconds: int
    began_at: AwareDatetime
    ended_at: AwareDatetime | None
    first_entry: int
    last_entry: int

    @classmethod
    def of(cls, found: Exchange) -> ExchangeTold:
        """Tell a call."""
        value = {name: getattr(found, name) for name in cls.model_fields}
        if found.cost_micros == COST_UNKNOWN:
            value["cost_micros"] = None
        return cls.model_validate(value)


class LiveTold(Told):
    """What was recorded since the place asked for, in order; a call comes when it leaves and ends.

    Ask again with `after` as it stands here.
    """

    rows: list[ExchangeTold]
    after: int


class CountsTold(Told):
    """How the calls of a time ended, and how many left without having been looked at whole."""

    since: AwareDatetime
    counts: dict[str, int]
    uninspected: int


class StepTold(Told):
    """One stage of the corridor; micros and entry are null where nothing was recorded."""

    stage: str
    how: Literal["passed", "changed", "stopped", "not_reached", "could_not_tell"]
    says: str
    micros: int | None
    entry: int | None


class RuledTold(Told):
    """A decision about one direction."""

    direction: Literal["prompt", "answer"]
    decision: str
    effect: str
    policy: int
    says: str
    reasons: list[str]
    remedies: list[str]
    findings: dict[str, int]


class AgreedTold(Told):
    """A request for a yes about this call."""

    request: str
    title: str
    state: str
    by: list[str]


class EntryTold(Told):
    """An entry of the ledger about this call, with its proof."""

    index: int
    id: str
    kind: str
    at: AwareDatetime
    leaf: str
    body: dict[str, Any]
    proof: str = Field(description="The proof file, base64.")


class ServedTold(Told):
    """What served: the parts of its version set, and the changes that brought it."""

    set_digest: str
    versions: dict[str, str] | None = Field(description="Null: could not tell.")
    changes: list[str]
    requests: list[str] = Field(description="Approvals of these changes.")


class ExplainedTold(Told):
    """One call with everything that is recorded of it."""

    exchange: ExchangeTold
    steps: list[StepTold]
    ruled: list[RuledTold]
    agreed: list[AgreedTold]
    attempts: list[dict[str, Any]]
    served: ServedTold
    entries: list[EntryTold]


class MatchGiven(Given):
    """A disputed text, given as text or as its bytes in base64."""

    model_config = ConfigDict(str_strip_whitespace=False)

    text: str = Field("", max_length=33_554_432)
    bytes: str = Field("", max_length=45_000_000, description="Base64, in the place of text.")
    direction: Literal["prompt", "answer"] = "prompt"
    reason: str = Field(min_length=1, max_length=500)


class MatchTold(Told):
    """Whether it is the text of this call."""

    exchange: str
    direction: str
    answer: Literal["matches", "does_not_match", "could_not_tell"]
    says: str


def add_to(routes: APIRouter) -> None:
    """Add the endpoints of calls."""

    @routes.get("", summary="List calls, the newest first")
    def list_exchanges(
        asking: Reading, narrowing: Annotated[Listing, Query()]
    ) -> Rows[ExchangeTold]:
        with asking.view_some(READ) as work:
            found = exchanges.find(
                work, narrowing.wanted(), limit=narrowing.limit, cursor=narrowing.cursor
            )
        return Rows(
            rows=[ExchangeTold.of(each) for each in found.rows], next_cursor=found.next_cursor
        )

    @routes.get("/live", summary="Follow calls as they leave and end")
    def follow_exchanges(asking: Reading, following: Annotated[Following, Query()]) -> LiveTold:
        with asking.view_some(READ) as work:
            found, after = exchanges.find_after(
                work, following.wanted(), following.after, limit=following.limit
            )
        return LiveTold(rows=[ExchangeTold.of(each) for each in found], after=after)

    @routes.get("/counts", summary="Count the calls of the last hours by how they ended")
    def count_exchanges(
        asking: Reading, hours: Annotated[int, Query(ge=1, le=8_760)] = 24
    ) -> CountsTold:
        with asking.view_some(READ) as work:
            found = exchanges.counted(work, work.now - timedelta(hours=hours))
        every = {state.value: found.counts.get(state.value, 0) for state in State}
        return CountsTold(since=found.since, counts=every, uninspected=found.uninspected)

    @routes.get("/{exchange_id}", summary="Show a call")
    def show_exchange(asking: Reading, exchange_id: ExchangeId) -> ExchangeTold:
        with asking.view_some(READ) as work:
            return ExchangeTold.of(exchanges.get(work, exchange_id))

    @routes.get("/{exchange_id}/explain", summary="Explain a call, with proofs")
    def explain_exchange(asking: Reading, exchange_id: ExchangeId) -> ExplainedTold:
        with asking.view_some(READ) as work:
            told = exchanges.explain(work, asking.log, exchange_id)
            return _explained(told, asking.log, _served(work, told.exchange.set_digest))

    @routes.post("/{exchange_id}/match", summary="Say whether a text is the one a call carried")
    def match_exchange(asking: Doing, exchange_id: ExchangeId, given: MatchGiven) -> MatchTold:
        content = _content(given)

        with asking.work() as work:  # never once by key, which would keep a digest of the text
            found = exchanges.match(
                work,
                asking.log,
                asking.safe,
                exchange_id,
                content,
                direction=given.direction,
                reason=given.reason,
            )
        return MatchTold.model_validate(found)


def _content(given: MatchGiven) -> bytes:
    if bool(given.text) == bool(given.bytes):
        raise InvalidError(
            "give either a text or its bytes", field="text", remedy="Give one of the two."
        )
    if given.text:
        return given.text.encode()
    try:
        return base64.b64decode(given.bytes, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidError(
            "this is no base64", field="bytes", remedy="Encode the bytes in base64."
        ) from error


def _explained(told: Explained, log: Log, served: ServedTold) -> ExplainedTold:
    body = told.body("exchanges.concluded")
    return ExplainedTold(
        exchange=ExchangeTold.of(told.exchange),
        steps=[StepTold.model_validate(each) for each in told.steps],
        ruled=[RuledTold.model_validate(each) for each in told.ruled],
        agreed=[AgreedTold.model_validate(each) for each in told.agreed],
        attempts=[dict(each) for each in body.get("attempts", ())],
        served=served,
        entries=[
            EntryTold(
                index=each.index,
                id=each.id,
                kind=each.kind,
                at=each.at,
                leaf=each.leaf,
                body=dict(each.body),
                proof=base64.b64encode(ledger.prove(log, each.index)).decode(),
            )
            for each in told.written
        ],
    )


def _served(work: Work, digest: str) -> ServedTold:
    """Ask the registry what the set was, as far as it knows and the caller may read."""
    try:
        found = registry.set_of(work, digest)
        query = ChangeQuery(system_id=found.system_id, set_digest=digest)
        changes = registry.find_changes(work, query, limit=_MOST_CHANGES).rows
    except (NotFoundError, ForbiddenError):
        return ServedTold(set_digest=digest, versions=None, changes=[], requests=[])
    return ServedTold(
        set_digest=digest,
        versions=dict(found.versions),
        changes=[each.id for each in changes],
        requests=[each.request_id for each in changes if each.request_id],
    )
