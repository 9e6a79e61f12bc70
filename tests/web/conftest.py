"""The console, asked in process."""

from __future__ import annotations

import pytest

from tests.web.asking import Asking, sample_console


@pytest.fixture
def pages() -> Asking:
    """Ask the console with sample surroundings."""
    return Asking(sample_console())
