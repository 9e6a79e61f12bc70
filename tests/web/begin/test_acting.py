"""The forms of the first steps."""

from __future__ import annotations

import pytest

from muniment.web.begin.acting import key_from


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Support Désk", "support-desk"),
        ("  --a__b--  ", "a-b"),
        ("名前", ""),
        ("x" * 100, "x" * 60),
    ],
)
def test_a_short_name_is_made_from_a_name(name: str, key: str) -> None:
    """It holds only what a key may hold; where nothing is left, nothing is made up."""
    assert key_from(name) == key
