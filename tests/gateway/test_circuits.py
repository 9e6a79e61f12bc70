"""Routes rest after failures, and retries are paid from what was saved."""

from __future__ import annotations

from muniment.gateway.circuits import Circuits


def test_a_route_rests_after_five_failures_and_is_tried_by_one_call_later() -> None:
    """A route that failed again and again is left alone, and no other one with it.

    When it has rested, one call tries it and the others still keep away; if that fails, it rests.
    """
    circuits = Circuits()
    for turn in range(5):
        assert circuits.admits("a", 100.0)
        circuits.failed("a", 100.0 + turn)
    assert not circuits.admits("a", 105.0)
    assert circuits.rests_for("a", 105.5) == 9
    assert circuits.admits("b", 105.0)
    assert circuits.rests_for("b", 105.0) == 0
    assert circuits.admits("a", 115.0), "the one that tries"
    assert not circuits.admits("a", 115.1), "all others wait for it"
    circuits.failed("a", 116.0)
    assert not circuits.admits("a", 125.9)
    assert circuits.admits("a", 126.0), "a try that never came back does not close it for ever"
    circuits.worked("a")
    assert circuits.admits("a", 126.1)


def test_an_answer_forgets_the_failures() -> None:
    """A route that answered begins anew."""
    circuits = Circuits()
    for _ in range(4):
        circuits.failed("a", 1.0)
    circuits.worked("a")
    circuits.failed("a", 2.0)
    assert circuits.admits("a", 2.0)


def test_retries_are_spent_and_saved_up_again() -> None:
    """However many calls fail at once, retries end; answers earn new ones, but not without end."""
    circuits = Circuits()
    spent = 0
    while circuits.spend():
        spent += 1
    assert spent == 20
    for _ in range(5):
        circuits.worked("a")
    assert [circuits.spend(), circuits.spend()] == [True, False]
    for _ in range(1_000):
        circuits.worked("a")
    assert circuits.saved == 20
