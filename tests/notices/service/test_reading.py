"""What can be read of others' notices, and by whom."""

from __future__ import annotations

import pytest

from muniment import access, notices
from muniment.core.errors import ForbiddenError
from muniment.notices import MessageState
from tests.notices.desk import Desk


def test_who_watches_reads_who_builds_does_not(desk: Desk) -> None:
    """Notices, messages, channels and routes of others are behind a permission."""
    desk.person("ops", "operator", scope=access.EVERYTHING)
    desk.person("sec", "security")
    desk.person("ada", "builder")
    channel = desk.channel()
    desk.subscribe("sec", channel)
    desk.ask()
    desk.settle()
    with desk.by("ops") as work:
        assert len(notices.all_notices(work).rows) == 1
        assert len(notices.messages(work, state=MessageState.DELIVERED).rows) == 1
        assert notices.counts(work)[channel.id] == {MessageState.DELIVERED: 1}
        assert notices.channels(work) == (channel,)
        assert len(notices.channel(work, channel.id)[1]) == 1
        assert len(notices.routes(work)) > 10
    for verb in (
        notices.all_notices,
        notices.messages,
        notices.counts,
        notices.channels,
        notices.routes,
    ):
        with pytest.raises(ForbiddenError), desk.by("ada") as work:
            verb(work)
