"""What a story is made of."""

from __future__ import annotations

from muniment.demo.scenes import SCENES
from muniment.demo.story import SMALL, Event, Scale, event, in_order


def test_events_of_all_scenes_stand_in_one_order() -> None:
    """They are sorted by their moment; at one moment the earlier scene goes first."""
    told: list[str] = []

    def say(_stage: object, says: str) -> None:
        told.append(says)

    def first(_scale: Scale) -> list[Event]:
        return [event(2, say, says="last"), event(1, say, says="first")]

    def second(_scale: Scale) -> list[Event]:
        return [event(1, say, says="second")]

    for each in in_order((first, second), SMALL):
        each.does(None)  # type: ignore[arg-type]  # these ask nothing of a stage
    assert told == ["first", "second", "last"]


def test_every_scene_stays_within_the_story() -> None:
    """Nothing happens before it begins or after it ends, whatever the volume."""
    for scale in (SMALL, Scale(), Scale(times=100)):
        days = [each.day for each in in_order(SCENES, scale)]
        assert min(days) >= 0
        assert max(days) < scale.days


def test_the_volume_counts_the_call_itself() -> None:
    """So many times the usual volume is so many times the calls."""
    one, ten = Scale(), Scale(times=10)
    assert 1 + ten.more == 10 * (1 + one.more)
