"""A configuration is measured on the sets of the product, and scanners are made once."""

from __future__ import annotations

from muniment.detect import Configuration
from muniment.detect.detectors import measured
from muniment.detect.detectors import product_sets as sets
from muniment.detect.service.measuring import Scanners, measure_sets
from tests.detect.company import STRICT


def test_scanners_are_made_once() -> None:
    """Making one takes longer than using it."""
    scanners = Scanners()
    assert scanners.get(STRICT) is scanners.get(Configuration(threshold=0.4))


def test_the_sets_are_whole_and_counted() -> None:
    """Each set is read to its end, and most of what is in it is found."""
    figures = {each.name: each for each in measure_sets(Configuration())}
    for name in (sets.VALUES, sets.NAMES, sets.SIGNALS):
        examples = list(sets.read(name))
        assert figures[name].texts == len(examples)
        assert figures[name].found <= figures[name].wanted
    values = measured.rows()["EMAIL_ADDRESS"]
    assert figures[sets.VALUES].texts == values.texts
    assert figures[sets.VALUES].found / figures[sets.VALUES].wanted > 0.9


def test_a_layer_that_is_off_finds_no_names() -> None:
    """The figures follow the configuration, and nothing else."""
    figures = {each.name: each for each in measure_sets(Configuration(layers=("patterns",)))}
    assert figures[sets.NAMES].found == 0
    usual = {each.name: each for each in measure_sets(Configuration())}
    assert figures[sets.SIGNALS] == usual[sets.SIGNALS]
