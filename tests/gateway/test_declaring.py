"""What a file may declare, and how it is told what is wrong with it."""

from __future__ import annotations

from typing import Any

import pytest

from muniment import gateway
from muniment.core.errors import InvalidError
from muniment.gateway.declaring import parts_of
from tests.gateway.test_applying import TABLES, declared


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"systems": []}, "systems"),
        ({"systems": [{"key": "Bad Key"}]}, "systems[0].key"),
        ({"systems": [{"key": "a"}, {"key": "a"}]}, "systems"),
        ({"models": [{"name": "m"}]}, "models[0]"),
        ({"models": [{"name": "m", "provider": "echo", "system": "no"}]}, "models[0].system"),
        ({"keys": [{"name": "k", "system": "no"}]}, "keys[0].system"),
        ({"models": [{"name": "m", "provider": "echo", "colour": "red"}]}, "models[0]"),
        ({"policies": {"packs": 7}}, "policies.packs"),
    ],
)
def test_what_is_wrong_is_named(changed: dict[str, Any], field: str) -> None:
    """The error names the place in the file and says what to do."""
    with pytest.raises(InvalidError) as caught:
        gateway.read_declared({**TABLES, **changed})
    assert caught.value.field == field
    assert caught.value.remedy


def test_a_file_without_declarations_declares_nothing() -> None:
    """Settings alone are no declaration."""
    assert gateway.read_declared({"server": {"port": 1}}) is None


def test_the_parts_of_a_system() -> None:
    """Models of one's own and of all, routes behind a fallback, what is kept, and tools."""
    found = declared(
        systems=[{"key": "desk", "keep_content_percent": 5, "tools": [{"name": "pay"}]}],
        models=[
            {"name": "a", "provider": "echo", "price": {"input": "1.5"}},
            {"name": "b", "provider": "echo", "system": "desk", "fallback": ["a"]},
        ],
    )
    parts = parts_of(found, found.systems[0])
    assert parts["model/a"] == {
        "provider": "echo",
        "model": "a",
        "price": {"input": "1.5"},
        "restricted": False,
        "training_allowed": False,
    }
    assert parts["routing/b"] == {"routes": [{"model": "b"}, {"model": "a"}]}
    assert parts["guardrail/content"]["content"] == {"keep": True, "percent": 5}
    assert parts["tools/allowed"] == {"allowed": [{"name": "pay"}]}


def test_where_data_may_go_and_what_comes_after_a_failure_are_declared() -> None:
    """Classes of data, an earlier version, words of a fixed answer, and a share for comparison."""
    found = declared(
        systems=[{"key": "desk"}],
        models=[
            {
                "name": "a",
                "provider": "openai",
                "data_classes": [],
                "shadow": {"model": "old", "percent": 10},
                "fallback": ["old", "sorry"],
            },
            {"name": "old", "provider": "openai", "data_classes": ["pii"], "previous": True},
            {"name": "sorry", "provider": "fixed", "say": "Call the desk."},
        ],
    )
    parts = parts_of(found, found.systems[0])
    assert parts["routing/a"] == {
        "routes": [{"model": "a"}, {"model": "old", "previous": True}, {"model": "sorry"}],
        "shadow": {"model": "old", "percent": 10},
    }
    assert (parts["model/a"]["data_classes"], parts["model/old"]["data_classes"]) == ([], ["pii"])
    assert parts["model/sorry"]["say"] == "Call the desk."
    assert "previous" not in parts["model/old"]
