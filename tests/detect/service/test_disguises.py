"""What is written in another way is found where it stands in the text as it came."""

from __future__ import annotations

import base64

import pytest

from muniment.detect import Family, Pattern
from muniment.detect.service.disguises import Disguises
from muniment.detect.service.patterns import PatternLayer


def layer(name: str, regex: str, family: Family = Family.SECRETS) -> PatternLayer:
    """Make a layer of one pattern."""
    return PatternLayer(
        [Pattern(name, name.upper(), family, regex, 0.95)], thresholds={}, threshold=0.5
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("é ab12 cd", "ab12"),
        ("a\u200bb12 cd", "a\u200bb12"),
        ("x %61b12 y", "%61b12"),
        ("x \\u0061b12 y", "\\u0061b12"),
        ("see \uff41b12.", "\uff41b12"),
        (f"x {base64.b64encode(b'this is ab12 here').decode()} y", ""),
    ],
)
def test_a_value_is_found_through_its_disguise(text: str, value: str) -> None:
    """Invisible letters, escapes, wide letters, and what was encoded as a whole."""
    found = Disguises(layer("code", r"\bab12\b"), None).find(text, (), None)
    assert len(found) == 1
    assert text[found[0].start : found[0].end] == (value or text[2:-2])


def test_own_terms_are_found_beside_the_patterns() -> None:
    """Both are read, and what was told before a place is left out of both."""
    both = Disguises(layer("code", r"\bab12\b"), layer("own", r"\bzebra\b", Family.OWN))
    text = "ab12 and a zebra"
    assert [each.type for each in both.find(text, (), None)] == ["CODE", "OWN"]
    assert [each.type for each in both.find(text, (), None, after=8)] == ["OWN"]
