"""A disputed text: is it the one a call carried? It is compared, and nothing of it is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from muniment import exchanges
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.exchanges import Matched, Matching
from muniment.ledger import Log
from muniment.vault import Safe
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed, do_act, show_act
from muniment.web.cells import Cell
from muniment.web.exchanges.cells import ADDRESS, AREA, CRUMBS
from muniment.web.shell import log_of
from muniment.web.vault import safe_of

_TITLES: Final = {
    Matching.MATCHES: "It matches",
    Matching.DIFFERS: "It does not match",
    Matching.COULD_NOT_TELL: "Could not tell",
}
_TONES: Final = {
    Matching.MATCHES: "ok",
    Matching.DIFFERS: "stop",
    Matching.COULD_NOT_TELL: "unknown",
}


def routes() -> list[Route]:
    """List the page, and the comparing."""
    address = f"{ADDRESS}/{MATCH.place}"
    return [
        Route(address, show, methods=["GET"]),
        Route(address, compare, methods=["POST"]),
    ]


async def show(request: Request) -> Response:
    """Show the form."""
    return await show_act(MATCH, request)


async def compare(request: Request) -> Response:
    """Compare a text with the digest of a call."""
    log, safe = log_of(request), safe_of(request)

    def do(work: Work, typed: Typed) -> Outcome:
        return _match(work, typed, log, safe)

    return await do_act(replace(MATCH, do=do), request)


def _sheet(work: Work, typed: Typed) -> Sheet:
    found = exchanges.get(work, typed["exchange_id"])
    here = f"{ADDRESS}/{found.id}"
    return Sheet(
        title="Compare a disputed text",
        lede="Somebody says that a call carried a text. Its keyed digest proves or disproves that.",
        button="Compare",
        fields=(
            Field(
                "direction",
                "Which text",
                kind="select",
                options=(("prompt", "What was asked"), ("answer", "What was answered")),
                value="prompt",
            ),
            Field(
                "file",
                "The text, as a file",
                kind="file",
                hint="The request as it left, or the answer as it came.",
                required=False,
            ),
            Field(
                "text",
                "Or the text itself",
                kind="textarea",
                hint="Without the blanks at its ends.",
                required=False,
                rows=6,
            ),
            Field("reason", "Why you ask", kind="textarea", hint="It stands in the record."),
        ),
        consequences=(
            "That you asked, why, and the answer are recorded.",
            "The text is not kept, nor anything computed from it.",
        ),
        facts=(("Call", Cell(found.id, here, kind="code")),),
        back=here,
        crumbs=(*CRUMBS, (found.id, here)),
    )


def _match(work: Work, typed: Typed, log: Log, safe: Safe) -> Outcome:
    text, file = typed.get("text", ""), typed.get("file", "")
    if bool(text) == bool(file):
        raise InvalidError(
            "there is no text to compare" if not text else "there are two texts",
            field="text",
            remedy="Give a file or a text.",
        )
    found = exchanges.match(
        work,
        log,
        safe,
        typed["exchange_id"],
        (text or file).encode(),
        direction=typed.get("direction", ""),
        reason=typed.get("reason", ""),
    )
    return _answered(_sheet(work, typed), found)


def _answered(sheet: Sheet, found: Matched) -> Sheet:
    said = f"{found.says[:1].upper()}{found.says[1:]}."
    answer = found.answer.value.replace("_", " ")
    return replace(
        sheet,
        title=_TITLES[found.answer],
        lede=said,
        button="Compare another",
        facts=(
            ("Answer", Cell(answer, kind="tag", tone=_TONES[found.answer])),
            *sheet.facts,
        ),
    )


def _nothing(_work: Work, _typed: Typed) -> Outcome:
    raise InvalidError("there is nothing to compare with", remedy="Ask on its page.")


MATCH: Final = Act(
    AREA,
    "{exchange_id}/match",
    "Compare a disputed text with what a call carried.",
    "vault.open",
    _sheet,
    _nothing,
)
