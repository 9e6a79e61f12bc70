"""Browsers are named as people name them; what names itself otherwise is shown as it does."""

from __future__ import annotations

import pytest

from muniment.web.access.agents import browser_words

LINUX = "Mozilla/5.0 (X11; Linux x86_64)"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML)"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (f"{LINUX} {WEBKIT} Chrome/150.0.0.0 Safari/537.36", "Chrome 150 on Linux"),
        (f"{WINDOWS} {WEBKIT} Chrome/131.0 Safari/537.36 Edg/131.0", "Edge 131 on Windows"),
        ("Mozilla/5.0 (Android 15; rv:143.0) Firefox/143.0", "Firefox 143 on Android"),
        (f"{PHONE} Version/18.4 Mobile/15E148 Safari/604.1", "Safari 18 on iOS"),
        ("Demo browser", "Demo browser"),
        ("", ""),
        ("x" * 80, "x" * 60 + "…"),
    ],
)
def test_a_browser_is_named_in_words(agent: str, words: str) -> None:
    """The one that counts and what it runs on; nothing is made up about a stranger."""
    assert browser_words(agent) == words
