"""Who is told."""

from __future__ import annotations

import pytest

from muniment import notices
from tests.demo.asking import Shown

pytestmark = pytest.mark.slow


def test_people_were_told_and_looked_and_nothing_was_sent(shown: Shown) -> None:
    """The reader has notices; some were seen; the only channel is off, so nothing ever left."""
    with shown.looking() as work:
        mine = notices.inbox(work).rows
        channels = notices.channels(work)
        sent = notices.messages(work).rows
    assert mine
    assert "notices.seen" in shown.kinds()
    assert [each.active for each in channels] == [False]
    assert sent == ()
