"""Intents, outcomes and refusals become durable, with what they hold of the limits."""

from __future__ import annotations

import threading
from types import MappingProxyType
from typing import Any

import pytest
from msgspec import structs
from msgspec.structs import replace

from muniment import exchanges
from muniment.db import Database
from muniment.exchanges import (
    Attempt,
    Claim,
    Inspected,
    Judgement,
    Limit,
    Overrun,
    Refusal,
    SubjectSource,
)
from muniment.ledger import Handed, Promise, Writer
from tests.access.recorded import records
from tests.approvals.people import Office
from tests.exchanges.conftest import CALLER
from tests.exchanges.making import JUDGED, intent, limit, origin, outcome


def kinds(database: Database) -> list[str]:
    """List the records of calls."""
    found = [each["kind"] for each in records(database)]
    return [each for each in found if each.startswith("exchanges.") and "limit" not in each]


def done(handed: Handed) -> Any:
    """Wait for something to be durable, on a thread that no loop runs on."""
    assert isinstance(handed, Promise)
    return handed.result(10)


def test_a_call_leaves_two_records(database: Database, writer: Writer) -> None:
    """Without limits its entries are appended; they carry who called and what was decided."""
    done(exchanges.intend(writer, CALLER, intent(), Claim()))
    done(exchanges.conclude(writer, CALLER, outcome()))
    done(exchanges.refuse(writer, CALLER, Refusal(origin("exc_2"), "m", "decide", "blocked", 403)))
    assert kinds(database) == ["exchanges.intended", "exchanges.concluded", "exchanges.refused"]
    begun, ended, refused = [
        each for each in records(database) if each["kind"].startswith("exchanges.")
    ]
    assert begun["actor"]["id"] == CALLER.id
    assert begun["subject"] == {"kind": "system", "id": "sys_1"}
    assert begun["body"]["findings"] == dict(JUDGED.findings)
    assert begun["body"]["routes"] == ["openai", "openai-eu"]
    assert ended["body"]["attempts"] == [
        {"route": "openai", "status": 200, "milliseconds": 120, "problem": ""}
    ]
    assert (refused["body"]["stage"], refused["body"]["inspected"]) == ("decide", "not")


@pytest.mark.parametrize("which", ["usual", "whole", "unusual"])
def test_what_is_recorded_is_the_same_either_way(
    database: Database, writer: Writer, which: str
) -> None:
    """A call whose records are appended says what one says whose content is kept beside them."""
    begun, ended = intent(), outcome()
    if which == "whole":
        began = replace(
            origin(), subject="", subject_source=SubjectSource.ASSERTED, environment='\n"\u2603'
        )
        more: dict[str, Any] = {"left_out": ("one", "two"), "shadow": "s", "took": {"b": 1, "a": 2}}
        more |= {"exception": "e", "approval": "apr_1"}
        begun = replace(begun, origin=began, judged=Judgement(), streamed=True, **more)
        sent = (Attempt("one", 500, 7, "down"), Attempt("two", 200, 9))
        ended = outcome(attempts=sent, tools=("t",), kept_back=("t",), took={"x": 2**40})
    if which == "unusual":
        begun = replace(begun, took=MappingProxyType({"b": 1, "a": 2}))
        ended = replace(ended, took=MappingProxyType({}), attempts=())
    for keep in (None, lambda _work: ()):
        done(exchanges.intend(writer, CALLER, begun, Claim(), keep=keep))
        done(exchanges.conclude(writer, CALLER, ended, keep=keep))
    found = [each for each in records(database) if each["kind"].startswith("exchanges.")]
    said = [{name: each[name] for name in each.keys() - {"id", "at", "seq"}} for each in found]
    assert len(said) == 4
    assert said[:2] == said[2:]


