"""Pictures of pages, for a person to look at; taken only when somebody asks for them."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Locator, Page


def picture(shown: Page | Locator, path: Path, *, whole: bool = True) -> None:
    """Leave a picture of a page or a part of it, where `make screens` asked for pictures.

    No test judges one, and Chromium without a window cannot always paint a long page on a busy
    machine; so a run that nobody looks at takes none.
    """
    if not os.environ.get("MUNIMENT_TEST_SCREENS"):
        return
    if isinstance(shown, Page):
        shown.screenshot(path=path, full_page=whole)
    else:
        shown.screenshot(path=path)
