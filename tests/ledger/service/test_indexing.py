"""What is sealed is indexed at once, as it was made; what came from elsewhere is read exactly."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from muniment.core.actor import system_actor
from muniment.core.errors import CorruptError
from muniment.db import Database
from muniment.ledger import Log, check_index, open_writer
from muniment.ledger.kinds import Started
from muniment.ledger.rules import format_bundle
from muniment.ledger.store import append
from muniment.settings import Settings
from muniment.testing.ledger import audit, opened_log

ACTOR = system_actor("test")


@pytest.fixture
def log(database: Database, settings: Settings) -> Iterator[Log]:
    """A log that has begun."""
    with opened_log(database, settings) as opened:
        opened.seal()
        yield opened


def test_what_was_not_made_here_is_read_exactly(log: Log, database: Database) -> None:
    """Records of this process are indexed as they are; others that are not sound stop the log."""
    writer = open_writer(database, "w", log.stopped)
    writer.append(ACTOR, [Started("1", "test", "here", (), "w")] * 3).result(20)
    assert writer.stop(grace_seconds=20)
    log.seal()
    assert check_index(log) == ()
    audit(log)
    value = json.loads(log.read_after(log.size() - 1, 1)[0].data)
    value |= {"seq": 4, "body": dict(reversed(value["body"].items()))}
    odd = json.dumps(value, separators=(",", ":")).encode()
    append(database, "w", 1, lambda _first: format_bundle([odd]))
    with pytest.raises(CorruptError, match="canonical"):
        log.seal()
    assert "canonical" in log.stopped()
