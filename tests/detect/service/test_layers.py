"""Detectors beside the patterns are asked carefully, and believed only where they can be right."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from muniment.core.errors import UnavailableError
from muniment.detect.models import Family
from muniment.detect.service.layers import is_silent, told_by


@dataclass(frozen=True)
class Said:
    """What a stranger says about a place."""

    start: int
    end: int
    type: str = "BADGE"
    family: str = "nonsense"
    score: float = 0.9
    why: object = "a badge"


@dataclass(frozen=True)
class Stranger:
    """A detector that always says the same."""

    said: Said
    build: str = "stranger 1"

    def scan(self, text: str) -> list[Said]:
        """Say it."""
        return [self.said] if text else []


def test_what_a_stranger_finds_becomes_ours() -> None:
    """With its build, its reason, and a family that exists."""
    (found,) = told_by(Stranger(Said(0, 4)), 0, "text")
    assert (found.type, found.family, found.detector) == ("BADGE", Family.OWN, "stranger 1")
    assert str(found.why) == "a badge"


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 1), (0, 5)])
def test_a_place_outside_of_the_text_is_refused(start: int, end: int) -> None:
    """Who points outside is not believed in anything."""
    with pytest.raises(UnavailableError):
        told_by(Stranger(Said(start, end)), 0, "text")


def test_who_need_not_read_again_is_told_so() -> None:
    """A detector that knows how reads only behind what was told; every other one reads all."""

    class Behind(Stranger):
        """One that reads behind a place."""

        def scan_behind(self, text: str, after: int) -> list[Said]:
            """Say it of what comes after."""
            return [Said(after, len(text))]

    (found,) = told_by(Behind(Said(0, 1)), 2, "text")
    assert (found.start, found.end) == (2, 4)
    (found,) = told_by(Behind(Said(0, 1)), 0, "text")
    assert (found.start, found.end) == (0, 1)


@dataclass(frozen=True)
class Doubting:
    """A detector that tells where it may find something, and no more."""

    places: tuple[tuple[int, int], ...]

    def doubtful(self, _text: str) -> tuple[tuple[int, int], ...]:
        """Tell it."""
        return self.places


@dataclass(frozen=True)
class Silenced(Doubting):
    """A detector that also tells whether what it doubts is nothing."""

    silent: bool

    def is_silent(self, _text: str) -> bool:
        """Tell it."""
        return self.silent


def test_who_doubts_a_place_is_silent_only_where_that_is_said() -> None:
    """A detector that knows no more than its doubts is silent where it has none."""
    assert is_silent(Doubting(()), "text")
    assert not is_silent(Doubting(((0, 4),)), "text")
    assert is_silent(Silenced(((0, 4),), silent=True), "text")
    assert not is_silent(Silenced((), silent=False), "text")
