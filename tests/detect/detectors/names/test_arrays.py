"""NumPy reads a text the same the first time and again, and while its memory is small."""

from __future__ import annotations

from collections.abc import Callable
from math import log
from pathlib import Path

import pytest

from muniment.detect.detectors.names import artefact
from muniment.detect.detectors.names.arrays import Arrays, likely, may_be_so_short
from muniment.detect.detectors.names.labels import LABELS, TYPES, begin_of, inside_of
from tests.detect.detectors.names.tiny import tiny

SCANNED = """.detect import Scanner

scanner = Scanner(layers="patterns")
for finding in scanner.scan("Please write to maria.lopez@example.com today."):
    print(finding.type, finding.start, finding.end, finding."""
FOUND = (
    "why)\n```\n<!-- expect: EMAIL_ADDRESS 16 39 -->\n\n"
    "A finding points at a place and gives the reason."
    " It never carries the value. `scanner.inspect(text)`\nalso tells how much was inspected and by"
    " which buil"
)
TEXT = "Anna met the green man in Berlin; the man saw Anna and the green\nBerlin of the man"


def reader(path: Path, seed: int) -> Arrays:
    """Make a reader of an artefact of chance."""
    tiny(path / f"{seed}.bin", seed)
    return Arrays(artefact.read(path / f"{seed}.bin"))


def test_what_stands_behind_a_text_is_known_from_the_first_one_on() -> None:
    """A part may end at any word, and what then follows it was once not weighed in a new memory."""
    read = artefact.read()
    used = Arrays(read)
    used.read("Berlin")  # what follows it is asked for: it stands at the end
    for text in (SCANNED, FOUND):
        new = Arrays(read)
        new.read(text)
        assert new.doubts(text) == used.doubts(text) != ([], False)


def test_words_that_were_told_are_not_told_again(tmp_path: Path) -> None:
    """Where no word behind a place may be of a name, there is nothing to tell."""
    names = reader(tmp_path, 2)
    told, _ = names.read(TEXT)
    assert told
    assert names.read(TEXT, len(TEXT))[0] == [] or told[-1].end == len(TEXT)
    assert names.read(TEXT, told[-1].start)[0] == told


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("label", [begin_of, inside_of])
def test_firms_and_places_may_be_of_one_or_two_letters(
    kind: str, label: Callable[[str], int]
) -> None:
    """Other names are not so short; where both labels of one together may lead, it may be one."""
    scores = [0.0] * LABELS
    scores[label(kind)] = 9.0
    assert may_be_so_short(scores) is (kind in {"ORGANIZATION", "LOCATION"})
    scores[inside_of("LOCATION")] = 9.0 - 0.69
    assert may_be_so_short(scores)


@pytest.mark.parametrize("by", [0.0, -299.0, 299.0, -1_000.0, 1_000.0])
def test_a_type_is_as_likely_as_its_labels_together(by: float) -> None:
    """Five of ten parts are for a person and two for a place, however high all scores are."""
    scores = [-60.0 + by] * LABELS
    person = begin_of("PERSON"), inside_of("PERSON")
    weights = zip((0, *person, begin_of("LOCATION")), (3.0, 1.0, 4.0, 2.0), strict=True)
    for label, weight in weights:
        scores[label] = log(weight) + by
    assert likely(scores) == pytest.approx((0.5, 0.0, 0.2, 0.0, 0.0, 0.0))
