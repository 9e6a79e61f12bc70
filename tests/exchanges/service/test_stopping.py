"""The kill switch."""

from __future__ import annotations

import pytest

from muniment import exchanges
from muniment.core.errors import ConflictError, ForbiddenError, NotFoundError
from muniment.exchanges import StopKind
from tests.access.recorded import records
from tests.approvals.people import Office


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
