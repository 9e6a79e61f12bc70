"""Whose quiet hours hold."""

from __future__ import annotations

from datetime import UTC

import pytest

from muniment.core.errors import InvalidError
from muniment.notices.service.quiet import installation_hours, zone_of, zones
from muniment.settings import Settings, load


def given(**values: str) -> Settings:
    """Give settings with quiet hours."""
    overrides = {f"notices.{name}": value for name, value in values.items()}
    return load(file=None, environment={}, overrides=overrides).settings


def test_an_installation_may_have_hours_for_everybody() -> None:
    """None unless they are set; what is set wrong is named."""
    assert installation_hours(Settings()) is None
    hours = installation_hours(given(quiet_from="22:00", quiet_until="06:30"))
    assert hours is not None
    assert (hours.starts, hours.ends) == (22 * 60, 6 * 60 + 30)
    for wrong in ({"quiet_from": "late"}, {"quiet_until": "7"}, {"quiet_zone": "Mars"}):
        values = {"quiet_from": "22:00", "quiet_until": "06:00", **wrong}
        with pytest.raises(InvalidError):
            installation_hours(given(**values))


def test_a_zone_this_machine_does_not_know_is_utc() -> None:
    """A message is sent a little early rather than not at all."""
    assert zone_of("Mars/Olympus") is UTC
    assert zone_of("../etc/passwd") is UTC
    assert "UTC" in zones()
