"""Colours: told apart by people who see fewer of them, in both themes, and never the only sign."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import Final

import pytest

from muniment.web.parts import Answers
from muniment.web.shell import environment

CSS: Final = Path(__file__).parents[2] / "src" / "muniment" / "web" / "static" / "console.css"
TOKEN: Final = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
# What a colour becomes for people without one sort of cone, after Machado and others, 2009.
SEEN_BY: Final = {
    "everybody": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "without red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "without green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "without blue": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
XYZ: Final = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
WHITE: Final = (0.95047, 1.0, 1.08883)
LEAST: Final = 10.0  # four times what an eye just tells apart


def lab(colour: str, eyes: str) -> tuple[float, float, float]:
    """Place a colour as some eyes see it, where distances are as large as they look."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    ]
    seen = [sum(a * b for a, b in zip(row, linear, strict=True)) for row in SEEN_BY[eyes]]
    light = [
        sum(a * min(max(b, 0.0), 1.0) for a, b in zip(row, seen, strict=True)) / white
        for row, white in zip(XYZ, WHITE, strict=True)
    ]
    x, y, z = (each ** (1 / 3) if each > 0.008856 else 7.787 * each + 16 / 116 for each in light)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("eyes", SEEN_BY)
def test_lines_and_columns_are_told_apart_by_all_eyes(eyes: str, theme: int) -> None:
    """The three colours of series stay far apart for people without one sort of cone."""
    tokens = {name: found for name, *found in TOKEN.findall(CSS.read_text())}
    places = [lab(tokens[name][theme], eyes) for name in ("c1", "c2", "c3")]
    for one, other in combinations(places, 2):
        apart = sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5
        assert apart >= LEAST


def test_what_is_not_met_has_a_pattern_and_a_word() -> None:
    """Green and red alone tell nothing to one man in twelve; stripes, hatching and words do."""
    macros = environment().get_template("partials/plots.html").module
    drawn = str(macros.answers("Security", Answers(3, 1, 2)))  # type: ignore[attr-defined]  # a macro
    assert "3 met, 1 not met, 2 could not tell" in drawn
    assert (
        drawn.index('class="fill-met"') < drawn.index("url(#struck)") < drawn.index("url(#hatch)")
    )
