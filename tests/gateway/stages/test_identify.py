"""A caller is known by one key; everybody else is refused in the same words."""

from __future__ import annotations

import pytest

from tests.gateway.asking import USUAL, Shared

BODY = {"model": "echo", "messages": [USUAL]}


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("authorization", "Bearer")],
        [("authorization", "Basic abc")],
        [("authorization", "Bearer mun_unknown")],
        [("authorization", "Bearer \u00e9\u00ff".encode("latin-1").decode("latin-1"))],
        [("x-api-key", "x" * 5_000)],
        [("authorization", "Bearer a"), ("x-api-key", "b")],
    ],
)
def test_who_is_not_known_is_refused_and_fills_no_log(
    shared: Shared, headers: list[tuple[str, str]]
) -> None:
    """Empty, broken, unknown and contradicting keys are one 401, and no entry of a call."""
    given = [(name, value.encode("latin-1")) for name, value in headers]
    asked = shared.ask("/chat/completions", BODY, headers=given)  # type: ignore[arg-type]  # bytes are headers too
    assert asked.status == 401
    assert asked.json["error"]["type"] == "authentication_error"
    assert asked.kinds == []


def test_a_key_opens_in_either_header_and_only_once(shared: Shared) -> None:
    """The ways of OpenAI and Anthropic both work; a header that comes twice does not."""
    key = shared.gate.key
    bearer, plain = ("authorization", f"Bearer {key}"), ("x-api-key", key)
    for headers, status in (([bearer], 200), ([plain], 200), ([bearer, plain], 200)):
        assert shared.ask("/chat/completions", BODY, headers=headers).status == status
    assert shared.ask("/chat/completions", BODY, headers=[bearer, bearer]).status == 400
