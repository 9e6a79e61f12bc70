"""The folder of a demonstration: what is refused, what is put, and what is never touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.core.errors import ConflictError
from muniment.demo import Found, look, require_free, room_for
from muniment.demo.folder import DATA
from muniment.main import open_house
from tests.server.asking import house_in


def test_a_folder_with_real_records_is_refused(tmp_path: Path) -> None:
    """An installation is known as one, at both places where it could lie, and nothing is built."""
    with house_in(tmp_path / "real") as house:
        house.log.begin()
    with house_in(tmp_path / "hidden" / DATA) as house:
        house.log.begin()
    for name in ("real", "hidden"):
        found = look(tmp_path / name, open_house)
        assert found is Found.REAL
        with pytest.raises(ConflictError, match="real records") as told:
            require_free(tmp_path / name, found)
        assert "--folder" in told.value.remedy


def test_a_folder_of_other_things_is_refused(tmp_path: Path) -> None:
    """What we do not know stays as it is; an empty or a new folder may be taken."""
    (tmp_path / "letters").mkdir()
    assert look(tmp_path / "letters", open_house) is Found.NOTHING
    assert look(tmp_path / "new", open_house) is Found.NOTHING
    (tmp_path / "letters" / "one.txt").write_text("dear")
    found = look(tmp_path / "letters", open_house)
    assert found is Found.OTHER
    with pytest.raises(ConflictError, match="not empty"):
        require_free(tmp_path / "letters", found)


def test_what_is_built_takes_its_place_whole(tmp_path: Path) -> None:
    """The older one goes only when the new one is there; when that fails, the older one stays."""
    place = tmp_path / "demo"
    for text in ("one", "two"):
        with room_for(place) as (beside, was_left):
            assert not was_left
            (beside / "story").write_text(text)
        assert (place / "story").read_text() == text
    with pytest.raises(ValueError, match="died"), room_for(place) as (beside, _):
        raise ValueError("died")
    assert (place / "story").read_text() == "two"
    assert [each.name for each in tmp_path.iterdir()] == ["demo"]


def test_what_was_left_half_way_is_told_and_removed(tmp_path: Path) -> None:
    """A build that was killed leaves a folder beside; the next one says so and begins clean."""
    left = tmp_path / "demo.building"
    left.mkdir()
    (left / "half").write_text("a story")
    with room_for(tmp_path / "demo") as (beside, was_left):
        assert was_left
        assert not any(beside.iterdir())


def test_two_do_not_build_at_once(tmp_path: Path) -> None:
    """The second is told that somebody builds there, and disturbs nothing."""
    with room_for(tmp_path / "demo") as (beside, _):
        with pytest.raises(ConflictError, match="another process"), room_for(tmp_path / "demo"):
            pass
        assert beside.exists()
