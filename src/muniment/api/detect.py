"""Detection as JSON: scan a text, make it safe, list the types."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from muniment import detect
from muniment.access import Scope
from muniment.api.asking import Asking, Reading
from muniment.api.detect_cases import add_cases
from muniment.api.detect_changes import add_changes
from muniment.core.errors import InvalidError
from muniment.detect import Finding, Given, Policy, Protected, ProtectedValue

_MOST_CHARS = 4_000_000
_AREA = Scope.of(console="detect")
AText = Annotated[str, Field(max_length=_MOST_CHARS)]
SystemId = Annotated[str, Field(max_length=80, description="Id of a system; empty: all.")]


class _Given(BaseModel):
    """What is given: these fields and no others."""

    model_config = ConfigDict(extra="forbid")


class TextGiven(_Given):
    """A text to look at."""

    text: AText
    system: SystemId = ""
    explain: bool = False


class Keeping(_Given):
    """Whose values a policy that tokenises keeps in the vault, how confidential, and for what."""

    subject: str = Field(max_length=80, description="Pseudonym of the person they are about.")
    classification: str = Field("confidential", max_length=80)
    scope: str = Field(max_length=200, description="Where the tokens stand for something.")


class ToProtect(_Given):
    """Exactly one of text, value and messages, and the policy to follow."""

    text: AText | None = None
    value: Any = None
    messages: Any = None
    policy: dict[str, Any] | None = Field(None, description="Without one the standard holds.")
    system: SystemId = ""
    keep: Keeping | None = Field(None, description="For a policy that tokenises.")


class FindingTold(BaseModel):
    """Something found; it points at the place and does not repeat the value."""

    type: str
    family: str
    start: int
    end: int
    score: float
    validation: str
    why: str
    under: str = Field("", description="In JSON: the key it stands under.")


class RejectedTold(BaseModel):
    """Something that looked like a type and was not reported."""

    type: str
    start: int
    end: int
    pattern: str
    reason: str


class ScanTold(BaseModel):
    """What was found, how much was inspected, and by which build."""

    verdict: Literal["clean", "found", "not_inspected"]
    findings: list[FindingTold]
    rejected: list[RejectedTold]
    characters: int
    inspected: int
    layers: list[str]
    gaps: list[str]
    build: str


class ProtectedTold(BaseModel):
    """What may go on, and what turns it back; nothing of both if it may not."""

    outcome: Literal["pass", "route", "hold", "block"]
    reasons: list[str]
    to: str
    inspected: bool
    text: str | None = None
    value: Any = None
    map: dict[str, str]
    findings: list[FindingTold]
    build: str
    policy: str = Field(description="Digest of the policy that was followed.")


class TypeTold(BaseModel):
    """What a detector finds, and its limits."""

    type: str
    family: str
    title: str
    finds: str
    limits: str
    control: str
    measured: str


def router() -> APIRouter:
    """Give the endpoints of detection; what is tokenised is kept in the safe."""
    routes = APIRouter(prefix="/v1/detect", tags=["detect"])

    @routes.post("/scan", summary="Look for sensitive data in a text")
    def scan(asking: Reading, given: TextGiven) -> ScanTold:
        _require_text(given.text)
        with asking.view("detect.scan", _place(given.system)) as work:
            scanner = detect.scanner_for(work, given.system)
        if given.explain:
            told = scanner.explain(given.text)
            return _scan_told(told.scan, told.rejected)
        return _scan_told(scanner.inspect(given.text), ())

    @routes.post("/protect", summary="Make a text, a JSON value or chat messages safe")
    def protect(asking: Reading, given: ToProtect) -> ProtectedTold:
        with asking.view("detect.scan", _place(given.system)) as work:
            scanner = detect.scanner_for(work, given.system)
        return _protected(scanner, given, _means(asking, given))

    @routes.get("/types", summary="List what is looked for")
    def types(
        asking: Reading,
        build: Annotated[
            str, Query(max_length=200, description="As the sheets stood for this build.")
        ] = "",
    ) -> list[TypeTold]:
        return _types(asking, build)

    add_cases(routes)
    add_changes(routes)
    return routes


def _types(asking: Asking, build: str) -> list[TypeTold]:
    with asking.view("detect.read", _AREA) as work:
        found = detect.sheets_of(work, build) if build else detect.sheets()
    return [
        TypeTold(
            type=each.type,
            family=each.family.value,
            title=each.title,
            finds=each.finds,
            limits=each.limits,
            control=each.control,
            measured=each.measured,
        )
        for each in found
    ]


def _place(system: str) -> Scope:
    return Scope.of(system=system) if system else _AREA


def _require_text(text: str) -> None:
    """Refuse half surrogates here, because an answer could not be written with them."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidError(
            "the text holds half of a surrogate pair", field="text", remedy="Send valid Unicode."
        ) from error


