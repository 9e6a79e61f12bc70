"""The scanner: texts in, findings out."""

from __future__ import annotations

import pytest

from muniment.core.errors import InvalidError
from muniment.detect import Scanner, Verdict


def test_findings_point_into_the_original_text() -> None:
    """Start and end are characters of the text that was given."""
    text = "Grüße an maria.lopez@example.com!"
    found = Scanner(layers="patterns").scan(text)
    assert [(each.type, text[each.start : each.end]) for each in found] == [
        ("EMAIL_ADDRESS", "maria.lopez@example.com")
    ]


def test_what_is_no_text_is_refused() -> None:
    """Bytes and other values are refused with a remedy instead of being called clean."""
    with pytest.raises(InvalidError):
        Scanner(layers="patterns").scan(b"abc")  # type: ignore[arg-type]
    assert Scanner(layers="patterns").inspect("nothing").verdict is Verdict.CLEAN
