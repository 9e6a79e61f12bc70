"""An answer gets its values back while it arrives."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.detect.models import Policy
from muniment.detect.rules.actions import Means
from muniment.detect.rules.pairs import Pairs
from muniment.detect.service.restoring import Restoring
from muniment.detect.service.stream import Stream
from tests.detect.engines import by_shape
from tests.detect.texts import TEXTS, pieces


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.lists(st.integers(0, 10_000), max_size=30))
def test_an_answer_is_restored_the_same_at_any_chunking(text: str, cuts: list[int]) -> None:
    """A mask that arrives in pieces becomes its value, and nothing else is touched."""
    means = Means()
    stream = Stream(by_shape, Policy("mask"), means)
    out = stream.feed(text) + stream.finish()
    restoring = Restoring(means.pairs)
    back = "".join(restoring.feed(piece) for piece in pieces(out, cuts)) + restoring.finish()
    assert back == means.pairs.restore(out) == text


def test_only_what_may_be_a_mask_is_held() -> None:
    """Plain words of an answer go on at once."""
    restoring = Restoring(Pairs())
    assert restoring.feed("plain words") == "plain words"
    assert restoring.held == 0
