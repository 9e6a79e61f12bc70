"""Records written together: the same words as alone, and no answer where anything is unusual."""

from __future__ import annotations

import pytest

from muniment.ledger.kinds import Heartbeat
from muniment.ledger.service.together import ABOUT_NOTHING, said_together
from tests.ledger.service.sampled import Counted, Moved, Told


def test_each_record_has_its_own_words_in_the_order_given() -> None:
    """Kinds may alternate: bodies, names and subjects stand where their records stood."""
    records = [Counted("b", 1), Heartbeat("gate", 60), Counted("a", 2), Told({"x": 1})]
    said = said_together(records)
    assert said is not None
    assert list(said.kinds) == [
        b"sampled.counted",
        b"ledger.heartbeat",
        b"sampled.counted",
        b"sampled.told",
    ]
    assert said.bodies[2] == b'{"place":2,"thing":"a","what":null}'
    assert list(said.subjects) == [
        b',"subject":{"id":"b","kind":"thing"},"v":1}',
        ABOUT_NOTHING,
        b',"subject":{"id":"a","kind":"thing"},"v":1}',
        ABOUT_NOTHING,
    ]


@pytest.mark.parametrize(
    "unusual", [Moved("a"), Counted("", 1), Counted("a", 2**53), Counted("a", 1, 0.5)]
)
def test_one_unusual_record_leaves_all_to_who_checks_each(unusual: object) -> None:
    """A covered change, an empty subject, a number too large or broken: no answer, no error."""
    assert said_together([Counted("a", 1), unusual]) is None
