"""What others wrote cannot read as something else."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from muniment.web.spelling import spelled


def test_a_character_that_turns_text_is_named() -> None:
    """A reader sees that something would have turned the line, and where."""
    assert spelled("a\u202eb<") == (
        'a<bdo dir="ltr" class="unseen" data-named="U+202E">\u202e</bdo>b&lt;'
    )
    assert spelled("名 ë") == "名 ë"


@given(st.text(st.characters() | st.sampled_from("\u202e\u200b\u2066<&")))
def test_the_text_stays_exact(text: str) -> None:
    """Without its marks it is the same text, escaped, to the last character."""
    assert re.sub(r"</?bdo[^>]*>", "", spelled(text)) == escape(text)
