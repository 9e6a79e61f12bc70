"""What breaks a stream is told in words for its caller, and the rest of it stands in the log."""

from __future__ import annotations

import logging

import pytest

from muniment.core.errors import InvalidError
from muniment.db import DriverError
from muniment.gateway.channels import foreseen


def test_what_nobody_foresaw_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """An error of ours is told as it is; of others only whether recording or judging failed."""
    known = InvalidError("it is wrong", field="x")
    with caplog.at_level(logging.ERROR, "muniment.gateway"):
        assert foreseen(known) is known
        assert not caplog.records
        inspected = foreseen(ValueError("a secret"))
        recorded = foreseen(DriverError("a secret"))
    assert "could not be inspected" in inspected.message
    assert "could not be recorded" in recorded.message
    assert "secret" not in f"{inspected} {inspected.remedy} {recorded}"
    assert [each.message for each in caplog.records] == ["a stream broke"] * 2
