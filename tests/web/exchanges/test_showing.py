"""The page of one call."""

from __future__ import annotations

import re

from msgspec.structs import replace

from muniment.exchanges import Passed, Reached, Stage, State, Step
from muniment.web.exchanges.showing import drawn
from tests.exchanges.calling import Calling
from tests.exchanges.making import intent, outcome
from tests.server.office import words


def test_an_answered_call_is_drawn_whole(calls: Calling) -> None:
    """Fourteen stages in order, decisions, attempts, and links to its entries."""
    answer = calls.page("operator", "/exc_1")
    told = words(answer)
    assert "A call answered" in told
    assert "The whole answer reached the caller" in told
    html = answer.body.decode()
    assert len(re.findall(r"<li[^>]*><b>", html)) == len(Stage)
    for said in ("looked at whole: EMAIL_ADDRESS 1", "openai 200 in 120 ms", "mask-mail"):
        assert said in told
    assert "0.0003 USD" in told  # what it cost, in the currency of the prices
    assert html.count('href="/console/ledger/') >= 4
    assert "Could not tell" in told  # the registry knows no such version set
    assert calls.page("nobody", "/exc_1").status == 403
    assert calls.page("operator", "/exc_none").status == 404


def test_open_and_refused_calls_say_so(calls: Calling) -> None:
    """What is not known is told as that; a refusal says where, as what, and that nothing left."""
    told = words(calls.page("operator", "/exc_open"))
    assert "its end is not recorded yet" in told
    assert "not known yet" in told
    told = words(calls.page("operator", "/exc_no"))
    assert "It was refused as blocked, and nothing left." in told
    assert "stopped as blocked, answered with 403" in told
    assert "not reached" in told


def test_an_answer_that_was_kept_back_is_not_told_as_a_call_that_never_left(
    calls: Calling,
) -> None:
    """The model was asked and answered; the page says so, and that the caller got nothing."""
    calls.leave(intent("exc_kept"))
    kept = replace(outcome("exc_kept"), state=State.REFUSED, reached=Reached.NONE, problem="denied")
    calls.end(kept)
    calls.settle()
    told = words(calls.page("operator", "/exc_kept"))
    assert "The model answered, and nothing of it reached the caller: denied." in told
    assert "nothing left" not in told


def test_a_name_stands_where_the_log_has_an_id() -> None:
    """What a stage says is told with the names of its key and system, where they are known."""
    step = Step(Stage.RESOLVE, Passed.PASSED, "coder for sys_1, by key_1")
    assert drawn(step, {"sys_1": "code-agent", "key_1": "production"}).says == (
        "coder for code-agent, by production"
    )
    assert drawn(step).says == step.says


def test_a_colour_never_stands_without_a_word() -> None:
    """Stopped, changed and unknown are written out; a time stands where one was recorded."""
    made = drawn(Step(Stage.FORWARD, Passed.STOPPED, "it broke", 1_500))
    assert (made.tone, made.word, made.took) == ("stop", "stopped", "1.50 ms")
    assert drawn(Step(Stage.LIMIT, Passed.UNKNOWN, "")).word == "could not tell"
    assert drawn(Step(Stage.INTEND, Passed.PASSED, "", None, 7)).tone == "accent"
