"""How notices are drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from muniment.notices import MessageState, Outgoing, Severity
from muniment.testing.clock import START
from muniment.web.notices.drawing import minutes_said, sent_cell

MESSAGE = Outgoing(
    "msg_1", "chn_1", "sub_1", "", Severity.INFO, MessageState.DELIVERED, 1, START, START
)


def test_the_worst_that_became_of_a_notice_is_shown() -> None:
    """One message that never arrives is what one should see, and why."""
    never = replace(MESSAGE, state=MessageState.NEVER, why="it answered 410")
    cell = sent_cell((MESSAGE, never), sent=True)
    assert (cell.text, cell.tone, cell.note) == ("never", "stop", "it answered 410")
    assert sent_cell((), sent=True).text == "inbox only"
    assert sent_cell((), sent=False).text == "gathering"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (90, "90 seconds"),
        (3_600, "1 hour"),
        (172_800, "2 days"),
    ],
)
def test_times_are_said_in_words(seconds: int, said: str) -> None:
    """In the largest unit that fits whole."""
    assert minutes_said(seconds) == said
