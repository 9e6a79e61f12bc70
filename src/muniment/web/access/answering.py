"""One line of a review at a time: what they hold, when they last used it, what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from starlette.routing import Route

from muniment import access
from muniment.access import Answer, Entitlement, Line, LineSort
from muniment.core.clock import parse_stamp, stamp
from muniment.core.errors import InvalidError, NotFoundError
from muniment.core.page import MAX_PAGE_ROWS
from muniment.db import Work
from muniment.web.access import belongings
from muniment.web.access.cells import ADDRESS, AREA, holder_cell
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed, read_day, refuse
from muniment.web.cells import Cell, place_names, scope_cell, time_cell

REVIEWS: Final = f"{ADDRESS}/reviews"
ANSWER: Final = "access.answer_review"
ANSWERED: Final = {"keep": "ok", "revoke": "stop", "change": "look"}
_MOST_SECONDS: Final = 86_400
_ANSWERS: Final = (
    ("", "Choose one"),
    ("keep", "Keep: they need it"),
    ("revoke", "Revoke: it ends now"),
    ("change", "Change: it ends on the day below"),
)


def routes() -> list[Route]:
    """List the pages by which lines are answered."""
    return [*ANSWER_LINE.routes(), *VERIFY.routes()]


def name_of(named: str, names: Mapping[str, str]) -> str:
    """Name somebody, or nobody."""
    return names.get(named, named) or "nobody"


def _next_line(work: Work, review_id: str) -> Line | None:
    page = access.review_lines(work, review_id, mine=True, unanswered=True, limit=1)
    return page.rows[0] if page.rows else None


def _named_line(work: Work, review_id: str, line_id: str) -> Line:
    """Find the line a form was made from among one's own."""
    cursor: str | None = None
    while True:
        page = access.review_lines(work, review_id, mine=True, cursor=cursor, limit=MAX_PAGE_ROWS)
        for each in page.rows:
            if each.id == line_id:
                return each
        cursor = page.next_cursor
        if cursor is None:
            raise NotFoundError("this line is not yours to answer", subject=line_id)


def _answer_sheet(work: Work, typed: Typed) -> Sheet:
    campaign = access.review(work, typed["review_id"])
    here = f"{REVIEWS}/{campaign.id}"
    line = (
        _named_line(work, campaign.id, typed["line"])
        if typed.get("line")
        else _next_line(work, campaign.id)
    )
    if line is None:
        raise NotFoundError(
            "no line of this review waits for you",
            subject=campaign.id,
            remedy=f"See all of it at {here}.",
        )
    names = _names(work, line.entitlement)
    about = line.entitlement
    who = name_of(about.holder.id, names) if about.holder else about.account
    return Sheet(
        title=f"Does {who} still need this?",
        lede=f"Line {line.position:,} of {campaign.lines:,} of “{campaign.name}”, as of "
        f"{campaign.as_of:%d %b %Y}.",
        button="Record the answer",
        fields=(
            Field("line", "", kind="hidden", value=line.id),
            Field("shown", "", kind="hidden", value=stamp(work.now)),
            Field("version", "", kind="hidden", value=str(line.version)),
            Field("answer", "Your answer", kind="select", options=_ANSWERS),
            Field("ends_at", "Last day, for a change", kind="date", required=False, hint="In UTC."),
            Field("reason", "Reason", kind="textarea", hint="Kept with the line."),
        ),
        facts=_facts(about, names, place_names(work, [about.scope])),
        consequences=(
            "The answer is carried out at once; what is revoked opens nothing any more."
            if about.sort is not LineSort.OUTSIDE
            else "It is ended in the other system; the next import shows whether it is gone.",
            "How long this page was open is recorded with your answer.",
        ),
        back=here,
        crumbs=(("Reviews", REVIEWS), (campaign.name, here)),
    )


def _names(work: Work, about: Entitlement) -> dict[str, str]:
    wanted = [about.person_id or "", about.holder.id if about.holder else "", about.team_id]
    ids = [each for each in wanted if each]
    visible = access.may(work, work.actor, "access.read", AREA.scope).ok
    return access.names(work, ids) if visible else {}


def _facts(
    about: Entitlement, names: Mapping[str, str], places: Mapping[str, str]
) -> tuple[tuple[str, Cell], ...]:
    used = parse_stamp(about.last_used) if about.last_used else None
    person = about.person_id or ""
    return (
        ("Right", Cell(about.what)),
        ("Sort", Cell(about.sort.value)),
        ("Held by", holder_cell(about.holder, names) if about.holder else Cell(about.account)),
        ("Person behind it", Cell(name_of(person, names), f"{ADDRESS}/people/{person}"))
        if person
        else ("Person behind it", Cell("nobody is known", tone="faint")),
        ("Where", scope_cell(about.scope, places)),
        ("Account", Cell(about.account)),
        ("Last used", time_cell(used, "never, or not known")),
        ("What they did", Cell("Their records", f"/console/ledger?actor={person}"))
        if person
        else ("What they did", Cell("not known", tone="faint")),
    )


def _answer(work: Work, typed: Typed) -> Outcome:
    if typed.get("answer", "") not in {each.value for each in Answer}:
        refuse("answer", "no answer is chosen", "Choose one of the list.")
    said = Answer(typed["answer"])
    access.answer(
        work,
        typed.get("line", ""),
        said,
        reason=typed.get("reason", ""),
        seconds=_seconds(typed.get("shown", ""), work.now),
        ends_at=read_day(typed, "ends_at") if said is Answer.CHANGE else None,
        version=belongings.version(typed),
    )
    here = f"{REVIEWS}/{typed['review_id']}"
    return f"{here}/answer" if _next_line(work, typed["review_id"]) else here


def _seconds(shown: str, now: datetime) -> int:
    """Count how long the page was open, between none and a day."""
    try:
        spent = (now - parse_stamp(shown)).total_seconds()
    except InvalidError:
        return 0
    return max(0, min(_MOST_SECONDS, round(spent)))


ANSWER_LINE: Final = Act(
    AREA,
    "reviews/{review_id}/answer",
    "Answer a line of a review.",
    ANSWER,
    _answer_sheet,
    _answer,
    within=AREA.scope,
)


def _verify_sheet(work: Work, typed: Typed) -> Sheet:
    campaign = access.review(work, typed["review_id"])
    here = f"{REVIEWS}/{campaign.id}"
    return Sheet(
        title=f"Verify what “{campaign.name}” took back",
        lede="Every right that was revoked or changed is read again, and what was found is "
        "recorded.",
        button="Read them again",
        consequences=("Lines whose right is gone are marked as verified.",),
        back=here,
        crumbs=(("Reviews", REVIEWS), (campaign.name, here)),
    )


def _verify(work: Work, typed: Typed) -> Outcome:
    access.verify_answers(work, typed["review_id"])
    return f"{REVIEWS}/{typed['review_id']}"


VERIFY: Final = Act(
    AREA,
    "reviews/{review_id}/verify",
    "Read again whether what was revoked is gone.",
    ANSWER,
    _verify_sheet,
    _verify,
    within=AREA.scope,
)
