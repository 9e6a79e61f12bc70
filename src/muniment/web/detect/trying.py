"""The page of detection: try a text, see what is found and why, and how it would be protected.

What is typed here is looked at and forgotten. Only what somebody reports is kept, as a case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from muniment import access, detect
from muniment.access import Scope
from muniment.core.errors import ConflictError, InvalidError, MunimentError, NotFoundError
from muniment.detect import (
    Action,
    Case,
    CaseKeeping,
    CaseKind,
    Explanation,
    Family,
    Finding,
    Given,
    Policy,
    Protected,
)
from muniment.web.callers import require_visitor
from muniment.web.parts import Column
from muniment.web.shell import log_of, render
from muniment.web.vault import safe_of

ADDRESS: Final = "/console/detect"
_AREA: Final = Scope.of(console="detect")
_LONGEST_ID: Final = 60
_MOST_CHARS: Final = 100_000
_MOST_FORM_BYTES: Final = 1_000_000
_MOST_REJECTED: Final = 50
_CASES_SHOWN: Final = 10
TOKENISE: Final = "tokenise"
_POLICIES: Final[Mapping[str, tuple[Policy, str]]] = {
    "standard": (detect.STANDARD, "Standard: secrets removed, other values masked"),
    "mask": (Policy("mask"), "Mask everything"),
    "redact": (Policy("redact", default=Action.REDACT), "Remove everything"),
    "block": (Policy("block", default=Action.BLOCK), "Stop if anything is found"),
    TOKENISE: (Policy("tokenise", default=Action.TOKENISE), "Replace everything by tokens"),
}
_COLUMNS: Final = {
    "found": (
        Column("Type"),
        Column("Text"),
        Column("Kind"),
        Column("Score", number=True),
        Column("Why"),
        Column(""),
    ),
    "rejected": (Column("Type"), Column("Text"), Column("Why not")),
    "cases": (
        Column("Case"),
        Column("Kind"),
        Column("Type"),
        Column("Reported"),
        Column("Text"),
    ),
}
_TONES: Final[Mapping[Family, tuple[str, str]]] = {
    Family.SECRETS: ("stop", "secret"),
    Family.FINANCIAL: ("stop", "financial"),
    Family.PHI: ("stop", "health"),
    Family.PII: ("look", "personal"),
    Family.NAMES: ("look", "name"),
    Family.NETWORK: ("info", "network"),
    Family.OWN: ("accent", "own term"),
    Family.SAFETY: ("unknown", "signal"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the text, and what was found there."""

    text: str
    finding: Finding | None = None
    tone: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """A text that was tried, with everything the page says about it."""

    text: str
    policy: str
    told: Explanation
    protected: Protected
    scope: str = ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """Give the tokens that look like numbers; others are found in a text by themselves."""
        if self.policy != TOKENISE:
            return ()
        return tuple(each for each in self.protected.map if not each.startswith("tok_"))

    @property
    def parts(self) -> tuple[Part, ...]:
        """Cut the text at its findings."""
        return tuple(_parts(self.text, self.told.scan.findings))

    @property
    def rejected(self) -> tuple[Any, ...]:
        """Give the first things that were not reported."""
        return self.told.rejected[:_MOST_REJECTED]

    @property
    def sentence(self) -> str:
        """Say what came of it."""
        scan = self.told.scan
        count = len(scan.findings)
        if scan.coverage.gaps:
            return f"{count} found, and not all was inspected. Not inspected is never clean."
        if not count:
            return "Nothing found, and all of it was inspected."
        return f"{count} found. All of it was inspected."


def routes() -> list[Route]:
    """List the pages of detection."""
    return [
        Route(ADDRESS, show, methods=["GET"], name="detect"),
        Route(ADDRESS, try_text, methods=["POST"], name="detect-try"),
        Route(f"{ADDRESS}/feedback", feedback, methods=["POST"], name="detect-feedback"),
        Route(f"{ADDRESS}/cases", act_on_case, methods=["POST"], name="detect-cases"),
        Route(f"{ADDRESS}/restore", turn_back, methods=["POST"], name="detect-restore"),
    ]


