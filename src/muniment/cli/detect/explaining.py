"""`muniment detect explain` and `types`: why something was found or not, and what is looked for."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from muniment import detect
from muniment.cli.detect.asking import (
    STDIN,
    DetectorOption,
    LayersOption,
    read_text,
    scanner_from,
)
from muniment.cli.state import JsonOption, print_json, print_table


def explain(
    text: Annotated[str, typer.Argument(metavar="TEXT|-", help="A text, or - for stdin.")],
    layers: LayersOption = "",
    detector: DetectorOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Say of a text what was found and why, and what only looked like something and why not."""
    given = read_text(STDIN) if text == STDIN else text
    told = scanner_from(layers, detector).explain(given)
    if as_json:
        print_json(_told(told))
        return
    found = [
        (f"{each.start}-{each.end}", each.type, f"{each.score:.2f}", str(each.why))
        for each in told.scan.findings
    ]
    print_table("Found", ("place", "type", "score", "why"), found)
    turned_down = [
        (f"{each.start}-{each.end}", each.type, each.pattern, each.reason) for each in told.rejected
    ]
    print_table("Not reported", ("place", "type", "pattern", "why not"), turned_down)
    coverage = told.scan.coverage
    typer.echo(
        f"{told.scan.verdict.value}: {coverage.inspected:,} of {coverage.characters:,} characters "
        f"inspected by {', '.join(coverage.layers)}. Build: {told.scan.build}"
    )


def types(*, as_json: JsonOption = False) -> None:
    """List every type there is, with what is found and its limits."""
    sheets = sorted(detect.sheets(), key=lambda each: (each.family, each.type))
    if as_json:
        print_json(
            [
                {
                    "type": each.type,
                    "family": each.family.value,
                    "title": each.title,
                    "finds": each.finds,
                    "limits": each.limits,
                    "control": each.control,
                    "measured": each.measured,
                }
                for each in sheets
            ]
        )
        return
    rows = [(each.type, each.family.value, each.finds) for each in sheets]
    print_table("Types", ("type", "family", "finds"), rows)


def _told(told: detect.Explanation) -> dict[str, Any]:
    return {
        "verdict": told.scan.verdict.value,
        "build": told.scan.build,
        "layers": list(told.scan.coverage.layers),
        "gaps": list(told.scan.coverage.gaps),
        "found": [
            {
                "type": each.type,
                "start": each.start,
                "end": each.end,
                "score": each.score,
                "why": str(each.why),
            }
            for each in told.scan.findings
        ],
        "not_reported": [
            {
                "type": each.type,
                "start": each.start,
                "end": each.end,
                "pattern": each.pattern,
                "reason": each.reason,
            }
            for each in told.rejected
        ],
    }
