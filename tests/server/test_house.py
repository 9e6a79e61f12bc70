"""Everything that was built, in one value."""

from __future__ import annotations

from muniment.server import House


def test_gives_its_settings(house: House) -> None:
    """The settings of a house are the ones it was loaded with."""
    assert house.settings is house.loaded.settings


def test_closes_more_than_once(house: House) -> None:
    """Closing again does no harm."""
    house.close()
    house.close()
