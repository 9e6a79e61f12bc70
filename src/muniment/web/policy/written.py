"""Policies for people: listed, read, their versions with what changed, and who has read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.routing import Route

from muniment import access, policy
from muniment.core.errors import InvalidError
from muniment.core.page import Page
from muniment.db import Work
from muniment.policy import Document, Reader, Stands, WrittenPolicy
from muniment.web.cells import Area, Cell, time_cell
from muniment.web.lists import Action, Empty, Filter, Listing
from muniment.web.parts import Column
from muniment.web.policy.differing import difference
from muniment.web.policy.listing import ADDRESS, AREA
from muniment.web.prose import Block, read_prose
from muniment.web.shows import Page as ShownPage
from muniment.web.shows import Section, Show, Text

WRITTEN: Final = f"{ADDRESS}/written"
EVERYBODY: Final = Area(ADDRESS, AREA.scope, "policy.read", line_by_line=True)
CRUMBS: Final = (("Policy", ADDRESS), ("Written policies", WRITTEN))
_TONES: Final = {
    Stands.DRAFT: "unknown",
    Stands.HOLDS: "ok",
    Stands.DUE_SOON: "look",
    Stands.OVERDUE: "stop",
}
_HAS_READ: Final = (("", "All"), ("yes", "Has read it"), ("no", "Not yet"))
_MOST_SHOWN: Final = 50


def routes() -> list[Route]:
    """List the pages of written policies."""
    return [*LIST.routes(), *READERS.routes(), *VERSION.routes(), *SHOW.routes()]


def version_of(asked: Mapping[str, str]) -> int:
    """Read the number of a version from an address."""
    text = asked["version"]
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise InvalidError(
            f"“{text[:20]}” is not the number of a version",
            field="version",
            remedy="Choose one of the list.",
        )
    return int(text)


def _read(
    work: Work, _typed: Mapping[str, str], cursor: str | None, limit: int
) -> Page[WrittenPolicy]:
    return policy.written_policies(work, limit=limit, cursor=cursor)


def _cells(work: Work, found: Sequence[WrittenPolicy]) -> list[tuple[Cell, ...]]:
    names = access.named(work, [each.shown.owner for each in found])
    return [
        (
            Cell(each.shown.title, f"{WRITTEN}/{each.shown.id}"),
            _state(work, each),
            Cell(names.get(each.shown.owner, each.shown.owner)),
            time_cell(each.shown.review_by),
            Cell(f"{each.read_by:,} of {each.asked_of:,}") if each.held else Cell("nobody yet"),
            _yours(each),
        )
        for each in found
    ]


def _state(work: Work, each: WrittenPolicy) -> Cell:
    stands = each.stands(work.now)
    return Cell(stands.value, kind="tag", tone=_TONES[stands])


def _yours(each: WrittenPolicy) -> Cell:
    if each.held is None:
        return Cell("not asked", tone="faint")
    if each.read_at is not None:
        return Cell("read", kind="tag", tone="ok")
    return Cell("not yet", f"{WRITTEN}/{each.shown.id}/read")


def _lede(work: Work) -> str:
    every = policy.written_policies(work).rows
    held = [each for each in every if each.held]
    late = sum(each.stands(work.now) is Stands.OVERDUE for each in held)
    yours = sum(each.read_at is None for each in held)
    said = f"{len(held)} {'policy holds' if len(held) == 1 else 'policies hold'}."
    if late:
        said += f" {late} {'is' if late == 1 else 'are'} past the day of review."
    if held:
        said += f" You have {'read them all' if not yours else f'still to read {yours}'}."
    return said


def _people(work: Work, typed: Mapping[str, str], cursor: str | None, limit: int) -> Page[Reader]:
    read = {"yes": True, "no": False}.get(typed.get("read", ""))
    return policy.readers(work, typed.get("policy", ""), read=read, limit=limit, cursor=cursor)


def _person_cells(_work: Work, found: Sequence[Reader]) -> list[tuple[Cell, ...]]:
    return [
        (
            Cell(each.name),
            Cell(each.document, f"{WRITTEN}/{each.document}"),
            Cell(f"{each.version}", kind="number"),
            time_cell(each.at, "not yet"),
        )
        for each in found
    ]


LIST: Final = Listing[WrittenPolicy](
    area=EVERYBODY,
    place="written",
    title="Written policies",
    says="What people are to do, in words. Each has an owner and a day on which it is reviewed.",
    columns=(
        Column("Policy", sort="policy"),
        Column("Stands", sort="stands"),
        Column("Owner", sort="owner", hide_narrow=True),
        Column("Review by", sort="review", hide_narrow=True),
        Column("Read by", sort="read", hide_narrow=True),
        Column("You", sort="you"),
    ),
    read=_read,
    cells=_cells,
    empty=Empty(
        "No written policy yet",
        "Six come along to begin with: acceptable use, access, change, incidents, retention,"
        " vendors.",
        href=f"{ADDRESS}/write",
        link="Write the first one",
    ),
    actions=(
        Action("Write a policy", f"{ADDRESS}/write", "policy.propose", "main"),
        Action("Who has read what", f"{ADDRESS}/readers", "policy.read"),
    ),
    order="by name",
    lede=_lede,
)
READERS: Final = Listing[Reader](
    area=AREA,
    place="readers",
    title="Who has read what",
    says="Everybody here is to read every policy that holds. A new version is read anew.",
    columns=(
        Column("Person", "person"),
        Column("Policy", "policy"),
        Column("Version", "version", number=True),
        Column("Read", "read"),
    ),
    read=_people,
    cells=_person_cells,
    empty=Empty("Nobody is asked to read anything", "No written policy holds yet."),
    filters=(
        Filter("policy", "Policy", placeholder="acceptable-ai-use"),
        Filter("read", "Read", _HAS_READ),
    ),
    order="by policy and name",
)


def _page(work: Work, asked: Mapping[str, str]) -> ShownPage:
    found = policy.written_policy(work, asked["document_id"])
    shown = found.shown
    names = access.named(work, [shown.owner, shown.author])
    here = f"{WRITTEN}/{shown.id}"
    may_read = access.may(work, work.actor, "policy.read", AREA.scope).ok
    return ShownPage(
        title=shown.title,
        lede=_sentence(work, found),
        crumbs=CRUMBS,
        state=_state(work, found),
        facts=(
            ("Owner", Cell(names.get(shown.owner, shown.owner))),
            ("Version", _version_cell(here, shown.version, linked=may_read)),
            ("Holds since", time_cell(found.held.since if found.held else None, "not yet")),
            ("Review by", time_cell(shown.review_by)),
            ("Serves", Cell(", ".join(shown.controls) or "nothing named")),
            ("Written by", Cell(names.get(shown.author, shown.author))),
            ("You", _yours(found)),
            ("Exactly this", Cell(shown.digest, kind="code")),
        ),
        texts=(Text(shown.title, _body(shown), f"version {shown.version}"),),
        sections=_for_readers(work, found) if may_read else (),
        actions=_actions(found, here),
    )


def _sentence(work: Work, found: WrittenPolicy) -> str:
    shown = found.shown
    if found.held is None:
        return f"Version {shown.version} is a draft. It holds once a peer said yes to it."
    stands = found.stands(work.now)
    until = f"{shown.review_by:%d %b %Y}".lstrip("0")
    review = {
        Stands.OVERDUE: f"Its review was due on {until}.",
        Stands.DUE_SOON: f"Its review is due soon, on {until}.",
    }.get(stands, f"It is reviewed by {until}.")
    read = f"{found.read_by:,} of {found.asked_of:,} people have read it."
    return f"Version {shown.version} holds. {review} {read}"


def _body(shown: Document) -> tuple[Block, ...]:
    """Leave out a heading that says the title again."""
    blocks = read_prose(shown.text)
    if blocks and blocks[0].kind == "heading":
        words = "".join(span.text for span in blocks[0].lines[0])
        return blocks[1:] if words == shown.title else blocks
    return blocks


def _version_cell(here: str, version: int, *, linked: bool) -> Cell:
    return Cell(f"Version {version}", f"{here}/versions/{version}" if linked else "")


def _actions(found: WrittenPolicy, here: str) -> tuple[Action, ...]:
    write = Action("Write a new version", f"{here}/write", "policy.propose")
    if found.held is None:
        return (write, Action("Look at the draft", f"{here}/versions/{found.latest.version}"))
    if found.read_at is not None:
        return (write,)
    return (write, Action("I have read this", f"{here}/read", tone="main"))


def _for_readers(work: Work, found: WrittenPolicy) -> tuple[Section, ...]:
    name = found.shown.id
    versions = _versions(work, name, found)
    if found.held is None:
        return (versions,)
    return (
        _people_section(work, name, found.asked_of - found.read_by, read=False),
        _people_section(work, name, found.read_by, read=True),
        versions,
    )


def _people_section(work: Work, name: str, many: int, *, read: bool) -> Section:
    found = policy.readers(work, name, read=read, limit=_MOST_SHOWN)
    return Section(
        "Who has read it" if read else "Who has not read it yet",
        (Column("Person"), Column("When")),
        tuple((Cell(each.name), time_cell(each.at, "not yet")) for each in found.rows),
        Empty("Nobody", "Nobody has read it yet." if read else "Everybody has read it."),
        width="c6",
        href=f"{ADDRESS}/readers?policy={name}&read={'yes' if read else 'no'}",
        link=f"all {many:,}",
    )


def _versions(work: Work, name: str, found: WrittenPolicy) -> Section:
    held = found.held.document.version if found.held else 0
    every = policy.written_versions(work, name, limit=_MOST_SHOWN).rows
    names = access.named(work, [each.author for each in every])
    return Section(
        "Its versions",
        (Column("Version"), Column("Stands"), Column("Why"), Column("Written by"), Column("When")),
        tuple(
            (
                _version_cell(f"{WRITTEN}/{name}", each.version, linked=True),
                _version_state(each.version, held),
                Cell(each.reason),
                Cell(names.get(each.author, each.author)),
                time_cell(each.made_at),
            )
            for each in every
        ),
        Empty("None", "No version was written."),
        width="c12",
    )


def _version_state(version: int, held: int) -> Cell:
    if version == held:
        return Cell("holds", kind="tag", tone="ok")
    return Cell("draft" if version > held else "earlier", kind="tag", tone="unknown")


def _version_page(work: Work, asked: Mapping[str, str]) -> ShownPage:
    name, version = asked["document_id"], version_of(asked)
    made, before, request = policy.written_version(work, name, version)
    found = policy.written_policy(work, name)
    held = found.held.document.version if found.held else 0
    names = access.named(work, [made.owner, made.author])
    here = f"{WRITTEN}/{name}/versions/{version}"
    actions = (
        Action("Ask a peer", f"{here}/review", "policy.propose"),
        Action("Let it hold", f"{here}/publish", "policy.publish", "main"),
    )
    return ShownPage(
        title=f"{made.title}, version {version}",
        lede=made.reason,
        crumbs=(*CRUMBS, (found.shown.title, f"{WRITTEN}/{name}")),
        state=_version_state(version, held),
        facts=(
            ("Owner", Cell(names.get(made.owner, made.owner))),
            ("Written by", Cell(names.get(made.author, made.author))),
            ("Written", time_cell(made.made_at)),
            ("Review by", time_cell(made.review_by)),
            ("A peer said yes", _request(request.id if request else "")),
            ("Exactly this", Cell(made.digest, kind="code")),
        ),
        texts=(Text("Its text", _body(made)),),
        differences=(
            (difference(f"What changed since version {before.version}", before.text, made.text),)
            if before is not None
            else ()
        ),
        actions=actions if version > held else (),
    )


def _request(request_id: str) -> Cell:
    if not request_id:
        return Cell("not yet", tone="faint")
    return Cell(request_id, f"/console/approvals/{request_id}")


SHOW: Final = Show(EVERYBODY, "written/{document_id}", "Show a written policy.", _page)
VERSION: Final = Show(
    AREA,
    "written/{document_id}/versions/{version}",
    "Show a version of a written policy, and what it changes.",
    _version_page,
)
