"""A prompt is made safe before it leaves, in every field, and its own values come back."""

from __future__ import annotations

from tests.gateway.asking import EMAIL, Shared
from tests.gateway.doubles import Double, Reply, chat


def test_no_field_is_a_way_past_the_mask(shared: Shared, provider: Double) -> None:
    """Messages, users, steering fields and unknown ones all leave without the address."""
    said = [{"role": "user", "content": f"I am {EMAIL}."}]
    provider.says(Reply.of(chat()))
    more = {"user": EMAIL, "metadata": {"a": [EMAIL]}, "stop": [EMAIL], "odd": EMAIL}
    asked = shared.chat(messages=said, **more)
    assert asked.status == 200
    assert EMAIL not in provider.seen[0].raw.decode()
    assert shared.chat("echo", messages=said).json["choices"][0]["message"]["content"] == (
        f"I am {EMAIL}."
    )
