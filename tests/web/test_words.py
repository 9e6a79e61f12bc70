"""The page of words."""

from __future__ import annotations

from muniment.web.glossary import TERMS
from tests.web.asking import Asking


def test_every_word_stands_on_it_with_its_own_address(pages: Asking) -> None:
    """Each is a definition that can be linked to."""
    html = pages.get("/console/words").text
    for each in TERMS:
        assert f'<dt id="{each.key}"><dfn>{each.word}</dfn></dt>' in html
