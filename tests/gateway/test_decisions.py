"""Decisions that are alike are kept once, and never named before they are durable."""

from __future__ import annotations

from muniment.core.digest import Digest
from muniment.core.ids import IdMaker
from muniment.gateway.decisions import Decisions
from muniment.ledger import Promise
from muniment.policy import Decision, Effect, Facts, Judged, Thing
from muniment.testing import FixedClock

FACTS = Facts(Thing("Person", "p"), "call", Thing("Model", "m"), {"tokens": 1})
OTHER = Facts(Thing("Person", "p"), "call", Thing("Model", "m"), {"tokens": 2})
YES = Decision(Effect.ALLOW, (), (), Digest("sha256:" + "0" * 64))


def test_the_second_names_the_first_once_that_is_durable() -> None:
    """Before, each is named and kept by itself; a failure leaves nothing to name."""
    known = Decisions(IdMaker(FixedClock()))
    first, second = (known.named(Judged(FACTS, YES, 1)) for _ in range(2))
    assert first.id != second.id
    failed: Promise[None] = Promise()
    known.once_durable(failed, known.fresh((first,)))
    failed.set_exception(OSError())
    assert not known.named(Judged(FACTS, YES, 1)).is_kept
    for each in (first, second):  # two that came at once are both kept; the first is named later
        done: Promise[None] = Promise()
        known.once_durable(done, known.fresh((each,)))
        done.set_result(None)
    third = known.named(Judged(FACTS, YES, 1))
    assert (third.id, third.is_kept, known.fresh((third,))) == (first.id, True, ())


def test_other_facts_or_rules_are_another_decision() -> None:
    """What differs in facts, version or shadow is kept by itself."""
    known = Decisions(IdMaker(FixedClock()))
    first = known.named(Judged(FACTS, YES, 1))
    done: Promise[None] = Promise()
    known.once_durable(done, (first,))
    done.set_result(None)
    assert known.named(Judged(FACTS, YES, 1)).is_kept
    for other in (Judged(OTHER, YES, 1), Judged(FACTS, YES, 2), Judged(FACTS, YES, 1, YES, 3)):
        assert not known.named(other).is_kept
