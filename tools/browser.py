"""A headless Chromium for the browser tests: find it, or install Debian's.

Use find_chromium() and launch_arguments() from tests; `python -m tools.browser` finds or installs.
Set MUNIMENT_TEST_CHROMIUM to use a browser of your own.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tools import debian
from tools.step import StepFailedError

OWN_BROWSER = "MUNIMENT_TEST_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MAC_APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
PACKAGES = ("chromium", "fonts-dejavu-core")


class BrowserError(Exception):
    """There is no browser and none can be installed; the message says what to do."""


def find_chromium() -> Path | None:
    """Find Chromium or Chrome on this machine."""
    own = os.environ.get(OWN_BROWSER)
    if own:
        return Path(own)
    for name in NAMES:
        found = shutil.which(name)
        if found is not None:
            return Path(found)
    return next((Path(name) for name in MAC_APPLICATIONS if Path(name).exists()), None)


def launch_arguments() -> list[str]:
    """Give the arguments for a quiet headless run; root gets no sandbox, as Chromium demands."""
    quiet = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
    ]
    return ["--no-sandbox", *quiet] if os.geteuid() == 0 else quiet


def ensure_chromium() -> Path:
    """Find Chromium, or install Debian's where we may."""
    found = find_chromium()
    if found is None:
        _install()
        found = find_chromium()
    if found is None or not found.exists():
        raise BrowserError(f"{found or 'Chromium'} is not there; check {OWN_BROWSER}")
    return found


def _install() -> None:
    if not debian.can_install():
        raise BrowserError(
            "the browser tests need Chromium; install it (Debian, Ubuntu: "
            f"apt-get install chromium) or name a Chrome in {OWN_BROWSER}"
        )
    debian.install("Chromium", PACKAGES)


def main() -> int:
    """Say where Chromium is, installing it first if need be."""
    try:
        print(f"  Chromium is {ensure_chromium()}")
    except (BrowserError, StepFailedError) as refused:
        print(f"muniment: {refused}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