def test_what_calls_alike_say_is_recorded_as_each_alone_would(
    database: Database, writer: Writer
) -> None:
    """What differs between them is told; the rest was written once, of the first of them."""
    judged = replace(JUDGED, findings={}, inspected=Inspected.PART, decision="dec_2", remedies=())
    begun = replace(
        intent(), judged=judged, prompt="sha256:ee", request="hmac-sha256:ff", took={"b": 1, "a": 2}
    )
    ended = outcome(attempts=(Attempt("openai", 200, 7),), judged=judged, provider_model='"\u2603')
    began = exchanges.intent_like(writer, CALLER, intent())
    over = exchanges.outcome_like(writer, CALLER, outcome())
    assert began is not None
    assert over is not None
    told = {
        **structs.asdict(begun),
        **structs.asdict(judged),
        "exchange": "exc_1",
        "inspected": judged.inspected.value,
    }
    said = {
        **structs.asdict(ended),
        **structs.asdict(judged),
        "attempts": 7,
        "inspected": judged.inspected.value,
    }
    for future in (
        exchanges.intend(writer, CALLER, begun, Claim()),
        exchanges.conclude(writer, CALLER, ended),
        exchanges.intend_like(
            writer, CALLER, began, tuple(told[each] for each in exchanges.OF_AN_INTENT)
        ),
        exchanges.conclude_like(
            writer, CALLER, over, tuple(said[each] for each in exchanges.OF_AN_OUTCOME)
        ),
    ):
        assert future is not None
        done(future)
    found = [each for each in records(database) if each["kind"].startswith("exchanges.")]
    alone = [{name: each[name] for name in each.keys() - {"id", "at", "seq"}} for each in found]
    assert alone[:2] == alone[2:]


@pytest.mark.parametrize(
    "attempts", [(), (Attempt("a", 200, 1), Attempt("a", 200, 2)), (Attempt("a", 0, 1, "down"),)]
)
def test_of_an_unusual_end_nothing_is_learnt(writer: Writer, attempts: tuple[Attempt, ...]) -> None:
    """One that was tried again, or in which something went wrong, is written by itself."""
    assert exchanges.outcome_like(writer, CALLER, outcome(attempts=attempts)) is None


def test_an_overrun_is_recorded_and_nothing_leaves(office: Office, writer: Writer) -> None:
    """The third of two is refused, on record, and holds nothing."""
    with office.by("sven") as work:
        wanted = exchanges.set_limit(work, limit(amount=2))
    answers = [
        done(exchanges.intend(writer, CALLER, intent(f"exc_{n}"), Claim(), (wanted,)))
        for n in range(3)
    ]
    assert [isinstance(each, Overrun) for each in answers] == [False, False, True]
    assert kinds(office.database) == ["exchanges.intended"] * 2 + ["exchanges.refused"]
    bodies = [each["body"] for each in records(office.database)]
    held = [each["reserved"] for each in bodies if "reserved" in each]
    assert held == [{wanted.id: 1}] * 2
    done(exchanges.conclude(writer, CALLER, outcome("exc_0"), limited=True))
    assert kinds(office.database)[-1] == "exchanges.concluded"


def test_sixty_four_callers_never_overrun(office: Office, writer: Writer) -> None:
    """Of sixty-four at once with two calls each exactly a hundred get through."""
    with office.by("sven") as work:
        wanted = exchanges.set_limit(work, limit(amount=100))
    passed: list[str] = []

    def call(number: int, wanted: Limit) -> None:
        for turn in range(2):
            name = f"exc_{number}_{turn}"
            if not isinstance(
                done(exchanges.intend(writer, CALLER, intent(name), Claim(), (wanted,))), Overrun
            ):
                passed.append(name)

    threads = [threading.Thread(target=call, args=(n, wanted)) for n in range(64)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(passed) == 100
    assert kinds(office.database).count("exchanges.intended") == 100
    assert kinds(office.database).count("exchanges.refused") == 28


def test_content_is_kept_in_the_same_commit(database: Database, writer: Writer) -> None:
    """What is kept is named by the entry that speaks of it."""
    reference: dict[str, str | int] = {
        "kid": "vk_1",
        "commit": "a" * 64,
        "ct_sha256": "b" * 64,
        "ct_len": 9,
    }
    done(exchanges.intend(writer, CALLER, intent(), Claim(), keep=lambda _work: [reference]))
    done(exchanges.conclude(writer, CALLER, outcome(), keep=lambda _work: [reference]))
    kept = [each for each in records(database) if each["kind"].startswith("exchanges.")]
    assert [each["content"] for each in kept] == [[reference]] * 2
