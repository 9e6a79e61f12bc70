"""The corridor of a call is told from its entries, and from nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from muniment.exchanges import (
    Inspected,
    Intent,
    Outcome,
    Passed,
    Reached,
    Refusal,
    Stage,
    State,
    Step,
)
from muniment.exchanges.models import Written
from muniment.exchanges.rules import ruled, stage_of, walk
from muniment.exchanges.service.calls import _concluded, _intended, _refused
from muniment.ledger import kind_of
from tests.exchanges.making import JUDGED, NOON, intent, origin, outcome


def written(record: object, index: int) -> Written:
    """Write a record as the log tells it."""
    kind = kind_of(record)
    return Written(index, f"rec_{index}", kind.name, NOON, "aa", kind.body_of(record))


def begun(made: Intent | None = None, **reserved: int) -> Written:
    """Give the entry of a call that leaves."""
    return written(_intended(made or intent(), reserved), 7)


def ended(made: Outcome) -> Written:
    """Give the entry of a call that ended."""
    return written(_concluded(made), 9)


def by_stage(steps: tuple[Step, ...]) -> dict[Stage, Step]:
    """Find a step by its stage, and see that each stage is there once, in order."""
    assert [each.stage for each in steps] == list(Stage)
    return {each.stage: each for each in steps}


@pytest.mark.parametrize(
    ("name", "stage"),
    [
        ("decide", Stage.DECIDE_PROMPT),
        ("decide prompt", Stage.DECIDE_PROMPT),
        ("inspect_answer", Stage.INSPECT_ANSWER),
        ("Limit", Stage.LIMIT),
        ("route", Stage.RESOLVE),
        ("hold", Stage.DECIDE_PROMPT),
        ("answer", Stage.INSPECT_ANSWER),
        ("nowhere", None),
    ],
)
def test_a_stage_is_found_by_its_name(name: str, stage: Stage | None) -> None:
    """The first word means the prompt, for the answer has its own; others are no stage."""
    assert stage_of(name) is stage


def test_an_answered_call_passed_them_all() -> None:
    """What was found, decided and changed stands at its stage, with its entries and times."""
    looked = replace(JUDGED, findings={}, remedies=(), effect="allow", reasons=())
    took = {"inspect_prompt": 310, "limit": -1}
    made = outcome(judged=looked, answer="hmac-sha256:aa", took={"forward": 1_283_000})
    steps = by_stage(walk((begun(replace(intent(), took=took), lim_1=1), ended(made))))
    assert steps[Stage.LIMIT].says == "its part of 1 limit was reserved"
    assert steps[Stage.LIMIT].micros is None
    inspected = steps[Stage.INSPECT_PROMPT]
    assert (inspected.says, inspected.micros) == ("looked at whole: EMAIL_ADDRESS 1", 310)
    decided = steps[Stage.DECIDE_PROMPT]
    assert decided.says == "allowed, once made safe, by mask-mail, policy version 3"
    assert steps[Stage.PROTECT_PROMPT].how is Passed.CHANGED
    assert (steps[Stage.INTEND].entry, steps[Stage.RECORD].entry) == (7, 9)
    assert steps[Stage.FORWARD].says == "openai 200 in 120 ms"
    assert steps[Stage.FORWARD].micros == 1_283_000
    assert steps[Stage.INSPECT_ANSWER].says == "looked at whole: nothing found"
    assert steps[Stage.REPLY].how is Passed.PASSED


def test_an_answer_that_was_kept_back_had_come() -> None:
    """The call went out and was answered; what stopped it is the decision about the answer."""
    denied = replace(JUDGED, effect="deny")
    made = outcome(judged=denied)
    kept = replace(made, state=State.REFUSED, reached=Reached.NONE, status=403)
    steps = by_stage(walk((begun(), ended(kept))))
    assert steps[Stage.FORWARD].how is Passed.PASSED
    assert steps[Stage.DECIDE_ANSWER].how is Passed.STOPPED
    assert steps[Stage.REPLY].how is Passed.STOPPED


def test_what_was_not_looked_at_is_never_called_clean() -> None:
    """A prompt that nobody looked at, or in part, is unknown, with no word of what was found."""
    for inspected, says in ((Inspected.NOT, "not looked at"), (Inspected.PART, "in part only")):
        judged = replace(JUDGED, inspected=inspected, findings={})
        steps = by_stage(walk((begun(replace(intent(), judged=judged)),)))
        found = steps[Stage.INSPECT_PROMPT]
        assert found.how is Passed.UNKNOWN
        assert says in found.says
    assert "nothing found" not in by_stage(walk((begun(replace(
        intent(), judged=replace(JUDGED, inspected=Inspected.NOT, findings={}))),)))[
        Stage.INSPECT_PROMPT
    ].says  # fmt: skip


def test_an_open_and_a_lost_call_say_so() -> None:
    """After the intent nothing is known yet, or never will be."""
    steps = by_stage(walk((begun(),)))
    assert (steps[Stage.FORWARD].how, steps[Stage.FORWARD].says) == (
        Passed.UNKNOWN,
        "not known yet",
    )
    lost = Written(11, "rec_11", "exchanges.lost", NOON, "aa", {"exchange": "exc_1"})
    steps = by_stage(walk((begun(), lost)))
    assert "nobody knows" in steps[Stage.FORWARD].says
    assert steps[Stage.RECORD].entry == 11
    assert all(each.how is Passed.UNKNOWN for each in walk(()))


@pytest.mark.parametrize("stage", [each.value for each in Stage if each < Stage.RECORD])
def test_a_refusal_stops_where_it_says(stage: str) -> None:
    """Before it the call passed, behind it nothing was reached, and the refusal is on record."""
    made = Refusal(origin(), "gpt-test", stage, "blocked", 403, JUDGED)
    steps = by_stage(walk((written(_refused(made), 7),)))
    place = list(Stage).index(Stage(stage))
    for number, each in enumerate(steps.values()):
        if each.stage is Stage.RECORD:
            assert (each.how, each.entry) == (Passed.PASSED, 7)
        elif each.stage is Stage.IDENTIFY and number > place:
            assert each.says == "by key key_1, over chat"
        elif number == place:
            assert each.how is Passed.STOPPED
            assert each.says == "stopped as blocked, answered with 403: mask-mail"
        else:
            assert (each.how is Passed.NOT_REACHED) is (number > place)


def test_a_refusal_at_no_stage_we_know_is_not_drawn_as_passed() -> None:
    """Where it was stopped is told in its own word, and nothing is claimed of the stages."""
    made = Refusal(origin(), "gpt-test", "upstairs", "blocked", 403, JUDGED)
    steps = by_stage(walk((written(_refused(made), 7),)))
    assert steps[Stage.DECIDE_PROMPT].how is Passed.UNKNOWN
    assert "upstairs" in steps[Stage.RECEIVE].says


@pytest.mark.parametrize(
    ("more", "stage", "how"),
    [
        ({"attempts": ()}, Stage.FORWARD, Passed.STOPPED),
        ({"judged": JUDGED}, Stage.PROTECT_ANSWER, Passed.CHANGED),
        ({"judged": replace(JUDGED, effect="hold")}, Stage.DECIDE_ANSWER, Passed.STOPPED),
        ({"judged": replace(JUDGED, effect="odd")}, Stage.DECIDE_ANSWER, Passed.UNKNOWN),
        ({}, Stage.DECIDE_ANSWER, Passed.UNKNOWN),
    ],
)
def test_ends_of_every_sort(more: dict[str, Any], stage: Stage, how: Passed) -> None:
    """What was never sent, held, or decided in a word we do not know is drawn as it is."""
    assert by_stage(walk((begun(), ended(outcome(**more)))))[stage].how is how


@pytest.mark.parametrize(("reached", "how"), [("part", Passed.STOPPED), ("none", Passed.STOPPED)])
def test_an_answer_that_did_not_arrive(reached: str, how: Passed) -> None:
    """A part of an answer, or none, is not called an answer."""
    made = replace(outcome(), reached=Reached(reached))
    steps = by_stage(walk((begun(), ended(made))))
    assert steps[Stage.REPLY].how is how
    assert (steps[Stage.INSPECT_ANSWER].how is Passed.NOT_REACHED) is (reached == "none")


def test_decisions_are_told_by_direction() -> None:
    """One of the prompt and one of the answer, or none where none was recorded."""
    both = ruled((begun(), ended(outcome(judged=JUDGED))))
    assert [(each.direction, each.policy) for each in both] == [("prompt", 3), ("answer", 3)]
    assert ruled((ended(outcome()),)) == ()


def test_what_is_rare_is_told_where_it_happened() -> None:
    """Routes that were not taken, an exception, a comparison, and which route answered at last."""
    made = replace(
        intent(),
        left_out=("us:openai/m: it is in us, and the data stays in eu",),
        shadow="claude:anthropic/c",
        exception="apr_1",
    )
    steps = {each.stage: each for each in walk((begun(made),))}
    assert "not taken: us:openai/m" in steps[Stage.RESOLVE].says
    assert "compared with claude:anthropic/c" in steps[Stage.INTEND].says
    assert "the exception apr_1" in steps[Stage.INSPECT_PROMPT].says
    done = replace(outcome(), fallback="fixed answer")
    steps = {each.stage: each for each in walk((begun(), ended(done)))}
    assert "the last is the fixed answer" in steps[Stage.FORWARD].says
