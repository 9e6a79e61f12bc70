"""How much may be used, what it costs, and what was stopped at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from muniment import exchanges
from muniment.demo.stage import Stage
from muniment.demo.story import Event, Scale
from muniment.exchanges import Limit, Measure, Price, ScopeKind, StopKind, Window


def scene(scale: Scale) -> Iterator[Event]:
    """Set limits and prices at the start; stop a tool, and let it go on."""
    yield Event(1.9, _limit)
    yield Event(1.92, _price)
    yield Event(50.3, _stop)
    yield Event(51.2, _resume)
    yield Event(scale.days - 2.7, _stop_tool)


def _limit(stage: Stage) -> None:
    wanted = (
        ("support-assistant", "omar", Measure.REQUESTS, Window.DAY, 5_000),
        ("credit-score", "lena", Measure.REQUESTS, Window.HOUR, 500),
        ("code-agent", "tom", Measure.TOKENS, Window.DAY, 2_000_000),
    )
    for key, name, measure, window, amount in wanted:
        limit = Limit(
            "", ScopeKind.SYSTEM, stage.kept[key], measure, window, amount, reason="The budget."
        )
        with stage.by(name) as work:
            exchanges.set_limit(work, limit)


def _price(stage: Stage) -> None:
    for model, cost in (("atlas-mini-2", 150_000), ("forge-coder-1", 3_000_000)):
        with stage.by("otto") as work:
            exchanges.set_price(
                work,
                Price(
                    "scripted",
                    model,
                    "EUR",
                    cost,
                    cost * 4,
                    valid_from=work.now + timedelta(seconds=1),
                    source="The contract of the demonstration.",
                    reason="Agreed for a year.",
                ),
            )


def _stop(stage: Stage) -> None:
    with stage.by("otto") as work:
        made = exchanges.stop(
            work, StopKind.TOOL, "open_pull_request", reason="It opens the same one again."
        )
    stage.kept["stop"] = made.id


def _resume(stage: Stage) -> None:
    with stage.by("tom") as work:
        exchanges.resume(work, stage.kept["stop"], reason="The loop was mended.")


def _stop_tool(stage: Stage) -> None:
    with stage.by("sven") as work:
        exchanges.stop(work, StopKind.TOOL, "send_mail", reason="Nobody permitted it.")
