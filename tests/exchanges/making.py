"""Calls as tests make them: ordinary ones, with what matters said."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from muniment.exchanges import (
    Attempt,
    Inspected,
    Intent,
    Judgement,
    Limit,
    Measure,
    Origin,
    Outcome,
    Reached,
    ScopeKind,
    State,
    Window,
)
from muniment.exchanges.jobs import followers
from muniment.jobs import step
from muniment.ledger import Log

NOON: Final = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
JUDGED: Final = Judgement(
    inspected=Inspected.WHOLE,
    detector="build-1",
    findings={"EMAIL_ADDRESS": 1},
    effect="cure",
    decision="sha256:aa",
    policy=3,
    remedies=("mask",),
    reasons=("mask-mail",),
)


def origin(exchange: str = "exc_1", system: str = "sys_1") -> Origin:
    """Say where an ordinary call comes from."""
    return Origin(exchange, system, "production", "key_1", "chat", "sub_1")


def intent(exchange: str = "exc_1", system: str = "sys_1") -> Intent:
    """Give an ordinary call that is about to leave."""
    return Intent(
        origin(exchange, system),
        "gpt-test",
        ("openai", "openai-eu"),
        "sha256:bb",
        "hmac-sha256:cc",
        "vk_1",
        "sha256:dd",
        JUDGED,
    )


def outcome(exchange: str = "exc_1", **more: Any) -> Outcome:
    """Give the end of an ordinary call."""
    given: dict[str, Any] = {
        "attempts": (Attempt("openai", 200, 120),),
        "provider_model": "gpt-test-2026-01",
        "input_tokens": 10,
        "output_tokens": 20,
        "cost_micros": 300,
        **more,
    }
    return Outcome(exchange, "sys_1", State.ANSWERED, 200, Reached.WHOLE, **given)


def limit(
    measure: Measure = Measure.REQUESTS,
    window: Window = Window.MINUTE,
    amount: int = 10,
    scope: ScopeKind = ScopeKind.KEY,
    scope_id: str = "key_1",
    **more: Any,
) -> Limit:
    """Give a limit."""
    given: dict[str, Any] = {"id": "lim_1", "reason": "it is dear", **more}
    limit_id = given.pop("id")
    return Limit(limit_id, scope, scope_id, measure, window, amount, **given)


def catch_up(log: Log) -> None:
    """Seal, and let everything of the room follow."""
    log.seal()
    for follower in followers():
        while step(log.database, follower, log.read_after):
            pass
