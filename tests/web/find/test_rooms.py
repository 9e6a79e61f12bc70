"""What each room finds."""

from __future__ import annotations

from typing import Any, cast

from muniment.core.errors import UnavailableError
from muniment.web.find.hits import Hit
from muniment.web.find.rooms import Finder, sought


def test_a_room_that_cannot_answer_keeps_no_other_from_it() -> None:
    """Its silence is no error; a single letter asks no room at all."""

    def broken(*_given: object) -> list[Hit]:
        raise UnavailableError("the room is shut")

    def fine(*_given: object) -> list[Hit]:
        return [Hit("Found", "/found", "system")]

    finders = (Finder(broken, ""), Finder(fine, ""))
    nothing = cast("Any", None)
    assert [each.label for each in sought(nothing, nothing, finders, "found")] == ["Found"]
    assert sought(nothing, nothing, finders, "f") == ()
