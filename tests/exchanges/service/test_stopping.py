"""The kill switch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from muniment import exchanges
from muniment.core.actor import system_actor
from muniment.core.errors import ConflictError, ForbiddenError, NotFoundError
from muniment.exchanges import Book, StopKind
from muniment.ledger import Log, record
from muniment.ledger.kinds.incidents import Opened
from muniment.ledger.kinds.monitor import AlarmRaised
from muniment.testing import FixedClock
from tests.access.recorded import records
from tests.approvals.people import Office
from tests.exchanges.making import catch_up

ROOT: Final = Path(__file__).parents[3]


def test_it_stops_and_goes_on_with_reasons(office: Office) -> None:
    """Who stopped what and why is on record, and so is who let it go on."""
    with office.by("sven") as work:
        made = exchanges.stop(work, StopKind.MODEL, "gpt-test", reason="it leaks")
    with office.by("sven") as work:
        assert exchanges.stops(work) == (made,)
        ended = exchanges.resume(work, made.id, reason="mended")
        assert (ended.ended_by, ended.end_reason) == (office.id("sven"), "mended")
    with office.by("sven") as work:
        assert exchanges.stops(work) == ()
        assert exchanges.stops(work, ended=True) == (ended,)
        with pytest.raises(ConflictError):
            exchanges.resume(work, made.id, reason="again")
        with pytest.raises(NotFoundError):
            exchanges.resume(work, "stp_none", reason="again")
    told = [each for each in records(office.database) if each["kind"].startswith("exchanges.")]
    assert [each["kind"] for each in told] == ["exchanges.stopped", "exchanges.resumed"]
    assert told[0]["body"]["reason"] == "it leaks"


def test_who_may_stop_what(office: Office) -> None:
    """An owner stops the own system only; an operator stops, and lets nothing go on."""
    office.person("olga", "owner")
    office.person("otto", "operator")
    with office.by("olga") as work:
        exchanges.stop(work, StopKind.SYSTEM, "sys_1", reason="it is mine")
    with office.by("olga") as work, pytest.raises(ForbiddenError):
        exchanges.stop(work, StopKind.SYSTEM, "sys_2", reason="it is not")
    with office.by("ben") as work, pytest.raises(ForbiddenError):
        exchanges.stop(work, StopKind.EVERYTHING, "", reason="panic")
    with office.by("otto") as work:
        made = exchanges.stop(work, StopKind.SYSTEM, "sys_1", reason="it burns")
    with office.by("otto") as work, pytest.raises(ForbiddenError):
        exchanges.resume(work, made.id, reason="it is out")


def test_who_sees_which_stops(office: Office) -> None:
    """Who sees a system sees what stops it and what stops everything, and no other stop."""
    office.person("olga", "owner")
    with office.by("sven") as work:
        mine = exchanges.stop(work, StopKind.SYSTEM, "sys_1", reason="a")
        everything = exchanges.stop(work, StopKind.EVERYTHING, "", reason="b")
        other = exchanges.stop(work, StopKind.KEY, "key_9", reason="c")
    with office.by("olga") as work:
        assert set(exchanges.stops(work)) == {mine, everything}
        assert exchanges.get_stop(work, mine.id) == mine
        with pytest.raises(ForbiddenError):
            exchanges.get_stop(work, other.id)


@pytest.mark.requirement("HUM-03")
def test_a_rule_stops_and_never_looks_human(office: Office, log: Log, clock: FixedClock) -> None:
    """An alarm that asks for a stop stops at once, once, by its rule, citing the record."""
    book = Book(office.database)
    names = {StopKind.MODEL: frozenset({"gpt-test"})}
    alarm = AlarmRaised("alm_1", "sys_1", "production", "refusals", "refusals-double", "they grew")
    asking = AlarmRaised(**{**_fields(alarm), "stop": "model", "stop_name": "gpt-test"})
    with office.database.work(system_actor("monitor")) as work:
        record(work, alarm)
        raised = record(work, asking)
        record(work, asking)
        record(work, Opened("inc_1", "sys_2", "high", "it leaks", "leaks", "system", "sys_2"))
    catch_up(log)
    clock.advance(0.05)
    stop = book.stop_for(names)
    assert stop is not None
    assert stop.automatic
    assert stop.stopped_by == "rule:refusals-double"
    assert stop.reason == "they grew (monitor.alarm_raised alm_1)"
    told = [each for each in records(office.database) if each["kind"] == "exchanges.stopped"]
    log.seal()
    sealed = [each for each in log.read_after(0, 500) if each.kind == "exchanges.stopped"]
    entries = [each.value for each in sealed] or told
    assert [each["body"]["name"] for each in entries] == ["gpt-test", "sys_2"]
    assert {each["actor"]["kind"] for each in entries} == {"system"}
    assert (entries[0]["body"]["rule"], entries[0]["body"]["cause"]) == ("refusals-double", raised)
    with office.by("sven") as work:
        assert not exchanges.stop(work, StopKind.KEY, "k", reason="by hand").automatic
        ended = exchanges.resume(work, stop.id, reason="looked at")
    assert ended.ended_by == office.id("sven")


def _fields(alarm: AlarmRaised) -> dict[str, str]:
    return {name: getattr(alarm, name) for name in AlarmRaised.__struct_fields__}


@pytest.mark.requirement("HUM-03")
def test_another_process_stops_and_goes_on(office: Office) -> None:
    """A stop made here works in another process by itself, and so does its end.

    That it works within a second is kept by the book, which lets nothing through on older news.
    """
    settings = office.settings
    command = [sys.executable, "-m", "tests.exchanges.stopper", str(settings.data.dir)]
    command.append(settings.database.url.reveal())
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        try:
            assert other.stdout.readline().startswith("going")
            with office.by("sven") as work:
                made = exchanges.stop(work, StopKind.SYSTEM, "sys_1", reason="it leaks")
            word = other.stdout.readline().split()[0]
            assert word == "stopped"
            with office.by("sven") as work:
                exchanges.resume(work, made.id, reason="mended")
            word = other.stdout.readline().split()[0]
            assert word == "going"
        finally:
            other.kill()
