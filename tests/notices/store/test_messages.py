"""The memory of messages, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from muniment import ledger
from muniment.core.errors import ConflictError, NotFoundError
from muniment.db import Database
from muniment.ledger.kinds.notices import Posted
from muniment.notices import MessageState, Outgoing, Severity, store
from tests.notices.desk import ROOT
from tests.notices.store.test_groups import put


def test_a_message_is_saved_by_compare_and_set(database: Database) -> None:
    """Of two workers that write how it fared, the second is refused."""
    put(database, 1)
    with database.work(ROOT) as work:
        message = Outgoing(
            "msg_1",
            "chn_1",
            "sub_1",
            "",
            Severity.INFO,
            MessageState.WAITING,
            0,
            work.now,
            work.now,
        )
        store.messages.add(work, message, ["ntc_001"])
        ledger.record(work, Posted(("ntc_001",), 1, ("msg_1",)))
    with database.work(ROOT) as work:
        read = store.messages.get(work, "msg_1")
        assert [each.id for each in store.messages.carried(work, "msg_1")] == ["ntc_001"]
        assert store.messages.of_groups(work, ["ntc_001", "ntc_x"])["ntc_x"] == ()
        assert len(store.messages.overdue(work, work.now + timedelta(hours=1), limit=5)) == 1
        done = replace(read, state=MessageState.DELIVERED, attempts=1, ended_at=work.now)
        store.messages.save(work, done)
        ledger.record(work, Posted((), 0, ("msg_1",)))
        assert store.messages.counts(work, work.now)["chn_1"] == {MessageState.DELIVERED: 1}
        assert store.messages.overdue(work, work.now + timedelta(hours=1), limit=5) == ()
    with pytest.raises(ConflictError), database.work(ROOT) as work:
        store.messages.save(work, done)
    with pytest.raises(NotFoundError), database.look(ROOT) as work:
        store.messages.get(work, "msg_none")
    with database.look(ROOT) as work:
        assert store.messages.find(work, state=MessageState.NEVER).rows == ()
        assert len(store.messages.find(work, channel_id="chn_1").rows) == 1
