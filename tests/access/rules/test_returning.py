"""Open redirects: after signing in, nobody is led out of the console."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.access.rules.returning import HOME, safe_return


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/console//evil.example",
        "/console/..//evil.example",
        "/console/%2e%2e/log",
        "/console@evil.example",
        "/console\n.evil.example",
        "/console.evil.example",
        "javascript:alert(1)",
        "\t//evil.example",
        "/console/é",
        "/console/" + "a" * 2_000,
        "",
    ],
)
def test_open_redirect_is_refused(text: str) -> None:
    """Whatever leads elsewhere leads to the first page instead."""
    assert safe_return(text) == HOME


def test_pages_of_ours_are_kept() -> None:
    """A page with its question is returned to."""
    asked = "/console/ledger?kind=access.*&since=2026-03-01&sort=-entry"
    assert safe_return(asked) == asked


@given(st.text())
def test_always_a_page_of_ours(text: str) -> None:
    """Whatever is asked, the answer begins at the console."""
    assert safe_return(text).startswith("/console")