async def show(request: Request) -> Response:
    """Show the empty page."""
    return await _page(request, None)


async def try_text(request: Request) -> Response:
    """Look at a text and show what is found."""
    given = await _form(request)
    try:
        tried = await to_thread.run_sync(_try, request, given)
    except InvalidError as error:
        return await _page(request, None, given, {error.field or "text": _says(error)})
    return await _page(request, tried, given)


async def feedback(request: Request) -> Response:
    """Keep what somebody says about a finding, and go back."""
    given = await _form(request)
    try:
        case = await to_thread.run_sync(_report, request, given)
    except InvalidError as error:
        return await _page(request, None, given, {"missed": _says(error)})
    return RedirectResponse(f"{ADDRESS}?kept={case.id}", 303)


async def act_on_case(request: Request) -> Response:
    """Show the text of a case, which is on record first, or erase it."""
    given = await _form(request)
    try:
        opened = await to_thread.run_sync(_act_on_case, request, given)
    except (ConflictError, InvalidError, NotFoundError) as error:
        return await _page(request, None, given, {"case": _says(error)})
    return await _page(request, None, {}, opened=opened)


async def turn_back(request: Request) -> Response:
    """Show a text with its tokens turned back into values; each one is on record."""
    given = await _form(request)
    try:
        restored = await to_thread.run_sync(_turn_back, request, given)
    except (InvalidError, NotFoundError) as error:
        return await _page(request, None, given, {"restore": _says(error)})
    return await _page(request, None, given, restored=restored)


def _turn_back(request: Request, given: Mapping[str, str]) -> str:
    actor = require_visitor(request).actor
    tokens = detect.VaultTokens(
        safe_of(request), actor, subject="", classification="", reason=given.get("reason", "")
    )
    with log_of(request).database.look(actor) as work:
        access.require(work, "vault.restore")
    text, numbers = given.get("restore", ""), given.get("numbers", "").split("\n")
    if not text.strip():
        raise InvalidError("there is no text", field="restore", remedy="Paste one with tokens.")
    also = [each.strip() for each in numbers if each.strip()]
    return detect.restored(text, tokens, scope=given.get("scope", ""), also=also)


def _try(request: Request, given: Mapping[str, str]) -> Tried:
    text, policy = given.get("text", ""), given.get("policy", "standard")
    if not text.strip():
        raise InvalidError(
            "there is no text to look at", field="text", remedy="Write or paste one."
        )
    if len(text) > _MOST_CHARS:
        raise InvalidError(
            f"{len(text):,} characters are too many for this page",
            field="text",
            remedy="Use the command: muniment detect scan FILE.",
        )
    if policy not in _POLICIES:
        raise InvalidError("this is not a policy", field="policy", remedy="Choose one of the list.")
    database = log_of(request).database
    actor = require_visitor(request).actor
    with access.viewing(database, actor, "detect.scan", _AREA, what=ADDRESS) as work:
        scanner = detect.scanner_for(work)
    scope, means = given.get("scope", "").strip(), _means(request, given, policy)
    protected = scanner.protect(text, _POLICIES[policy][0], **means)
    return Tried(text, policy, scanner.explain(text), protected, scope)


def _means(request: Request, given: Mapping[str, str], policy: str) -> Given:
    """Give the vault's tokens to a policy that needs them; keeping needs its own permission."""
    if policy != TOKENISE:
        return {}
    actor = require_visitor(request).actor
    with log_of(request).database.look(actor) as work:
        access.require(work, "vault.tokenise")
    tokens = detect.VaultTokens(
        safe_of(request),
        actor,
        subject=given.get("subject", "").strip(),
        classification=given.get("classification", "").strip(),
        reason="made safe on the page of detection",
    )
    return {"tokens": tokens, "scope": given.get("scope", "").strip()}


def _report(request: Request, given: Mapping[str, str]) -> Case:
    kind = given.get("kind", "")
    if kind not in {each.value for each in CaseKind}:
        raise InvalidError("say what was wrong", field="kind", remedy="Use the buttons.")
    text = given.get("text", "")
    start, end = _place(given, text)
    with log_of(request).database.work(require_visitor(request).actor) as work:
        return detect.report(
            work,
            safe_of(request),
            text,
            CaseKind(kind),
            type=given.get("type", ""),
            start=start,
            end=end,
            keeping=CaseKeeping(subject=given.get("subject", "").strip()),
        )


