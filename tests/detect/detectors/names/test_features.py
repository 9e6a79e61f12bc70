"""Numbers of words."""

from __future__ import annotations

import numpy as np

from muniment.detect.detectors.names.features import features
from muniment.detect.detectors.names.known import KNOWN, PART_BUCKETS, UNKNOWN
from muniment.detect.detectors.names.tokens import words

PARTS_OF_WIEBKE = [12714, 6796, 2743, 13050, 5720, 5471, 10492, 8589, 8344]
ROWS = {"anna": (7, 1 << KNOWN.index("given"))}


def test_a_listed_word_has_its_row_and_what_is_known() -> None:
    """A listed word is found in any case; another has no row and nothing known."""
    found = features([*words("ANNA"), *words("Zanna")], ROWS)
    assert found.row.tolist() == [7, UNKNOWN]
    assert found.known.tolist() == [1, 0]


def test_parts_are_those_of_the_small_letters() -> None:
    """Case changes the shape and not the parts; a different end changes the ends only."""
    found = features([*words("Anna"), *words("anna"), *words("Annabel"), *words("Hanna")], {})
    assert found.parts[0].tolist() == found.parts[1].tolist()
    assert found.parts[0, :4].tolist() == found.parts[2, :4].tolist()
    assert found.parts[0, -4:-1].tolist() == found.parts[3, -4:-1].tolist()
    assert found.parts[0, 0] != found.parts[3, 0]


def test_numbers_are_the_same_on_every_machine() -> None:
    """The numbers of parts are fixed: an artefact fits wherever it is read."""
    found = features(words("Wiebke"), {})
    assert found.parts.tolist() == [PARTS_OF_WIEBKE]
    assert np.all((found.parts >= 0) & (found.parts < PART_BUCKETS))
