"""An answer that comes whole is judged, made safe and recorded, or withheld."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.asking import CARD, EMAIL, SECRET, Shared
from tests.gateway.doubles import Double, Reply, chat


@pytest.mark.parametrize(
    "reply",
    [
        *(Reply.of({}), Reply.of([]), Reply.of({"choices": []}), Reply.of({"choices": "x"})),
        *(Reply((b"<html>busy</html>",)), Reply((b"",)), Reply((b"\xff",)), Reply((b"[" * 9_000,))),
        Reply((b"x" * 250_000,)),
        Reply.of(chat(), 302, location="https://elsewhere.example.org/"),
    ],
)
def test_what_is_no_answer_is_one_clear_error(
    shared: Shared, provider: Double, reply: Reply
) -> None:
    """Garbage, HTML, redirects and endless bodies become one error, with a complete record."""
    provider.says(reply)
    asked = shared.chat()
    assert asked.status == 502
    assert asked.json["error"]["message"]
    assert "elsewhere" not in asked.raw.decode()
    assert (asked.kinds[0], asked.body("concluded")["state"]) == ("intended", "failed")
    assert asked.body("concluded")["reached"] == "none"


@pytest.mark.parametrize(("status", "told"), [(400, 400), (401, 502), (422, 422), (500, 502)])
def test_a_refusal_of_the_provider_is_told_without_its_secrets(
    shared: Shared, provider: Double, status: int, told: int
) -> None:
    """What a provider says goes on only with every value taken out of it."""
    provider.says(Reply.of({"error": {"message": f"bad key {SECRET}"}}, status))
    asked = shared.chat()
    assert asked.status == told
    assert asked.json["error"]["code"] == f"upstream_{status}"
    assert SECRET not in asked.raw.decode()
    assert asked.body("concluded")["status"] == told


def test_strange_fields_of_an_answer_do_no_harm(shared: Shared, provider: Double) -> None:
    """Null content, several answers, odd usage and odd names are recorded and passed on."""
    odd: dict[str, Any] = {"usage": {"prompt_tokens": 10**30}, "model": "m\x00\n"}
    answer = chat(None, **odd, note=f"see {SECRET}")
    answer["choices"].append({"index": 1, "message": {"content": f"x {SECRET}"}, "logprobs": {}})
    provider.says(Reply.of(answer))
    asked = shared.chat(n=2, messages=[{"role": "user", "content": f"I am {EMAIL}"}])
    assert asked.status == 200
    assert SECRET not in asked.raw.decode()
    assert (asked.json["choices"][1]["logprobs"], asked.json["note"]) == (None, "see [REDACTED]")
    ended = asked.body("concluded")
    assert (ended.get("input_tokens", 0), ended["provider_model"]) == (0, "m")
    assert EMAIL not in provider.seen[0].raw.decode()


@pytest.mark.parametrize(
    "message",
    [
        {"content": f"Pay {CARD} now."},
        {"content": None, "tool_calls": [{"function": {"name": "delete_all", "arguments": "{x"}}]},
        {"content": None, "function_call": {"name": "delete_all", "arguments": "{}"}},
    ],
)
def test_what_a_rule_forbids_is_withheld_and_recorded(
    shared: Shared, provider: Double, message: dict[str, Any]
) -> None:
    """A forbidden value or tool reaches nobody, and the record says what decided it."""
    answer = chat()
    answer["choices"][0]["message"] = message
    provider.says(Reply.of(answer))
    asked = shared.chat()
    ended = asked.body("concluded")
    assert (asked.status, ended["state"], ended["reached"]) == (403, "refused", "none")
    assert (ended["effect"], bool(ended["reasons"])) == ("deny", True)
    assert "4111" not in asked.raw.decode()
