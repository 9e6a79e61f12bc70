"""The pages of reviews: a frozen population, judged line by line by people who are independent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.routing import Route

from muniment import access
from muniment.access import Campaign, Line, LineSort, PersonId
from muniment.core.page import MAX_PAGE_ROWS, Page
from muniment.db import Work
from muniment.web.access import answering, belongings
from muniment.web.access.answering import ANSWERED, REVIEWS, name_of
from muniment.web.access.cells import ADDRESS, AREA, holder_cell
from muniment.web.access.people import active_people
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed, read_day, refuse
from muniment.web.cells import Cell, place_names, scope_cell, tag_cell, time_cell
from muniment.web.lists import Action, Empty, Listing
from muniment.web.parts import Column
from muniment.web.shows import Page as ShownPage
from muniment.web.shows import Section, Show

OPEN: Final = "access.open_review"
STATES: Final = {"open": "look", "overdue": "stop", "closed": "ok"}
_CRUMBS: Final = (("Reviews", REVIEWS),)
_MOST_EXCUSES: Final = 50
_SORTS: Final = (
    ("grant", "Grants: roles of people, services and teams"),
    ("membership", "Memberships: who is in a team that holds something"),
    ("key", "Keys of programs"),
    ("outside", "Rights in other systems"),
)


def routes() -> list[Route]:
    """List the pages of reviews."""
    return [
        *LIST.routes(),
        *OPEN_REVIEW.routes(),
        *SHOW.routes(),
        *answering.routes(),
        *CLOSE.routes(),
    ]


def _read(work: Work, _typed: Mapping[str, str], cursor: str | None, limit: int) -> Page[Campaign]:
    return access.reviews(work, cursor=cursor, limit=limit)


def _cells(work: Work, found: Sequence[Campaign]) -> list[tuple[Cell, ...]]:
    return [
        (
            Cell(each.name, f"{REVIEWS}/{each.id}"),
            tag_cell(each.state.value, STATES),
            Cell(f"{_answered(work, each):,} of {each.lines:,}"),
            time_cell(each.as_of),
            time_cell(each.due_at),
            time_cell(each.closed_at, "not yet"),
        )
        for each in found
    ]


def _answered(work: Work, campaign: Campaign) -> int:
    return sum(each.answer is not None for each in _lines(work, campaign.id))


def _lines(work: Work, campaign_id: str) -> list[Line]:
    found: list[Line] = []
    cursor: str | None = None
    while True:
        page = access.review_lines(work, campaign_id, cursor=cursor, limit=MAX_PAGE_ROWS)
        found += page.rows
        cursor = page.next_cursor
        if cursor is None:
            return found


def _lede(work: Work) -> str:
    owed = access.owed_lines(work)
    if owed:
        return f"{owed:,} {'line waits' if owed == 1 else 'lines wait'} for your answer."
    return "No line waits for you. A review freezes who can reach what; others then judge it."


LIST: Final = Listing[Campaign](
    area=AREA,
    place="reviews",
    title="Reviews",
    says="Who can reach what, looked over by people who do not hold it.",
    columns=(
        Column("Review", sort="name"),
        Column("State", sort="state"),
        Column("Answered", sort="answered"),
        Column("As of", sort="as_of", hide_narrow=True),
        Column("Due", sort="due"),
        Column("Closed", sort="closed", hide_narrow=True),
    ),
    read=_read,
    cells=_cells,
    lede=_lede,
    empty=Empty(
        "No review so far",
        "Freeze who can reach what today, and give each line to somebody who does not hold it.",
        href=f"{REVIEWS}/open",
        link="Open a review",
    ),
    actions=(Action("Open a review", f"{REVIEWS}/open", OPEN, "main"),),
)


def _page(work: Work, asked: Mapping[str, str]) -> ShownPage:
    campaign = access.review(work, asked["review_id"])
    lines = _lines(work, campaign.id)
    here = f"{REVIEWS}/{campaign.id}"
    mine = [each for each in lines if each.answer is None and each.reviewer_id == work.actor.id]
    names = access.names(work, [campaign.opened_by, *_ids(lines)])
    places = place_names(work, [each.entitlement.scope for each in lines])
    answer = Action(
        f"Answer {len(mine)} {'line' if len(mine) == 1 else 'lines'}", f"{here}/answer", "", "main"
    )
    return ShownPage(
        title=campaign.name,
        lede=_said(campaign, lines),
        crumbs=_CRUMBS,
        state=tag_cell(campaign.state.value, STATES),
        facts=(
            ("As of", time_cell(campaign.as_of)),
            ("Frozen population", Cell(campaign.population, kind="code")),
            ("Lines", Cell(f"{campaign.lines:,}")),
            ("Due", time_cell(campaign.due_at)),
            ("Opened by", Cell(names.get(campaign.opened_by, campaign.opened_by))),
            ("Closed", time_cell(campaign.closed_at, "not yet")),
            ("Evidence", Cell("Save it as JSON", f"/api/v1/access/reviews/{campaign.id}/evidence")),
            ("In the ledger", Cell("Every record about it", belongings.records(campaign.id))),
        ),
        sections=(
            Section(
                "Lines",
                (
                    Column("Right"),
                    Column("Of"),
                    Column("Where", hide_narrow=True),
                    Column("Reviewer"),
                    Column("Answer"),
                    Column("Seconds", number=True, hide_narrow=True),
                    Column("Gone", hide_narrow=True),
                ),
                tuple(_line(each, names, places) for each in lines[:MAX_PAGE_ROWS]),
                Empty("No lines", "Nothing could be reached."),
                note=f"{min(len(lines), MAX_PAGE_ROWS)} of {campaign.lines}",
            ),
        ),
        actions=()
        if campaign.closed_at
        else (
            *((answer,) if mine else ()),
            Action("Verify revocations", f"{here}/verify", "access.answer_review"),
            Action("Close it", f"{here}/close", OPEN),
        ),
    )


def _ids(lines: Sequence[Line]) -> list[str]:
    people = [each.reviewer_id for each in lines]
    held = [each.entitlement.holder.id for each in lines if each.entitlement.holder]
    return [*people, *held]


def _line(each: Line, names: Mapping[str, str], places: Mapping[str, str]) -> tuple[Cell, ...]:
    about = each.entitlement
    return (
        Cell(about.what, note=about.sort.value),
        holder_cell(about.holder, names) if about.holder else Cell(about.account),
        scope_cell(about.scope, places),
        Cell(name_of(each.reviewer_id, names), f"{ADDRESS}/people/{each.reviewer_id}"),
        tag_cell(each.answer.value, ANSWERED) if each.answer else Cell("waits", tone="faint"),
        Cell(f"{each.seconds:,}" if each.answer else ""),
        time_cell(each.verified_at, "not verified")
        if each.answer and each.answer.value != "keep"
        else Cell("stays" if each.answer else ""),
    )


def _said(campaign: Campaign, lines: Sequence[Line]) -> str:
    count = sum(each.answer is not None for each in lines)
    revoked = sum(each.answer is not None and each.answer.value == "revoke" for each in lines)
    rights = "right was" if revoked == 1 else "rights were"
    said = f"{count:,} of {campaign.lines:,} lines are answered; {revoked:,} {rights} revoked."
    if campaign.closed_at:
        return f"{said} The review is closed."
    return f"{said} It is due on {campaign.due_at:%d %b %Y}."


SHOW: Final = Show(
    AREA, "reviews/{review_id}", "Show a review: its lines and what became of them.", _page
)


def _open_sheet(work: Work, _typed: Typed) -> Sheet:
    return Sheet(
        title="Open a review",
        lede="Who can reach what is frozen as it is now. Each line goes to a reviewer who does not "
        "hold it, does not answer for it and is not in the team it comes through.",
        button="Freeze and open",
        fields=(
            Field("name", "Name", placeholder="Quarterly review, Q4"),
            Field(
                "reviewers",
                "Reviewers",
                kind="checkbox",
                options=active_people(work),
                hint="Two at least, so that nobody reviews themselves.",
            ),
            Field(
                "sorts",
                "What is reviewed",
                kind="checkbox",
                value="\n".join(name for name, _ in _SORTS),
                options=_SORTS,
            ),
            Field("system", "Only what reaches this system", required=False),
            Field("due_at", "Due", kind="date", hint="Within 180 days. In UTC."),
        ),
        consequences=(
            "The frozen lines and their digest are recorded, and never change.",
            "When it is overdue, that is recorded with who owes answers, each week anew.",
        ),
        back=REVIEWS,
        crumbs=_CRUMBS,
    )


def _open(work: Work, typed: Typed) -> Outcome:
    sorts = [each for each in typed.get("sorts", "").split("\n") if each]
    if not sorts or not set(sorts) <= set(dict(_SORTS)):
        refuse("sorts", "nothing is chosen", "Choose what is reviewed.")
    reviewers = [PersonId(each) for each in typed.get("reviewers", "").split("\n") if each]
    if not reviewers:
        refuse("reviewers", "nobody is chosen", "Choose who reviews.")
    due_at = read_day(typed, "due_at")
    if due_at is None:
        refuse("due_at", "there is no date", "Write it as 2027-01-31.")
    opened = access.open_review(
        work,
        typed.get("name", ""),
        reviewers,
        due_at=due_at,
        sorts=frozenset(LineSort(each) for each in sorts),
        system=typed.get("system", ""),
    )
    return f"{REVIEWS}/{opened.id}"


OPEN_REVIEW: Final = Act(
    AREA, "reviews/open", "Open a review.", OPEN, _open_sheet, _open, within=AREA.scope
)


def _close_sheet(work: Work, typed: Typed) -> Sheet:
    campaign = access.review(work, typed["review_id"])
    lines = _lines(work, campaign.id)
    open_lines = [each for each in lines if each.answer is None]
    names = access.names(work, _ids(open_lines))
    return Sheet(
        title=f"Close {campaign.name}?",
        lede=_said(campaign, lines),
        button="Close the review",
        fields=(
            *(_excuse(each, names) for each in open_lines[:_MOST_EXCUSES]),
            Field("version", "", kind="hidden", value=str(campaign.version)),
        ),
        consequences=(
            "The numbers of kept, changed, revoked and excused lines are recorded.",
            "A closed review is evidence; it is not opened again.",
        ),
        back=f"{REVIEWS}/{campaign.id}",
        crumbs=(*_CRUMBS, (campaign.name, f"{REVIEWS}/{campaign.id}")),
    )


def _excuse(line: Line, names: Mapping[str, str]) -> Field:
    about = line.entitlement
    who = name_of(about.holder.id if about.holder else about.account, names)
    label = f"Why is “{about.what}” of {who} not answered"
    return Field(f"excuse.{line.id}", label, required=False)


def _close(work: Work, typed: Typed) -> Outcome:
    start = "excuse."
    excuses = {
        name.removeprefix(start): why
        for name, why in typed.items()
        if name.startswith(start) and why
    }
    review_id = typed["review_id"]
    access.close_review(work, review_id, excuses=excuses, version=belongings.version(typed))
    return f"{REVIEWS}/{review_id}"


CLOSE: Final = Act(
    AREA,
    "reviews/{review_id}/close",
    "Close a review.",
    OPEN,
    _close_sheet,
    _close,
    within=AREA.scope,
)
