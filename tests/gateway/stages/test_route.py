"""A model that does not serve is refused with those that do."""

from __future__ import annotations

from tests.gateway.asking import Shared


def test_an_unknown_model_is_refused_with_the_list(shared: Shared) -> None:
    """The caller reads which names are right, and the refusal is recorded."""
    asked = shared.chat("gpt-9")
    assert (asked.status, asked.kinds) == (404, ["refused"])
    assert "double" in asked.json["error"]["message"]


def test_a_dialect_reaches_only_who_understands_it(shared: Shared) -> None:
    """What has no counterpart in a model's interface is not sent; the field is named."""
    asked = shared.chat("claude", seed=5)
    assert (asked.status, asked.json["error"]["param"]) == (400, "seed")
    assert asked.body("refused")["stage"] == "route"
