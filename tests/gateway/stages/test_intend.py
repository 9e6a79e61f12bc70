"""Nothing leaves before its intent is recorded."""

from __future__ import annotations

from tests.gateway.asking import Shared
from tests.gateway.doubles import Double, Reply, Sent, chat


def test_the_intent_stands_before_the_provider_hears(shared: Shared, provider: Double) -> None:
    """When the request arrives at the provider, its intent is in the log and its end is not."""
    found: list[list[str]] = []

    def say(_sent: Sent) -> Reply:
        found.append([each.kind for each in shared.gate.entries()])
        return Reply.of(chat())

    provider.say = say
    asked = shared.chat()
    assert found[0][-1] == "exchanges.intended"
    assert asked.kinds == ["intended", "concluded"]
    assert asked.body("intended")["routes"] == ["double:openai/double-1"]
