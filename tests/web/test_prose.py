"""Plain text with a few marks becomes headings, paragraphs and lists, and loses no word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from muniment.web.prose import Block, Span, read_prose

TEXT = """# Use

**For** all. It goes
on here.

1. First
   goes on.
2. Second **bold**.

- One
- Two
"""


def test_marks_become_blocks() -> None:
    """Headings, paragraphs, lists and bold words are told apart; a line below goes on."""
    assert read_prose(TEXT) == (
        Block("heading", ((Span("Use"),),)),
        Block("paragraph", ((Span("For", strong=True), Span(" all. It goes on here.")),)),
        Block(
            "numbered",
            ((Span("First goes on."),), (Span("Second "), Span("bold", strong=True), Span("."))),
        ),
        Block("bullets", ((Span("One"),), (Span("Two"),))),
    )


@given(st.text(alphabet="ab *#-1.\n", max_size=80))
def test_no_letter_is_lost(text: str) -> None:
    """Whatever is written, every letter of it is shown, in its order."""
    blocks = read_prose(text)
    shown = "".join(span.text for block in blocks for line in block.lines for span in line)
    assert [each for each in shown if each in "ab"] == [each for each in text if each in "ab"]
