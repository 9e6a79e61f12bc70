"""How rules judge answers and the tools in them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from muniment import exchanges
from muniment.core.clock import SystemClock
from muniment.db import wait_for_keeper
from muniment.detect import Action, Policy, Scanner
from muniment.exchanges import StopKind
from muniment.gateway.answering import (
    AnswerJudge,
    RefusedAnswerError,
    definition_digest,
    is_pinned,
    require_answer,
)
from muniment.gateway.exchange import Call, OfferedTool, ToolCall
from tests.gateway.asking import Shared, shared_in
from tests.gateway.calling import HERE, OPEN_RULES, Jumping, gate_in
from tests.gateway.doubles import Reply, chat, double

WEATHER = {"type": "function", "function": {"name": "weather", "parameters": {"limit": 0.5}}}


def test_a_pin_is_kept_by_its_definition_alone() -> None:
    """A tool is pinned when its definition has the digest; what nobody permitted never is."""
    pinned = {"name": "weather", "digest": definition_digest(WEATHER)}
    assert is_pinned(pinned, WEATHER)
    assert is_pinned({"name": "weather"}, WEATHER)
    assert not is_pinned(pinned, {**WEATHER, "type": "other"})
    assert not is_pinned(pinned, None)
    assert not is_pinned(None, WEATHER)


def test_answers_and_tools_are_judged_by_what_was_found(tmp_path: Path) -> None:
    """Secrets are cut out, cards refused, a forbidden tool refused; each with its decision."""
    scanner = Scanner(layers="patterns")
    with shared_in(tmp_path) as shared:
        call = shared.call("intend", messages=[{"role": "user", "content": "hello"}])
        assert isinstance(call, Call)
        judge = AnswerJudge(call, call.routes[0], shared.means)
        clean = judge.decide((), inspected=True)
        assert not any(r.action.changes_text for r in require_answer(clean).rules)
        secret = scanner.scan("AKIAIOSFODNN7EXAMPLE")
        policy = require_answer(judge.decide(secret, inspected=True))
        assert policy.rule_for(secret[0]).action is Action.REDACT
        card = scanner.scan("4111 1111 1111 1111")
        with pytest.raises(RefusedAnswerError) as caught:
            require_answer(judge.decide(card, inspected=True))
        assert caught.value.judged is not None
        assert "test.cards" in str(caught.value)
        by_type = judge.by_type()
        assert by_type is judge.by_type(), "it is worked out once"
        assert by_type.rule_for(card[0]).action is Action.BLOCK
        judge.require_tool(ToolCall("1", "weather", '{"amount": 3}'), ())
        with pytest.raises(RefusedAnswerError, match="delete_all"):
            judge.require_tool(ToolCall("2", "delete_all", "{}"), ())
        with shared.gate.house.database.work(HERE) as work:
            stop = exchanges.stop(work, StopKind.TOOL, "weather", reason="It is wrong.")
        shared.gate.look_again()
        with pytest.raises(RefusedAnswerError, match="the tool weather is stopped"):
            judge.require_tool(ToolCall("3", "weather", "{}"), ())
        with shared.gate.house.database.work(HERE) as work:
            exchanges.resume(work, stop.id, reason="It is mended.")


@pytest.mark.parametrize("looks", [False, True])
def test_the_policy_of_streams_stands_while_nothing_it_hangs_on_moves(
    tmp_path: Path, *, looks: bool
) -> None:
    """Where no rule looks at the time it is worked out once; else once for each minute."""
    late = int(SystemClock().now().timestamp()) + 3_600
    when = f" && context.at > {late}" if looks else ""
    rule = f"""
@id("test.late") @reason("Secrets are not given out.")
forbid (principal, action == Muniment::Action::"answer", resource)
when {{ context.text.families.contains("secrets"){when} }};
"""
    with (
        double() as provider,
        httpx.Client() as client,
        gate_in(tmp_path, {"model/double": provider.part()}, OPEN_RULES + rule) as gate,
    ):
        shared = Shared(gate, provider, client)
        found = Scanner(layers="patterns").scan("AKIAIOSFODNN7EXAMPLE")[0]
        clock = Jumping(SystemClock())
        gate.house.database.clock = clock

        def policy() -> Policy:
            call = shared.call("intend")
            return AnswerJudge(call, call.routes[0], shared.means).by_type()

        before = policy()
        assert policy() is before
        assert (before.rule_for(found).action is Action.BLOCK) != looks
        clock.by = timedelta(hours=2)
        after = policy()
        assert (after is before) != looks
        assert after.rule_for(found).action is Action.BLOCK


def test_streams_are_made_ready_for_by_calls_that_are_alike(tmp_path: Path) -> None:
    """After an answer that came whole, the policy of streams is known before the first of them."""
    with shared_in(tmp_path) as shared:
        shared.provider.says(Reply.of(chat()))
        assert shared.chat().status == 200
        wait_for_keeper()
        assert [each.policy.rules for each in shared.means.plans.streaming.values()]


def test_offered_tools_are_facts_of_the_call() -> None:
    """The definition that was offered is what a pin is held against."""
    offered: Any = OfferedTool("weather", WEATHER)
    assert definition_digest(offered.definition) == definition_digest(dict(WEATHER))
