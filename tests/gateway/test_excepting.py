"""Calls go on uninspected only by an approved exception, for its time, and stand out on record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from muniment import access, approvals, exchanges
from muniment.access import EVERYTHING, Holder, HolderKind, Method, SignIn
from muniment.approvals import Answer, Request, State
from muniment.core.actor import Actor
from muniment.core.errors import ForbiddenError, InvalidError
from muniment.exchanges import Wanted
from muniment.gateway import Means, ask_exception, end_exception, exceptions
from muniment.gateway.excepting import holds
from tests.gateway.calling import ECHO, HERE, OPEN_RULES, Gate, Told, bodies, gate_in

HELLO = {"model": "echo", "messages": [{"role": "user", "content": "hello"}]}
STRICT = (
    OPEN_RULES
    + """
@id("test.secrets") @reason("Nobody asks about this uninspected.")
forbid (principal, action == Muniment::Action::"call", resource)
when { !context.text.inspected && context.tokens > 2000 };
"""
)


class Broken:
    """A detector that is gone."""


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """A gateway whose calls are small or refused when nobody looked at them."""
    with gate_in(tmp_path_factory.mktemp("gate"), ECHO, STRICT) as opened:
        yield opened


def person(gate: Gate, name: str, role: str) -> Actor:
    """Let somebody with a role sign in, with a second factor."""
    with gate.house.database.work(HERE) as work:
        made = access.add_person(work, name, f"{name.lower()}@example.org")
        holder = Holder(HolderKind.PERSON, made.id)
        access.grant(work, holder, role, scope=EVERYTHING, reason="for the test")
        sign_in = SignIn(made.id, (Method.PASSKEY,), strong=True)
        settings = gate.house.settings
        session, _ = access.begin_session(work, sign_in, "203.0.113.7", "test", settings=settings)
    return access.actor_of(session)


def agree(gate: Gate, who: Actor, request: Request) -> None:
    """Look at it, and say yes."""
    with gate.house.database.work(who) as work:
        approvals.open_request(work, request.id)
    with gate.house.database.work(who) as work:
        approvals.decide(
            work, request.id, Answer.APPROVE, digest=request.version.digest, reason="It is urgent."
        )


@contextmanager
def broken_detector(gate: Gate) -> Iterator[None]:
    """Take the detector away, as long as it lasts."""
    [mount] = [each for each in gate.app.routes if getattr(each, "path", "") == "/v1"]
    means: Means = mount.app.means  # type: ignore[attr-defined]  # it is mounted there
    whole: Any = means.scanners
    means.scanners = Broken()  # type: ignore[assignment]  # that is what is tried
    means.exceptions._known._known.clear()
    try:
        yield
    finally:
        means.scanners = whole


def ask(gate: Gate) -> Told:
    """Make a call while the detector is gone."""
    with broken_detector(gate):
        return gate.post("/v1/chat/completions", HELLO)


@pytest.mark.requirement("CHG-09")
def test_a_call_goes_on_uninspected_only_by_an_approved_exception(gate: Gate) -> None:
    """Asked for it is not enough; approved by two it holds, and each such call stands out."""
    assert ask(gate).status == 500
    asking, security, owner = (
        person(gate, name, role)
        for name, role in (("Ina", "security"), ("Sven", "security"), ("Otto", "owner"))
    )
    with gate.house.database.work(asking) as work:
        asked = ask_exception(
            work, gate.system, "production", lasts=timedelta(hours=1), reason="A night of exams."
        )
    assert ask(gate).status == 500, "a question is no answer"
    agree(gate, security, asked)
    assert ask(gate).status == 500, "one yes is not two"
    agree(gate, owner, asked)
    told = ask(gate)
    assert told.status == 200
    assert told.headers["x-muniment-inspected"] == "not"
    assert told.headers["x-muniment-exception"] == asked.id
    begun, ended = bodies(gate.entries("exchanges.intended", "exchanges.concluded"))[-2:]
    assert (begun["inspected"], begun["exception"]) == ("not", asked.id)
    assert (ended["inspected"], ended["exception"]) == ("not", asked.id)
    entries = gate.entries()
    with gate.house.database.work(HERE) as work:
        for each in entries:
            exchanges.follow(work, each)
    with gate.house.database.look(security) as work:
        found = exchanges.find(work, Wanted(uninspected=True)).rows
        agreed = exchanges.explain(work, gate.house.log, begun["exchange"]).agreed
    assert [each.id for each in found] == [begun["exchange"]], "they are a population of their own"
    assert [each.request for each in agreed] == [asked.id]
    large = {**HELLO, "max_tokens": 9_000}
    with broken_detector(gate):
        assert gate.post("/v1/chat/completions", large).status == 403, "rules still hold"
        streamed = gate.post("/v1/chat/completions", {**HELLO, "stream": True})
    assert b"could not be inspected" in streamed.body, "a stream is not given unseen"
    assert gate.post("/v1/chat/completions", HELLO).headers["x-muniment-inspected"] == "whole"
    with gate.house.database.look(HERE) as work:
        [listed] = exceptions(work)
    assert holds(listed, "production", asked.asked_at)
    assert not holds(listed, "test", asked.asked_at)
    assert not holds(listed, "production", asked.asked_at + timedelta(hours=1, seconds=1))
    with gate.house.database.work(security) as work:
        assert end_exception(work, asked.id, reason="The exams are over.").state is State.USED
    assert ask(gate).status == 500


def test_an_exception_is_asked_for_well_or_not_at_all(gate: Gate) -> None:
    """It ends, somebody who may asks for it, and what waits can be taken back."""
    for hours in (0, -1, 31 * 24):
        lasts = timedelta(hours=hours)
        with gate.house.database.work(HERE) as work, pytest.raises(InvalidError) as refused:
            ask_exception(work, gate.system, "production", lasts=lasts, reason="x")
        assert refused.value.field == "hours"
    reader = person(gate, "Rita", "operator")
    with pytest.raises(ForbiddenError), gate.house.database.work(reader) as work:
        ask_exception(work, gate.system, "production", lasts=timedelta(hours=1), reason="x")
    with gate.house.database.work(HERE) as work:
        lasts = timedelta(hours=1)
        asked = ask_exception(work, gate.system, "production", lasts=lasts, reason="x")
    with gate.house.database.work(HERE) as work:
        assert end_exception(work, asked.id, reason="Not needed.").state is State.WITHDRAWN
