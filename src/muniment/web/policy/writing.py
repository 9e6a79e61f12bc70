"""What can be done with a written policy: write it, ask a peer, let it hold, say it was read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from starlette.routing import Route

from muniment import access, policy
from muniment.access import Scope
from muniment.db import Work
from muniment.policy import Document, DocumentDraft, Template
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed, choices, read_day, refuse
from muniment.web.cells import Cell, time_cell
from muniment.web.policy.listing import ADDRESS, AREA
from muniment.web.policy.written import CRUMBS, WRITTEN, version_of

_WITHIN: Final = Scope.of(console="policy")
_YEAR: Final = timedelta(days=365)
_MONTH: Final = timedelta(days=30)


def routes() -> list[Route]:
    """List what can be done with written policies."""
    return [
        *START.routes(),
        *WRITE.routes(),
        *REVIEW.routes(),
        *PUBLISH.routes(),
        *READ.routes(),
    ]


def _owners(work: Work) -> tuple[tuple[str, str], ...]:
    me = work.actor.id
    mine = access.named(work, [me]).get(me)
    own = ((me, f"{mine} (you)"),) if mine else ()
    return choices((*own, *access.colleagues(work)))


def _fields(
    work: Work, *, title: str, text: str, controls: tuple[str, ...], owner: str, due: datetime
) -> tuple[Field, ...]:
    return (
        Field("title", "Title", value=title),
        Field(
            "text",
            "Text",
            kind="textarea",
            value=text,
            rows=22,
            hint="A line with # is a heading, 1. or - begins a point, **words** stand out.",
        ),
        Field("owner", "Owner", kind="select", options=_owners(work), value=owner),
        Field("review_by", "Looked at again by", kind="date", value=f"{due:%Y-%m-%d}"),
        Field(
            "controls",
            "Serves the controls",
            value=", ".join(controls),
            required=False,
            placeholder="CC1.1, CC2.2",
        ),
        Field("reason", "Why this version", hint="It stands in the record."),
    )


def _start_sheet(work: Work, typed: Typed) -> Sheet:
    begin = _starter(typed.get("starter", ""))
    due = work.now + (begin.review_months * _MONTH if begin else _YEAR)
    named = Field(
        "id",
        "Short name",
        value=begin.name if begin else "",
        hint="Small letters and hyphens; it stands in addresses and records.",
    )
    return Sheet(
        title="Write a policy",
        lede="What people are to do, in words they use. It holds once a peer said yes to it.",
        button="Keep as a draft",
        fields=(
            named,
            *_fields(
                work,
                title=begin.title if begin else "",
                text=begin.text if begin else "",
                controls=begin.controls if begin else (),
                owner="",
                due=due,
            ),
        ),
        facts=tuple(
            (
                "Begin with" if place == 0 else "",
                Cell(each.title, f"{ADDRESS}/write?starter={each.name}"),
            )
            for place, each in enumerate(policy.templates())
        ),
        back=WRITTEN,
        crumbs=CRUMBS,
    )


def _starter(name: str) -> Template | None:
    return policy.template(name) if name else None


def _draft(typed: Typed) -> DocumentDraft:
    due = read_day(typed, "review_by")
    if due is None:
        refuse("review_by", "there is no date", "Write it as 2027-01-31.")
    return DocumentDraft(
        title=typed.get("title", ""),
        text=typed.get("text", ""),
        owner=typed.get("owner", ""),
        review_by=due,
        controls=tuple(typed.get("controls", "").replace(",", " ").split()),
    )


def _start(work: Work, typed: Typed) -> Outcome:
    name = typed.get("id", "")
    made = policy.write_document(
        work, name, _draft(typed), reason=typed.get("reason", ""), based_on=0
    )
    return f"{WRITTEN}/{made.id}/versions/{made.version}"


def _write_sheet(work: Work, typed: Typed) -> Sheet:
    name = typed["document_id"]
    latest = policy.written_policy(work, name).latest
    fields = _fields(
        work,
        title=latest.title,
        text=latest.text,
        controls=latest.controls,
        owner=latest.owner,
        due=work.now + _YEAR,
    )
    seen = Field("based_on", "Written on top of", kind="hidden", value=f"{latest.version}")
    return Sheet(
        title="Write a new version",
        lede=f"On top of version {latest.version}. What holds, holds until a peer said yes.",
        button="Keep as a draft",
        fields=(*fields, seen),
        back=f"{WRITTEN}/{name}",
        crumbs=(*CRUMBS, (latest.title, f"{WRITTEN}/{name}")),
    )


def _write(work: Work, typed: Typed) -> Outcome:
    name, text = typed["document_id"], typed.get("based_on", "")
    seen = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    made = policy.write_document(
        work, name, _draft(typed), reason=typed.get("reason", ""), based_on=seen
    )
    return f"{WRITTEN}/{name}/versions/{made.version}"


def _version_sheet(
    work: Work, typed: Typed, *, title: str, lede: str, button: str, consequences: tuple[str, ...]
) -> Sheet:
    name, version = typed["document_id"], version_of(typed)
    made, _, _ = policy.written_version(work, name, version)
    here = f"{WRITTEN}/{name}/versions/{version}"
    return Sheet(
        title=title,
        lede=lede,
        button=button,
        consequences=consequences,
        facts=_facts(work, made),
        back=here,
        crumbs=(*CRUMBS, (f"{made.title}, version {version}", here)),
    )


def _facts(work: Work, made: Document) -> tuple[tuple[str, Cell], ...]:
    return (
        ("Policy", Cell(f"{made.title}, version {made.version}")),
        ("Owner", Cell(access.named(work, [made.owner]).get(made.owner, made.owner))),
        ("Review by", time_cell(made.review_by)),
        ("Exactly this", Cell(made.digest, kind="code")),
    )


def _ask(work: Work, typed: Typed) -> Outcome:
    request = policy.ask_for_document(work, typed["document_id"], version_of(typed))
    return f"/console/approvals/{request.id}"


def _publish(work: Work, typed: Typed) -> Outcome:
    policy.publish_document(work, typed["document_id"], version_of(typed))
    return f"{WRITTEN}/{typed['document_id']}"


def _read_sheet(work: Work, typed: Typed) -> Sheet:
    name = typed["document_id"]
    shown = policy.to_be_read(work, name).document
    return Sheet(
        title="I have read this",
        lede=f"You say that you have read {shown.title}, version {shown.version}, as it holds now.",
        button="I have read this",
        fields=(Field("digest", "Exactly this", kind="hidden", value=shown.digest),),
        consequences=(
            "It stands in the ledger with your name, for exactly this version.",
            "When a new version holds, you are asked again.",
        ),
        facts=_facts(work, shown),
        back=f"{WRITTEN}/{name}",
        crumbs=(*CRUMBS, (shown.title, f"{WRITTEN}/{name}")),
    )


def _acknowledge(work: Work, typed: Typed) -> Outcome:
    policy.acknowledge(work, typed["document_id"], digest=typed.get("digest", ""))
    return f"{WRITTEN}/{typed['document_id']}"


START: Final = Act(
    AREA,
    "write",
    "Write a policy for people.",
    "policy.propose",
    _start_sheet,
    _start,
    _WITHIN,
)
WRITE: Final = Act(
    AREA,
    "written/{document_id}/write",
    "Write a new version of a written policy.",
    "policy.propose",
    _write_sheet,
    _write,
    _WITHIN,
)
REVIEW: Final = Act(
    AREA,
    "written/{document_id}/versions/{version}/review",
    "Ask a peer for a yes to a version of a written policy.",
    "policy.propose",
    lambda work, typed: _version_sheet(
        work,
        typed,
        title="Ask a peer about this version",
        lede="Somebody other than its author reads exactly this text and says yes or no.",
        button="Ask",
        consequences=("It appears in the inbox of whoever may answer.", "Nothing changes yet."),
    ),
    _ask,
    _WITHIN,
)
PUBLISH: Final = Act(
    AREA,
    "written/{document_id}/versions/{version}/publish",
    "Let an approved version of a written policy hold.",
    "policy.publish",
    lambda work, typed: _version_sheet(
        work,
        typed,
        title="Let this version hold",
        lede="It must have the yes of a peer to exactly this text.",
        button="Let it hold",
        consequences=(
            "It holds for everybody, in place of the version before.",
            "Who read an older version has not read this one, and is asked to.",
        ),
    ),
    _publish,
    _WITHIN,
)
READ: Final = Act(
    AREA,
    "written/{document_id}/read",
    "Say that you have read a written policy.",
    "",
    _read_sheet,
    _acknowledge,
    None,
)
