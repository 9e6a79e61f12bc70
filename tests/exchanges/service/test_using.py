"""How often a tool was used today: by every process, after a restart, and by nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from muniment import exchanges
from muniment.core.actor import system_actor
from muniment.core.errors import UnavailableError
from muniment.db import Database, MustWaitError, at_once
from muniment.exchanges import Book, Claim, Reached, State, ToolUse
from muniment.ledger import Log, Writer
from muniment.testing import FixedClock
from tests.exchanges.conftest import CALLER
from tests.exchanges.making import catch_up, intent, outcome
from tests.exchanges.service.test_book import Gone
from tests.exchanges.service.test_calls import done

ACTOR = system_actor("test")
NEXT_LOOK = 0.5
A_DAY = 86_400


def use(exchange: str, before: int = 0, **more: Any) -> ToolUse:
    """Make a use of an ordinary tool."""
    given = {"system": "sys_1", "environment": "production", "tool": "pay", **more}
    return ToolUse(exchange, before=before, **given)


def called(writer: Writer, exchange: str, *tools: str, **more: Any) -> None:
    """Make a call that is given tools."""
    done(exchanges.intend(writer, CALLER, intent(exchange), Claim()))
    done(exchanges.conclude(writer, CALLER, outcome(exchange, tools=tools, **more)))


def used(database: Database, **more: Any) -> int:
    """Say what a process that has just begun knows."""
    return Book(database).tools.take(use("exc_new", **more))


def test_what_the_log_says_counts_everywhere(
    database: Database, writer: Writer, log: Log, clock: FixedClock
) -> None:
    """Uses count in every process, for their system, place, tool and day alone, and once."""
    called(writer, "exc_1", "pay", "pay", "look")
    called(writer, "exc_2", "pay")
    catch_up(log)
    assert used(database) == 3
    assert used(database, tool="look") == 1
    for other in ({"system": "sys_2"}, {"environment": "staging"}, {"tool": "burn"}):
        assert used(database, **other) == 0
    with database.work(ACTOR) as work:  # whoever reads the log anew
        exchanges.follow_all(work, log.read_after(0, 100))
    assert used(database) == 3
    clock.advance(A_DAY)
    assert used(database) == 0


def test_what_was_not_given_does_not_count(database: Database, writer: Writer, log: Log) -> None:
    """A refused answer gave no tool; one that was held gives it once it is let go."""
    done(exchanges.intend(writer, CALLER, intent("exc_1"), Claim()))
    ended = outcome("exc_1", tools=("pay",), approval="apr_1")
    kept = replace(ended, state=State.REFUSED, status=403, reached=Reached.NONE)
    done(exchanges.conclude(writer, CALLER, kept))
    catch_up(log)
    assert used(database) == 0
    called(writer, "exc_2", "pay", approval="apr_1", released="exc_1")
    catch_up(log)
    assert used(database) == 1


def test_what_this_process_let_go_counts_at_once_and_never_twice(
    database: Database, writer: Writer, log: Log, clock: FixedClock
) -> None:
    """A use counts before the log is read, and no more than once when it is."""
    tools = Book(database).tools
    assert tools.take(use("exc_1")) == 0
    assert tools.take(use("exc_1")) == 0, "it is asked about anew"
    assert tools.take(use("exc_1", before=1)) == 1
    assert tools.take(use("exc_2")) == 2
    tools.give_back(use("exc_2"))
    assert tools.take(use("exc_3")) == 2
    tools.give_back(use("exc_3"))
    called(writer, "exc_1", "pay", "pay")
    clock.advance(NEXT_LOOK)
    assert tools.take(use("exc_4")) == 2, "nobody has followed yet"
    catch_up(log)
    clock.advance(NEXT_LOOK)
    assert tools.take(use("exc_5")) == 3, "two are in the log, and exc_4 runs"
    clock.advance(A_DAY)
    assert tools.take(use("exc_6")) == 0


def test_one_look_serves_for_a_moment_and_none_is_old(
    database: Database, clock: FixedClock
) -> None:
    """Where nothing may wait, what is young is given; what is not read is never guessed."""
    tools = Book(database).tools
    with pytest.raises(MustWaitError):
        at_once(tools.take, use("exc_1"))
    assert tools.take(use("exc_1")) == 0
    assert at_once(tools.take, use("exc_2")) == 1
    tools.database = Gone.of(database)
    assert tools.take(use("exc_3")) == 2
    clock.advance(1)
    with pytest.raises(UnavailableError):
        tools.take(use("exc_4"))
