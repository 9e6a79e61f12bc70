"""The pictures of the pages: each is taken by the one command, shown somewhere, and small."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tools.screens import FOLDER, SHOTS, main

ROOT: Final = Path(__file__).parents[2]
MOST_BYTES: Final = 1_500_000


def test_every_picture_is_taken_by_the_command_and_none_is_left_over() -> None:
    """What lies in docs/screens is what `make docs-screens` takes."""
    assert sorted(each.stem for each in FOLDER.iterdir()) == sorted(each.name for each in SHOTS)


def test_every_picture_teaches_on_a_page() -> None:
    """A picture that no page shows is taken away."""
    pages = "".join(page.read_text() for page in (ROOT / "docs").rglob("*.md"))
    assert [each.name for each in SHOTS if f"screens/{each.name}.png)" not in pages] == []


def test_pictures_stay_small() -> None:
    """A clone is not made slow by pictures."""
    assert sum(each.stat().st_size for each in FOLDER.iterdir()) < MOST_BYTES


def test_a_picture_that_is_not_one_is_named() -> None:
    """Whoever mistypes a name is told so before anything is built."""
    assert main(["legder"]) == 2
