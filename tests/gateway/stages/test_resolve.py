"""A call belongs to a system and an environment, and its data to somebody."""

from __future__ import annotations

from tests.gateway.asking import USUAL, Shared


def test_a_key_reaches_its_own_system_only(shared: Shared) -> None:
    """A header that names another system or place opens nothing, and the refusal is recorded."""
    for name, value in (("x-muniment-system", "other"), ("x-muniment-environment", "test")):
        told = {"authorization": f"Bearer {shared.gate.key}", name: value}
        asked = shared.ask(
            "/chat/completions", {"model": "echo", "messages": [USUAL]}, headers=told
        )
        assert asked.status in (403, 404)
        assert asked.kinds == ["refused"]


def test_whose_data_it_is_stands_as_a_random_name(shared: Shared) -> None:
    """The end user is recorded as asserted, and never by what the caller wrote."""
    told = shared.chat("echo", user="anna@example.org").body("intended")
    assert told["subject_source"] == "asserted"
    assert told["subject"]
    assert "anna" not in str(told)
