"""Sample values for the style page. They are made up, and the page says so.

Names and figures are of a firm which does not exist, the same ones everywhere, so that every
component is seen with text of a true length.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from muniment.web.cells import Cell as TableCell
from muniment.web.listed import Action
from muniment.web.parts import Answers, Cell, Column, DiffLine, Export, diff_lines
from muniment.web.picking import PickAct
from muniment.web.plots import (
    ColumnPlot,
    Intervals,
    LinePlot,
    Mark,
    Reading,
    Span,
    Zone,
    column_plot,
    intervals,
    line_plot,
    spark_path,
)
from muniment.web.prose import read_prose

AT: Final = datetime(2026, 11, 20, 14, 27, 3, tzinfo=UTC)
DIGEST: Final = "sha256:9b1e44c07d2f5a1e0c3b8d6f7a2914e5c6b0d3f81a7e92c45d60fb1873ace3a8"


@dataclass(frozen=True, slots=True)
class System:
    """A row of the sample table."""

    name: str
    owner: str
    risk: str
    risk_tone: str
    serving: str
    since: str
    drift: float | None
    calls: int
    open: str


COLUMNS: Final = (
    Column("System", sort="name"),
    Column("Owner", sort="owner", hide_narrow=True),
    Column("Risk"),
    Column("Serving"),
    Column("Drift, 7 days", sort="drift"),
    Column("Calls", sort="calls", number=True),
    Column("Open"),
)
EXPORTS: Final = (
    Export("CSV", "#sample-csv"),
    Export("JSON", "#sample-json"),
)
SYSTEMS: Final = (
    System(
        "credit-score",
        "Ines Ferreira",
        "High, Annex III",
        "stop",
        "v7",
        "since 3 Nov",
        0.34,
        8_114,
        "1 alert",
    ),
    System(
        "support-agent",
        "Noor Haddad",
        "Limited",
        "look",
        "v12",
        "triage v17",
        0.06,
        29_470,
        "1 held, 1 change",
    ),
    System(
        "code-helper", "Tomasz Lis", "Minimal", "ok", "v3", "canary 10 % v4", 0.11, 3_624, "none"
    ),
    System(
        "claims-triage",
        "Kofi Osei",
        "High, Annex III",
        "stop",
        "v2",
        "since 18 Nov",
        None,
        212,
        "none",
    ),
    System(
        "fraud-watch",
        "Mei Tanaka",
        "Limited",
        "look",
        "v21",
        "since 2 Oct",
        0.61,
        11_903,
        "1 incident",
    ),
)
CRITERIA: Final = (
    ("Security", Answers(47, 1, 3)),
    ("Availability", Answers(8, 0, 0)),
    ("Processing integrity", Answers(13, 1, 2)),
    ("Confidentiality", Answers(11, 0, 0)),
    ("Privacy", Answers(9, 0, 5)),
)
SPARKS: Final = (
    spark_path((18, 22, 17, 25, 23, 29, 27, 32)),
    spark_path((14, 12, 16, 15, 19, 16, 20, 18)),
    spark_path((12, 12, 13, 11, 13, 12, 13, 13)),
    spark_path((0, 0, 0, 0, 0, 1, 1, 2)),
)
SWATCHES: Final = (
    ("paper", "the desk"),
    ("sheet", "a page on it"),
    ("wash", "hover, quiet ground"),
    ("ink", "text"),
    ("soft", "second text"),
    ("faint", "third text"),
    ("rule", "hairline"),
    ("accent", "links, main action"),
    ("ok", "met"),
    ("stop", "not met, stop"),
    ("look", "look at this"),
    ("unknown", "could not tell"),
    ("info", "to know"),
)
_PROMPT_BEFORE: Final = """You sort messages of customers.
Answer with one label.

Labels: refund, parcel, account, other.
Offer a refund of up to 100 EUR.
Never ask for a card number.
Sign as “Support”."""
_PROMPT_AFTER: Final = """You sort messages of customers.
Answer with one label and a reason of one sentence.

