"""Two forms that a change begins with: write a version of a part, and draft what shall serve."""

from __future__ import annotations

import json
from typing import Any, Final

from starlette.routing import Route

from muniment import registry
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.registry import ChangeSort, Origin
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed
from muniment.web.registry.cells import AREA, CHANGES, SYSTEMS

_ORIGIN: Final = (
    Field("ticket", "Ticket", required=False),
    Field("commit", "Commit", required=False),
    Field("pull_request", "Pull request", required=False),
)


def routes() -> list[Route]:
    """List the pages of both forms."""
    return [*WRITE.routes(), *DRAFT.routes()]


def _sheet(work: Work, typed: Typed, title: str, button: str, fields: tuple[Field, ...]) -> Sheet:
    system = registry.get_system(work, typed["system_id"])
    here = f"{SYSTEMS}/{system.id}"
    return Sheet(
        title=title,
        lede=f"Of {system.profile.name}. What serves stays until a change was approved.",
        button=button,
        fields=(*fields, *_ORIGIN),
        back=here,
        crumbs=(("Systems", SYSTEMS), (system.profile.name, here)),
    )


def _write_sheet(work: Work, typed: Typed) -> Sheet:
    fields = (
        Field(
            "part", "Part", value="prompt/main", hint="Kind and name: prompt/main, routing/main."
        ),
        Field("text", "Text", kind="textarea", hint="Of a prompt.", rows=8, required=False),
        Field(
            "document",
            "Document",
            kind="textarea",
            hint="Or its content in JSON: {…}.",
            rows=6,
            required=False,
        ),
    )
    return _sheet(work, typed, "Write a version", "Write it", fields)


def _write(work: Work, typed: Typed) -> Outcome:
    system_id, label = typed["system_id"], typed.get("part", "")
    made = registry.add_version(work, system_id, label, _document(typed), origin=_origin(typed))
    return f"{SYSTEMS}/{made.system_id}/parts/{made.label}?version={made.number}"


WRITE: Final = Act(
    AREA,
    "systems/{system_id}/write",
    "Write a version of a part.",
    "registry.write",
    _write_sheet,
    _write,
    within=None,
)


def _draft_sheet(work: Work, typed: Typed) -> Sheet:
    newest = [
        f"{each.label}={each.latest}"
        for each in registry.parts_of(work, registry.get_system(work, typed["system_id"]).id)
        if each.latest
    ]
    fields = (
        Field("title", "Title"),
        Field("reason", "Why", kind="textarea"),
        Field(
            "versions",
            "Versions",
            kind="textarea",
            value="\n".join(newest),
            hint="One a line: prompt/main=2. They take the place of those that serve now.",
            rows=4,
            required=False,
        ),
        Field("without", "Parts that serve no more", hint="Names, with spaces.", required=False),
        Field(
            "sort",
            "How",
            kind="select",
            value=ChangeSort.NORMAL.value,
            options=tuple((each.value, each.value) for each in ChangeSort),
            hint="An emergency goes to production at once and is looked at afterwards.",
        ),
    )
    return _sheet(work, typed, "Draft a change", "Draft it", fields)


def _draft(work: Work, typed: Typed) -> Outcome:
    try:
        sort = ChangeSort(typed.get("sort", ChangeSort.NORMAL.value))
    except ValueError as error:
        raise InvalidError("is not known", field="sort", remedy="Choose one.") from error
    made = registry.draft(
        work,
        typed["system_id"],
        typed.get("title", ""),
        _versions(typed.get("versions", "")),
        reason=typed.get("reason", ""),
        without=typed.get("without", "").split(),
        sort=sort,
        origin=_origin(typed),
    )
    return f"{CHANGES}/{made.id}"


DRAFT: Final = Act(
    AREA,
    "systems/{system_id}/draft",
    "Draft a change of what serves.",
    "registry.write",
    _draft_sheet,
    _draft,
    within=None,
)


def _origin(typed: Typed) -> Origin:
    return Origin(*(typed.get(each.name, "") for each in _ORIGIN))


def _document(typed: Typed) -> dict[str, Any]:
    """Take the text or the document, one of the two."""
    text, document = typed.get("text", ""), typed.get("document", "")
    if bool(text) == bool(document):
        raise InvalidError(
            "one of both is wanted", field="text", remedy="Write a text, or a document in JSON."
        )
    if text:
        return {"text": text}
    try:
        found = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise InvalidError("is not JSON", field="document", remedy="Write {…}.") from error
    if not isinstance(found, dict):
        raise InvalidError("is not an object", field="document", remedy="Write {…}.")
    return found


def _versions(text: str) -> dict[str, int | str]:
    """Read which versions are meant, each by its number or its digest."""
    found: dict[str, int | str] = {}
    for line in filter(None, (each.strip() for each in text.splitlines())):
        label, sign, version = (part.strip() for part in line.partition("="))
        if not sign or not label or not version or label in found:
            raise InvalidError(
                f"“{line[:80]}” names no version",
                field="versions",
                remedy="Write prompt/main=2, each part once.",
            )
        is_number = version.isascii() and version.isdigit() and len(version) < 10
        found[label] = int(version) if is_number else version
    return found
