"""The index follows the log, and what stayed open is closed as unknown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from muniment import exchanges
from muniment.core.actor import system_actor
from muniment.core.errors import ForbiddenError, NotFoundError
from muniment.db import Database
from muniment.exchanges import Claim, Refusal, State, Wanted
from muniment.exchanges.jobs import followers
from muniment.exchanges.store.tables import calls_table, tool_uses_table
from muniment.jobs import step
from muniment.jobs.follow import followers_table
from muniment.ledger import Entry, Log, Writer, record
from muniment.ledger.kinds import Heartbeat
from muniment.ledger.kinds.exchanges import Lost
from muniment.testing import FixedClock
from tests.access.recorded import records
from tests.approvals.people import Office
from tests.exchanges.conftest import CALLER
from tests.exchanges.making import catch_up, intent, limit, origin, outcome
from tests.exchanges.service.test_calls import done

ACTOR = system_actor("test")


def beat(database: Database) -> None:
    """Record a sign of life."""
    with database.work(ACTOR) as work:
        record(work, Heartbeat("test", 60))


def test_calls_appear_and_end(office: Office, writer: Writer, log: Log) -> None:
    """A call is open, then answered; a refused one never was open; each is found and counted."""
    done(exchanges.intend(writer, CALLER, intent(), Claim()))
    done(exchanges.refuse(writer, CALLER, Refusal(origin("exc_2"), "m", "decide", "blocked", 403)))
    catch_up(log)
    with office.by("sven") as work:
        assert exchanges.get(work, "exc_1").state is State.OPEN
        assert exchanges.get(work, "exc_2").state is State.REFUSED
    done(exchanges.conclude(writer, CALLER, outcome()))
    catch_up(log)
    with office.by("sven") as work:
        found = exchanges.get(work, "exc_1")
        assert (found.state, found.provider_model, found.caller) == (
            State.ANSWERED,
            "gpt-test-2026-01",
            CALLER.id,
        )
        assert log.read_after(found.first_entry, 1)[0].kind == "exchanges.intended"
        assert log.read_after(found.last_entry, 1)[0].kind == "exchanges.concluded"
        assert [each.id for each in exchanges.find(work, Wanted()).rows] == ["exc_2", "exc_1"]
        counted = exchanges.counted(work, found.began_at - timedelta(days=1))
        assert (counted.counts["answered"], counted.counts["refused"]) == (1, 1)
        assert (counted.total, counted.uninspected) == (2, 1)  # nobody looked at its answer
        only = exchanges.find(work, Wanted(uninspected=True)).rows
        assert [(each.id, each.inspected, each.uninspected) for each in only] == [
            ("exc_1", "not", True)
        ]
        assert [each.code for each in exchanges.find(work, Wanted(code="blocked")).rows] == [
            "blocked"
        ]


def test_calls_of_others_systems_stay_unseen(office: Office, writer: Writer, log: Log) -> None:
    """Who sees one system sees its calls, by name or by list, and no others."""
    done(exchanges.intend(writer, CALLER, intent("exc_1", "sys_1"), Claim()))
    done(exchanges.intend(writer, CALLER, intent("exc_2", "sys_2"), Claim()))
    catch_up(log)
    office.person("olga", "owner")  # of sys_1
    with office.by("olga") as work:
        assert exchanges.get(work, "exc_1").id == "exc_1"
        assert len(exchanges.find(work, Wanted(system="sys_1")).rows) == 1
        for strange in ("exc_none", "a\0b", "x" * 500):
            with pytest.raises(NotFoundError):
                exchanges.get(work, strange)
        assert [each.id for each in exchanges.find(work, Wanted()).rows] == ["exc_1"]
        assert exchanges.counted(work, work.now - timedelta(days=1)).total == 1
        assert [each.id for each in exchanges.find_after(work, Wanted(), 0)[0]] == ["exc_1"]
    with office.by("olga") as work, pytest.raises(ForbiddenError):
        exchanges.find(work, Wanted(system="sys_2"))
    with office.by("sven") as work:
        assert len(exchanges.find(work, Wanted()).rows) == 2
    office.person("nora")
    with office.by("nora") as work:
        assert exchanges.find(work, Wanted()).rows == ()
    with office.by("olga") as work, pytest.raises(ForbiddenError):
        exchanges.get(work, "exc_2")


def test_what_stays_open_is_closed_as_unknown(
    office: Office, writer: Writer, log: Log, clock: FixedClock
) -> None:
    """A call whose process died is unknown after the longest call, and its slot is free again."""
    with office.by("sven") as work:
        wanted = exchanges.set_limit(work, limit())
    done(exchanges.intend(writer, CALLER, intent(), Claim(), (wanted,)))
    catch_up(log)
    clock.advance(1_000)
    done(exchanges.intend(writer, CALLER, intent("exc_young"), Claim(), (wanted,)))
    clock.advance(1_000)
    assert exchanges.close_open(office.database) == 0  # nothing tells how far the log was read
    beat(office.database)
    catch_up(log)
    assert exchanges.close_open(office.database) == 1
    assert exchanges.close_open(office.database) == 0
    catch_up(log)
    with office.by("sven") as work:
        assert exchanges.get(work, "exc_1").state is State.UNKNOWN
        assert exchanges.get(work, "exc_young").state is State.OPEN
    lost = [each for each in records(office.database) if each["kind"] == "exchanges.lost"]
    assert [each["body"]["exchange"] for each in lost] in ([], ["exc_1"])  # sealed or waiting


def test_nothing_is_closed_while_the_index_lags(
    office: Office, writer: Writer, log: Log, clock: FixedClock
) -> None:
    """An end that is recorded but not read yet is not overlooked."""
    done(exchanges.intend(writer, CALLER, intent(), Claim()))
    beat(office.database)
    catch_up(log)
    clock.advance(1_900)
    done(exchanges.conclude(writer, CALLER, outcome()))
    clock.advance(1_000)
    assert exchanges.close_open(office.database) == 0
    beat(office.database)
    catch_up(log)
    assert exchanges.close_open(office.database) == 0
    with office.by("sven") as work:
        assert exchanges.get(work, "exc_1").state is State.ANSWERED


def test_an_end_that_came_after_all_is_shown(
    office: Office, writer: Writer, log: Log, clock: FixedClock
) -> None:
    """What was unknown and then told is what was told; both stay in the log."""
    done(exchanges.intend(writer, CALLER, intent(), Claim()))
    clock.advance(3_000)
    beat(office.database)
    catch_up(log)
    exchanges.close_open(office.database)
    catch_up(log)
    done(exchanges.conclude(writer, CALLER, outcome()))
    catch_up(log)
    with office.by("sven") as work:
        assert exchanges.get(work, "exc_1").state is State.ANSWERED


def test_what_happens_is_seen_as_it_comes(office: Office, writer: Writer, log: Log) -> None:
    """From now on: nothing yet; then a call as it leaves, and once more as it has ended."""
    with office.by("sven") as work:
        assert exchanges.find_after(work, Wanted(), -1) == ((), -1)
    done(exchanges.intend(writer, CALLER, intent(), Claim()))
    catch_up(log)
    with office.by("sven") as work:
        (leaves,), place = exchanges.find_after(work, Wanted(), 0)
        assert (leaves.state, place) == (State.OPEN, leaves.first_entry)
        assert exchanges.find_after(work, Wanted(), place) == ((), place)
        assert exchanges.find_after(work, Wanted(), -1) == ((), place)
    done(exchanges.conclude(writer, CALLER, outcome()))
    catch_up(log)
    with office.by("sven") as work:
        (ended,), after = exchanges.find_after(work, Wanted(), place)
        assert (ended.state, after) == (State.ANSWERED, ended.last_entry)


def test_however_the_log_is_read_the_index_is_the_same(
    office: Office, writer: Writer, log: Log, database: Database
) -> None:
    """In one go or entry by entry, held from sealing or read exactly: each row is the same."""
    for number in range(6):
        done(exchanges.intend(writer, CALLER, intent(f"exc_{number}"), Claim()))
    refused = Refusal(origin("exc_no"), "m", "decide", "blocked", 403)
    done(exchanges.refuse(writer, CALLER, refused))
    for number, tools in enumerate(((), ("pay", "pay"), ("look",))):
        done(exchanges.conclude(writer, CALLER, outcome(f"exc_{number}", tools=tools)))
    done(exchanges.conclude(writer, CALLER, outcome("exc_strange")))
    with office.by("sven") as work:
        record(work, Lost("exc_5", "sys_1", 1, "it ended"))
    done(exchanges.conclude(writer, CALLER, outcome("exc_5", problem="x" * 90)))
    with office.by("sven") as work:
        record(work, Lost("exc_0", "sys_1", 1, "it ended"))
    for again in ("exc_3", "exc_4"):  # which began long ago
        done(exchanges.intend(writer, CALLER, intent(again), Claim()))
        done(exchanges.conclude(writer, CALLER, outcome(again, tools=("look", "burn"))))
    log.seal()
    found = []

    def at_most(limit: int) -> Callable[[int, int], Sequence[Entry]]:
        return lambda first, most: log.follow(first, min(most, limit))

    for read in (log.follow, log.read_after, at_most(1), at_most(4), at_most(9)):
        with database.machine() as connection:
            for table in (calls_table, tool_uses_table, followers_table):
                connection.execute(delete(table))
        (index,) = [each for each in followers() if each.name == "exchanges.index"]
        while step(database, index, read):
            pass
        with database.look(ACTOR) as work:
            asked = (select(table) for table in (calls_table, tool_uses_table))
            found.append([sorted(map(tuple, work.read(each)), key=str) for each in asked])
    assert found == found[:1] * 5
    assert len(found[0][0]) == 7
