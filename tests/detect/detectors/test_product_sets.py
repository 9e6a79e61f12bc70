"""The sets of texts by hand that come with the product."""

from __future__ import annotations

import pytest

from muniment.detect.detectors import product_sets as sets


@pytest.mark.parametrize("name", [sets.VALUES, sets.NAMES, sets.SIGNALS])
def test_every_span_lies_in_its_text(name: str) -> None:
    """A place that is nowhere would count as missed for ever."""
    examples = list(sets.read(name))
    assert len(examples) > 50
    for text, spans in examples:
        assert all(0 <= start < end <= len(text) for start, end, _ in spans)


def test_harmless_texts_are_among_the_signals() -> None:
    """Without them nobody would see a false alarm."""
    harmless = sum(not each.spans for each in sets.read(sets.SIGNALS))
    assert harmless > 10