def _act_on_case(request: Request, given: Mapping[str, str]) -> str | None:
    """Open or erase the text of a case; give the text where it was opened."""
    case_id, reason = given.get("case", "").strip(), given.get("reason", "")
    safe, actor = safe_of(request), require_visitor(request).actor
    if given.get("do", "") == "erase":
        with safe.database.work(actor) as work:
            detect.erase(work, case_id, reason=reason)
        return None
    with safe.database.work(actor) as work:
        _, opening = detect.open_case(work, safe, case_id, reason=reason)
    return detect.text_of(opening).encode("utf-8", "replace").decode()


def _place(given: Mapping[str, str], text: str) -> tuple[int, int]:
    """Find the place meant: as numbers, or as the words that were missed."""
    missed = given.get("missed", "").strip()
    if missed:
        start = text.find(missed)
        if start < 0:
            raise InvalidError(
                "these words do not stand in the text",
                field="missed",
                remedy="Copy them exactly as they stand there.",
            )
        return start, start + len(missed)
    try:
        return int(given.get("start", "")), int(given.get("end", ""))
    except ValueError as error:
        raise InvalidError(
            "say which words were missed", field="missed", remedy="Copy them from the text."
        ) from error


async def _page(
    request: Request,
    tried: Tried | None,
    given: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    restored: str | None = None,
    opened: str | None = None,
) -> Response:
    cases = await to_thread.run_sync(_cases, request)
    kept = request.query_params.get("kept", "")
    typed = given or {}
    return render(
        request,
        "detect/try.html",
        status_code=422 if errors else 200,
        address=ADDRESS,
        tried=tried,
        text=typed.get("text", ""),
        policy=typed.get("policy", "standard"),
        policies=_policies(request),
        typed=typed,
        classifications=[(each, each) for each in safe_of(request).settings.classifications],
        restored=restored,
        opened=opened,
        may_open=require_visitor(request).may("vault.open"),
        may_erase=require_visitor(request).may("detect.calibrate", _AREA),
        may_restore=require_visitor(request).may("vault.restore"),
        types=_types(),
        tones=_TONES,
        columns=_COLUMNS,
        errors=errors or {},
        cases=cases,
        asked_case=request.query_params.get("case", "")[:_LONGEST_ID],
        kept=kept if any(case.id == kept for case in cases) else "",
    )


def _policies(request: Request) -> list[tuple[str, str]]:
    """List the policies to try; tokens are offered to who may make them."""
    may = require_visitor(request).may("vault.tokenise")
    return [(name, says) for name, (_, says) in _POLICIES.items() if may or name != TOKENISE]


def _cases(request: Request) -> tuple[Case, ...]:
    database, actor = log_of(request).database, require_visitor(request).actor
    with access.viewing(database, actor, "detect.read", _AREA, what=ADDRESS) as work:
        return detect.cases(work, limit=_CASES_SHOWN).rows


def _types() -> list[tuple[str, str]]:
    return sorted((each.type, f"{each.title} ({each.type})") for each in detect.sheets())


async def _form(request: Request) -> dict[str, str]:
    form = await request.form(max_part_size=_MOST_FORM_BYTES)
    return {
        name: value.replace("\r\n", "\n") for name, value in form.items() if isinstance(value, str)
    }


def _says(error: MunimentError) -> str:
    return f"{error.message[:1].upper()}{error.message[1:]}. {error.remedy}"


def _parts(text: str, findings: Iterable[Finding]) -> Iterable[Part]:
    at = 0
    for finding in findings:
        if finding.start < at:
            continue
        if finding.start > at:
            yield Part(text[at : finding.start])
        tone, word = _TONES[finding.family]
        yield Part(text[finding.start : finding.end], finding, tone, word)
        at = finding.end
    if at < len(text):
        yield Part(text[at:])
