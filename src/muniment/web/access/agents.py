"""The browser of a session in words: which one, on what, as far as it says so itself."""

from __future__ import annotations

import re
from typing import Final

# The first that fits counts: browsers name those they come from, too.
_BROWSERS: Final = (
    ("Edge", re.compile(r"\bEdg(?:A|iOS)?/(\d+)")),
    ("Opera", re.compile(r"\bOPR/(\d+)")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/(\d+)")),
    ("Chrome", re.compile(r"\b(?:HeadlessChrome|Chrome|CriOS|Chromium)/(\d+)")),
    ("Safari", re.compile(r"\bVersion/(\d+)[.\d]* (?:Mobile/\w+ )?Safari/")),
)
_SYSTEMS: Final = (
    ("Android", re.compile(r"\bAndroid\b")),
    ("iOS", re.compile(r"\b(?:iPhone|iPad|iPod)\b")),
    ("macOS", re.compile(r"\bMac OS X\b")),
    ("Windows", re.compile(r"\bWindows\b")),
    ("Linux", re.compile(r"\bLinux\b")),
)
_LONGEST: Final = 60


def browser_words(agent: str) -> str:
    """Name a browser as a person does; one that names itself otherwise is shown as it does."""
    found = next(
        (f"{name} {said[1]}" for name, each in _BROWSERS if (said := each.search(agent))), ""
    )
    if not found:
        return agent if len(agent) <= _LONGEST else f"{agent[:_LONGEST]}…"
    system = next((name for name, each in _SYSTEMS if each.search(agent)), "")
    return f"{found} on {system}" if system else found
