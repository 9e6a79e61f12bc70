"""Reading: proofs for every entry, lists that never repeat, files that are not what they were."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from muniment.core.actor import Actor, ActorKind, system_actor
from muniment.core.errors import CorruptError, InvalidError, NotFoundError
from muniment.db import Database
from muniment.ledger import Log, Query, check_index, entry, find, find_by_id, prove, record, reindex
from muniment.ledger import tail as newest
from muniment.ledger.kinds import Heartbeat, Started
from muniment.settings import Settings
from muniment.testing import FixedClock
from muniment.testing.ledger import audit, opened_log, write_records
from muniment.verify import MET, NOT_MET, Trust, parse_vkey, verify_proof

ADA = Actor(ActorKind.PERSON, "per_ada")


@pytest.fixture
def log(database: Database, settings: Settings) -> Iterator[Log]:
    """A log that has begun."""
    with opened_log(database, settings) as opened:
        opened.seal()
        yield opened


def require_proofs(log: Log, indexes: range) -> None:
    trust = Trust((parse_vkey(log.vkeys()[0]),))
    for index in indexes:
        proof = prove(log, index)
        assert verify_proof(proof, trust, entry=entry(log, index).data).answer == MET
        other = entry(log, (index + 1) % log.size()).data
        expected = MET if log.size() == 1 else NOT_MET
        assert verify_proof(proof, trust, entry=other).answer == expected


@pytest.mark.slow
def test_every_entry_of_small_logs_is_proved(log: Log, database: Database) -> None:
    """In logs of one to seventy entries each entry has a proof that holds for it alone."""
    for size in range(1, 71):
        if size > 1:
            write_records(database, 1)
            log.seal()
        audit(log)
        assert log.size() == size
        require_proofs(log, range(0, size, 1 if size % 16 in (0, 1, 2) else 5))


@pytest.mark.slow
def test_every_entry_around_the_edges_of_a_tile_is_proved(log: Log, database: Database) -> None:
    """The same around 256 entries and over it."""
    for size in (255, 256, 257, 258, 513):
        write_records(database, size - log.size())
        log.seal()
        audit(log)
        require_proofs(log, range(size))


def test_a_proof_needs_a_head(database: Database, settings: Settings) -> None:
    """Before the first head, and beyond the last, there is nothing to prove."""
    with opened_log(database, settings) as log:
        with pytest.raises(NotFoundError, match="nothing is sealed"):
            prove(log, 0)
        log.seal()
        for index in (-1, 1):
            with pytest.raises(NotFoundError, match="no entry"):
                prove(log, index)


BAD = {
    "missing": (lambda _: None, "001.p/5 is missing"),
    "truncated": (lambda data: data[:-3], "001.p/5"),
    "one entry short": (lambda data: data[: -(2 + int.from_bytes(b"\1\0", "big"))], "001.p/5"),
    "garbage": (lambda data: b"\xff" * len(data), "001.p/5"),
    "not JSON": (lambda data: data.replace(b'{"actor"', b'["actor"'), "entry 25[6-9]"),
    "not an entry": (lambda data: data.replace(b'"kind":"l', b'"kinds":"'), "entry 25[6-9]"),
    "empty": (lambda _: b"", "001.p/5"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bundle_that_is_not_what_it_was_is_named(log: Log, database: Database, name: str) -> None:
    """Reading a damaged bundle raises CorruptError and names the file; the rest stays readable."""
    write_records(database, 260)
    log.seal()
    audit(log)
    path = log.tiles.root / "tile" / "entries" / "001.p" / "5"
    change, words = BAD[name]
    changed = change(path.read_bytes())  # type: ignore[no-untyped-call]  # a small lambda
    path.unlink() if changed is None else path.write_bytes(changed)
    with pytest.raises(CorruptError, match=words) as caught:
        newest(log, 5)
    assert caught.value.remedy
    assert entry(log, 255).index == 255


def test_lists_go_on_without_repeating_while_entries_arrive(log: Log, database: Database) -> None:
    """Newest first or oldest first, pages neither repeat nor skip while others write."""
    write_records(database, 60)
    log.seal()
    audit(log)
    for oldest_first in (False, True):
        seen: list[int] = []
        cursor: str | None = None
        size = log.size()
        while True:
            page = find(log, Query(oldest_first=oldest_first), cursor=cursor, limit=7)
            seen += [row.index for row in page.rows]
            cursor = page.next_cursor
            if cursor is None:
                break
            if len(seen) < 30:
                write_records(database, 2)
                log.seal()
        expected = range(log.size()) if oldest_first else range(size - 1, -1, -1)
        assert seen == list(expected)
    audit(log)


def started(text: str) -> Started:
    return Started("1", "b", "s", (text,), "serve")


def test_entries_are_found_by_what_they_are(
    log: Log, database: Database, clock: FixedClock
) -> None:
    """Kind, room, actor, time, place and words each narrow the list."""
    clock.advance(10)
    middle = clock.now()
    with database.work(ADA) as work:
        first = record(work, started('Zürich 100% _done_ say "hi"\nnext'))
    clock.advance(10)
    write_records(database, 2)
    log.seal()
    audit(log)

    def indexes(query: Query) -> list[int]:
        return [row.index for row in find(log, query).rows]

    assert indexes(Query(kind="ledger.started")) == [1]
    assert indexes(Query(kind="ledger.*")) == [3, 2, 1, 0]
    assert indexes(Query(kind="ledger_*")) == indexes(Query(kind="led%")) == []
    assert indexes(Query(actor="per_ada")) == indexes(Query(actor="person:per_ada")) == [1]
    assert indexes(Query(actor="per%")) == indexes(Query(actor="per_ad_")) == []
    for words in ("Zürich", "100%", "_done_", 'say "hi"', "\nnext", "zürich"):
        assert indexes(Query(text=words)) == [1], words
    assert indexes(Query(text='"serve"')) == [1], "a whole word or name of the body"
    assert indexes(Query(text='"done"')) == indexes(Query(text='"say"')) == [], "no whole word"
    for words in ("100_", "%done", "Zu%", "'; DROP TABLE x; --"):
        assert indexes(Query(text=words)) == [], words
    assert indexes(Query(text="1%0")) == indexes(Query(text="_d_ne_")) == []
    assert indexes(Query(since=middle)) == [3, 2, 1]
    assert indexes(Query(until=middle)) == [0]
    assert indexes(Query(since=middle, until=middle + timedelta(seconds=1))) == [1]
    assert indexes(Query(from_index=1, to_index=2)) == [2, 1]
    assert indexes(Query(from_index=10**30)) == []
    assert indexes(Query(to_index=10**30, from_index=-(10**30))) == [3, 2, 1, 0]
    assert indexes(Query(id=first)) == [1]
    assert find_by_id(log, first).index == 1
    with pytest.raises(NotFoundError, match="no sealed entry"):
        find_by_id(log, "rec_none")
    with pytest.raises(InvalidError, match="ends before it begins"):
        find(log, Query(since=middle, until=middle))


@pytest.mark.parametrize("cursor", ["x", "WyJhIl0", "bnVsbA", "é", "W10"])
def test_a_cursor_that_is_not_ours_is_refused(log: Log, cursor: str) -> None:
    """Whatever somebody puts into a cursor is refused with its field."""
    with pytest.raises(InvalidError) as caught:
        find(log, Query(), cursor=cursor)
    assert caught.value.field == "cursor"


def test_the_index_is_built_anew_and_compared(log: Log, database: Database) -> None:
    """A lost or changed index is noticed, and one command makes it right."""
    write_records(database, 300)
    log.seal()
    audit(log)
    log.index.clear()
    assert "the index holds 0 entries, the log 301" in check_index(log)
    assert reindex(log) == 301
    audit(log)
    log.index.clear()
    log.index.add(log.read_after(0, 5))
    wrong = entry(log, 5)
    log.index.add([type(wrong)(6, wrong.data, wrong.value)])
    found = check_index(log)
    assert any(each.startswith("entry 6 is") for each in found)
    assert any("entry 5 is" in each and "None" in each for each in found)
    reindex(log)
    audit(log)


def test_odd_letters_go_into_the_index(log: Log, database: Database) -> None:
    """NUL, astral letters and very long names do not stop the index on either database."""
    for name in ("nul\0here", "\U0001f512", "x" * 500):
        with database.work(Actor(ActorKind.PERSON, name)) as work:
            record(work, Heartbeat(name, 60))
    log.seal()
    audit(log)
    assert [row.index for row in find(log, Query(text="\U0001f512")).rows] == [2]
    assert find(log, Query(actor="a\0b")).rows == ()
    assert log.status().indexed == 4


def test_the_tail_gives_the_newest(log: Log, database: Database) -> None:
    """The newest entries come oldest first, as many as there are."""
    write_records(database, 5)
    log.seal()
    assert [each.index for each in newest(log, 2)] == [4, 5]
    assert [each.index for each in newest(log, 50)] == list(range(6))
    assert system_actor("test").kind == ActorKind.SYSTEM
