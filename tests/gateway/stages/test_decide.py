"""Rules decide on each prompt, and a refusal names its rule."""

from __future__ import annotations

from tests.gateway.asking import Shared


def test_what_a_rule_forbids_goes_nowhere(shared: Shared) -> None:
    """A prompt with an account is refused with the rule's reason, and recorded."""
    said = {"role": "user", "content": "My account is DE89 3704 0044 0532 0130 00."}
    asked = shared.chat("echo", messages=[said])
    assert (asked.status, asked.kinds) == (403, ["refused"])
    assert "test.iban" in asked.json["error"]["message"]
    assert asked.body("refused")["effect"] == "deny"
    assert "DE89" not in asked.raw.decode()
