"""Sheets are brought in by two forms: one that looks at every row, one that brings all in."""

from __future__ import annotations

from typing import Final

from starlette.routing import Route

from muniment import registry
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed
from muniment.web.cells import Cell
from muniment.web.registry.cells import ADDRESS, AREA, SYSTEMS

_HERE: Final = f"{ADDRESS}/import"
_CRUMBS: Final = (("Systems", SYSTEMS),)
_COLUMNS: Final = (
    ("Systems", "key, name, purpose, owner; and more of what is stated"),
    ("Versions", "system, part, and text or document; ticket, commit, pull_request"),
    ("Past intervals", "system, environment, starts_at, ends_at, versions"),
)


def routes() -> list[Route]:
    """List the pages of sheets."""
    return [*DO.routes(), *LOOK.routes()]


def _look_sheet(_work: Work, _typed: Typed) -> Sheet:
    return Sheet(
        title="Bring a sheet in",
        lede="Every row is looked at first. Either all of them come in, or none.",
        button="Look at every row",
        fields=(
            Field(
                "file",
                "CSV or XLSX file",
                kind="file",
                hint="CSV in UTF-8, or the first sheet of a workbook; its first row names columns.",
            ),
        ),
        facts=tuple((name, Cell(columns)) for name, columns in _COLUMNS),
        back=SYSTEMS,
        crumbs=_CRUMBS,
    )


def _look(work: Work, typed: Typed) -> Outcome:
    text = typed.get("file", "")
    found = registry.preview(work, registry.read_sheet(text))
    if found.bad:
        raise InvalidError(
            f"{len(found.bad):,} of {found.count:,} rows cannot be brought in",
            reasons=tuple(map(str, found.bad)),
            remedy="Mend these rows, then give the whole sheet again.",
        )
    return _ready(f"All {found.count:,} rows of {found.sort.value} can be brought in", text)


LOOK: Final = Act(
    AREA,
    "import",
    "Look at every row of a sheet.",
    "registry.write",
    _look_sheet,
    _look,
    within=None,
    read_file=registry.sheet_text,
)


def _ready(lede: str, text: str) -> Sheet:
    return Sheet(
        title="Bring these rows in?",
        lede=f"{lede}.",
        button="Bring them in",
        fields=(
            Field("csv", "", kind="hidden", value=text),
            Field("reason", "Why", kind="textarea", hint="It stands in the record."),
        ),
        consequences=(
            "Every row is brought in, in one transaction.",
            "What they tell of the past is marked as asserted, for ever.",
        ),
        back=_HERE,
        crumbs=_CRUMBS,
        action=f"{_HERE}/do",
    )


def _do_sheet(_work: Work, typed: Typed) -> Sheet:
    return _ready("These rows were looked at", typed.get("csv", ""))


def _do(work: Work, typed: Typed) -> Outcome:
    sheet = registry.read_sheet(typed.get("csv", ""))
    registry.bring_in(work, sheet, reason=typed.get("reason", ""))
    return SYSTEMS


DO: Final = Act(
    AREA, "import/do", "Bring a sheet in, whole.", "registry.write", _do_sheet, _do, None
)
