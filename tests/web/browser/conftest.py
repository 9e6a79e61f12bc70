"""A real browser and a real server, on this machine only."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.web.asking import sample_console
from tests.web.browser.serving import serving

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
QUIET: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


# One browser a module, not a session: while Playwright lives an event loop runs in this thread, and
# tests elsewhere which start their own would fail.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium without a window; fail, and say how to mend it, if none."""
    found = os.environ.get("MUNIMENT_TEST_CHROMIUM") or _installed()
    if found is None:
        pytest.fail(
            "No Chromium found. Install one (apt-get install chromium), or name it in "
            "MUNIMENT_TEST_CHROMIUM.",
            pytrace=False,
        )
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield started
        started.close()


@pytest.fixture(scope="session")
def origin() -> Iterator[str]:
    """Serve the console on a free port of this machine."""
    with serving(sample_console()) as address:
        yield address


@pytest.fixture(scope="session")
def screens() -> Path:
    """The folder where screenshots are left for a person to look at."""
    folder = Path(__file__).parents[3] / ".artefacts" / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _installed() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)
