"""A model that does not serve is refused with those that do."""

from __future__ import annotations

from tests.gateway.asking import Shared


def test_an_unknown_model_is_refused_with_the_list(shared: Shared) -> None:
    """The caller reads which names are right, and the refusal is recorded."""
    asked = shared.chat("gpt-9")
    assert (asked.status, asked.kinds) == (404, ["refused"])
    assert "double" in asked.json["error"]["message"]


def test_a_dialect_reaches_only_who_speaks_it(shared: Shared) -> None:
    """A request of OpenAI's form is not sent to Anthropic's interface."""
    assert shared.chat("claude").status == 400
