"""What holds for a whole server process."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from muniment.cli.machine import prepare_machine


@pytest.fixture
def turns() -> Iterator[None]:
    """Give the process of the tests its own length of a turn back."""
    before = sys.getswitchinterval()
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("turns")
def test_no_thread_computes_on_while_a_call_waits() -> None:
    """A turn is a millisecond at most, on whatever C library the process runs."""
    sys.setswitchinterval(0.005)
    prepare_machine()
    assert sys.getswitchinterval() <= 0.001