Labels: refund, parcel, account, other.
Offer a replacement first, then a refund of up to 50 EUR.
Never ask for a card number.
Never repeat a personal value.
Sign as “Support”."""


def diff() -> tuple[DiffLine, ...]:
    """Compare two versions of a sample prompt."""
    return diff_lines(_PROMPT_BEFORE, _PROMPT_AFTER)


def drift() -> LinePlot:
    """Draw thirty days of drift, five of them unknown."""
    first = AT - timedelta(days=29)
    centre = [4, 5, 5, 6, 6, 5, 6, 7, 6, 5, 5, 6, 0, 0, 0, 0, 0, 8, 8, 9]
    centre += [10, 12, 14, 17, 20, 23, 26, 29, 31, 34]
    readings = tuple(
        Reading(
            first + timedelta(days=at),
            value / 100 if value else None,
            value / 100 * 0.72 if value else None,
            value / 100 * 1.26 if value else None,
        )
        for at, value in enumerate(centre)
    )
    return line_plot(
        readings,
        top=0.6,
        zones=(Zone(0.1, 0.3, "mild"), Zone(0.3, 0.5, "look"), Zone(0.5, 0.6, "stop")),
        marks=(Mark(datetime(2026, 11, 9, 14, tzinfo=UTC), "v7 deployed"),),
        grid=(0.1, 0.3, 0.5),
    )


def calls() -> ColumnPlot:
    """Draw three weeks of calls; two days were not recorded."""
    numbers = (5_210, 5_480, 5_102, 5_660, 5_871, 2_110, 1_904) * 3
    first = AT - timedelta(days=20)
    values = tuple(
        (
            f"{first + timedelta(days=at):%-d %b}",
            None if at in {9, 10} else float(number + at * 60),
        )
        for at, number in enumerate(numbers)
    )
    return column_plot(values, top=8_000, grid=(2_000, 4_000, 6_000))


def served() -> Intervals:
    """Draw what served over ninety days."""

    def on(month: int, day: int) -> datetime:
        return datetime(2026, month, day, tzinfo=UTC)

    return intervals(
        (
            (
                "model",
                (
                    Span("v5", on(8, 22), on(9, 24)),
                    Span("v6, rolled back", on(9, 24), on(10, 9), "stop"),
                    Span("v5", on(10, 9), on(10, 16)),
                    Span("v7, approved by two", on(10, 16), None, "accent"),
                ),
            ),
            (
                "features",
                (
                    Span("bureau v3", on(8, 22), on(10, 16)),
                    Span("bureau v4", on(10, 16), None, "accent"),
                ),
            ),
            ("threshold", (Span("540", on(8, 22), None, "accent"),)),
            (
                "records",
                (
                    Span("kept", on(8, 22), on(10, 28), "ok"),
                    Span("could not tell", on(10, 28), on(11, 4), "unknown"),
                    Span("kept", on(11, 4), None, "ok"),
                ),
            ),
        ),
        start=on(8, 22),
        end=AT,
        cursor=datetime(2026, 11, 12, 9, tzinfo=UTC),
    )


RISK_HEAD: Final = ("Rare", "Unlikely", "Possible", "Likely", "Certain")
_NONE: Final = (Cell("", 0), Cell("", 1), Cell("", 2), Cell("", 3), Cell("", 4))


def _risks(number: str, level: Literal[0, 1, 2, 3, 4], *, here: bool = False) -> Cell:
    return Cell(number, level, "#matrix", here=here)


RISK_ROWS: Final = (
    ("Severe", (_NONE[2], _risks("1", 3), _NONE[4], _risks("1", 4, here=True), _NONE[4])),
    ("Major", (_NONE[1], _risks("2", 2), _risks("3", 3), _NONE[4], _NONE[4])),
    ("Moderate", (_risks("4", 1), _NONE[1], _risks("2", 2), _risks("1", 3), _NONE[3])),
    ("Minor", (_NONE[0], _risks("6", 0), _NONE[1], Cell("could not tell", "u"), _NONE[2])),
)

KEY_COLUMNS: Final = (
    Column("Key"),
    Column("State"),
    Column("Used", hide_narrow=True),
    Column("Calls", number=True),
)
KEYS: Final = (
    (
        TableCell("web-shop", "#listing", note="service"),
        TableCell("works", kind="tag", tone="ok"),
        TableCell(kind="time", at=AT),
        TableCell("29,470", kind="number"),
    ),
    (
        TableCell("key_01jd8zk4q0w3m5x7c9v2b4n6h8", "#listing", kind="code"),
        TableCell("revoked", kind="tag", tone="stop"),
        TableCell("never", tone="faint"),
        TableCell("0", kind="number"),
    ),
)
PICKED: Final = (Export("CSV", "/console/style"), Export("JSON", "/console/style"))
WITH_PICKED: Final = (PickAct("End them now", "/console/style/stop", tone="stop"),)
FACTS: Final = (
    ("Held by", TableCell("web-shop", "#show", note="service")),
    ("Id", TableCell("key_01jd8zk4q0w3m5x7c9v2b4n6h8", kind="code")),
    ("Made", TableCell(kind="time", at=AT)),
    ("Expires", TableCell("no end", tone="faint")),
    ("In the ledger", TableCell("Every record about it", "#show")),
)
ACTIONS: Final = (
    Action("Replace it", "#show", tone="main"),
    Action("Look at its calls", "#show"),
    Action("End it now", "#show", tone="stop"),
)
POLICY: Final = read_prose(
    "**For** everybody who works for us.\n\n1. Ask before you try a new AI system.\n"
    "2. What AI writes is a draft.\n\n- Questions go to the owner of this policy."
)
