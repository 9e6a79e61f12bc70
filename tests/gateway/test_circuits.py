"""Routes rest after failures, and retries are paid from what was saved."""

from __future__ import annotations

from muniment.gateway.circuits import Circuits


def test_a_route_rests_after_five_failures_and_is_tried_again_later() -> None:
    """A route that failed again and again is left alone for a while, and no other one with it."""
    circuits = Circuits()
    for turn in range(5):
        assert not circuits.rests("a", 100.0)
        circuits.failed("a", 100.0 + turn)
    assert circuits.rests("a", 105.0)
    assert not circuits.rests("b", 105.0)
    assert not circuits.rests("a", 115.0)
    circuits.failed("a", 115.0)
    assert circuits.rests("a", 116.0), "one more failure and it rests again"


def test_an_answer_forgets_the_failures() -> None:
    """A route that answered begins anew."""
    circuits = Circuits()
    for _ in range(4):
        circuits.failed("a", 1.0)
    circuits.worked("a")
    circuits.failed("a", 2.0)
    assert not circuits.rests("a", 2.0)


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
