"""Where in a file something was found."""

from __future__ import annotations

import pytest

from muniment.detect import Scanner
from muniment.detect.models.places import FileScan, Gap, Place


@pytest.mark.parametrize(
    ("found", "gaps", "clean"),
    [(False, (), True), (True, (), False), (False, (Gap("not text"),), False)],
)
def test_only_a_file_that_was_read_and_empty_is_clean(
    gaps: tuple[Gap, ...], *, found: bool, clean: bool
) -> None:
    """A finding is not clean, and neither is what could not be inspected."""
    finding = Scanner(layers="patterns").scan("to maria@example.com")[0]
    places = (Place(finding, "", 1, 4, 1, 21),) if found else ()
    assert FileScan("a.txt", places, gaps, 20, "build").is_clean is clean