def _means(asking: Asking, given: ToProtect) -> Given:
    """Give the vault's tokens where they are asked for; keeping needs its own permission."""
    if given.keep is None:
        return {}
    tokens = detect.VaultTokens(
        asking.safe,
        asking.visitor.actor,
        subject=given.keep.subject,
        classification=given.keep.classification,
        reason="made safe at the door of detection",
    )
    return {"tokens": tokens, "scope": given.keep.scope}


def _protected(scanner: detect.Scanner, given: ToProtect, means: Given) -> ProtectedTold:
    parts = [name for name in ("text", "value", "messages") if name in given.model_fields_set]
    if len(parts) != 1:
        raise InvalidError(
            "one thing at a time is made safe",
            field="text",
            remedy="Give text, value or messages, and no other of them.",
        )
    exchange = scanner.protector(_policy(given.policy), **means)
    if given.text is not None:
        _require_text(given.text)
        return _protected_told(exchange.text(given.text))
    if "value" in parts:
        return _protected_told(exchange.value(given.value))
    return _protected_told(exchange.messages(given.messages))


def _policy(given: dict[str, Any] | None) -> Policy:
    if given is None:
        return detect.STANDARD
    policy = detect.policy_from(given)
    if detect.Action.HASH in {policy.default, *(rule.action for rule in policy.rules)}:
        raise InvalidError(
            "keyed hashes are made on the way of a call only",
            field="policy",
            remedy="Choose mask, tokenise or redact here.",
        )
    return policy


def _scan_told(scan: detect.Scan, rejected: tuple[detect.Rejected, ...]) -> ScanTold:
    return ScanTold(
        verdict=scan.verdict.value,
        findings=[_finding(each) for each in scan.findings],
        rejected=[
            RejectedTold(
                type=each.type,
                start=each.start,
                end=each.end,
                pattern=each.pattern,
                reason=each.reason,
            )
            for each in rejected
        ],
        characters=scan.coverage.characters,
        inspected=scan.coverage.inspected,
        layers=list(scan.coverage.layers),
        gaps=list(scan.coverage.gaps),
        build=scan.build,
    )


def _finding(each: Finding, under: str = "") -> FindingTold:
    return FindingTold(
        type=each.type,
        family=each.family.value,
        start=each.start,
        end=each.end,
        score=round(each.score, 4),
        validation=each.validation.value,
        why=str(each.why),
        under=under,
    )


def _protected_told(told: Protected | ProtectedValue) -> ProtectedTold:
    if isinstance(told, Protected):
        shown: dict[str, Any] = {"text": told.text if told.verdict.passes else None}
        findings = [_finding(each) for each in told.findings]
    else:
        shown = {"value": told.value}
        findings = [_finding(each, key) for key, each in told.findings]
    return ProtectedTold(
        outcome=told.verdict.outcome.value,
        reasons=list(told.verdict.reasons),
        to=told.verdict.to,
        inspected=told.inspected,
        map=dict(told.map),
        findings=findings,
        build=told.build,
        policy=told.policy,
        **shown,
    )
