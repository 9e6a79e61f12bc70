"""The glossary points to pages that exist."""

from __future__ import annotations

from pathlib import Path

from muniment.web.glossary.terms import BY_KEY, TERMS

DOCS = Path(__file__).parents[3] / "docs"


def test_every_page_named_exists() -> None:
    """Whoever reads on finds something; every form of a word leads back to it."""
    assert [each.key for each in TERMS if each.doc and not (DOCS / each.doc).is_file()] == []
    assert BY_KEY["head"].every_form == ("head", "heads")
