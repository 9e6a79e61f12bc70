"""What a declaration wants of the registry: only what it names, and every part under one name."""

from __future__ import annotations

from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from muniment import policy
from muniment.core.errors import InvalidError
from muniment.policy.models.declarations import (
    DeclaredComponent,
    DeclaredEnvironment,
    DeclaredSystem,
)
from muniment.registry import Action, AiRole, ComponentSort, PartKind, Stage
from muniment.registry.rules.declaring import (
    desired_of,
    files_of,
    set_lines,
    stated_lines,
    wanted_set,
)

SYSTEM = "muniment: 1\nsystem:\n  id: support\n"


def declared(text: str) -> dict[str, Any]:
    """Read a declaration as plain values."""
    found, _, problems = policy.read_declaration(SYSTEM + text, "muniment.yaml")
    assert found is not None, problems
    plain: dict[str, Any] = msgspec.to_builtins(found)
    return plain


def test_only_what_is_named_is_wanted() -> None:
    """What a file leaves out is not spoken of; a scale of policies becomes ours."""
    found = desired_of(
        declared("  autonomy: acts\n  tier: high\n  eu_class: high\n  canary_percent: 0\n"), {}
    )
    assert found.stated == {
        "autonomy": "acts_alone",
        "declared_tier": "high",
        "eu_class": "high",
        "canary_percent": 0,
    }
    assert (found.parts, found.lists) == ({}, frozenset())


def test_parts_are_named_by_what_they_are() -> None:
    """One of a kind is main, several are named after themselves, and a name given holds."""
    text = """\
models: [{name: big one, provider: acme}]
prompts: [{file: a/first.md}, {file: b/other.md, part: greeting}]
tools: [{name: z}, {name: a, effect: write}]
parts: [{part: routing/main, file: r.json}, {part: prompt/extra, file: extra.txt}]
"""
    given = declared(text)
    texts = {"a/first.md": "One.", "b/other.md": "Two.", "r.json": '{"routes": [1]}'}
    found = desired_of(given, {**texts, "extra.txt": "Three."})
    assert set(files_of(given)) == {*texts, "extra.txt"}
    assert found.parts == {
        "model/main": {"name": "big one", "provider": "acme"},
        "prompt/first": {"text": "One."},
        "prompt/greeting": {"text": "Two."},
        "prompt/extra": {"text": "Three."},
        "routing/main": {"routes": [1]},
        "tools/main": {
            "allowed": [
                {"name": "a", "effect": "write", "reversible": True},
                {"name": "z", "effect": "read", "reversible": True},
            ]
        },
    }
    assert found.lists == {PartKind.MODEL, PartKind.PROMPT, PartKind.TOOLS}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("prompts: [{file: a/x.md}, {file: b/x.md}]\n", "declared twice"),
        ("parts: [{part: routing/main}]\n", "one of them"),
        ("parts: [{part: wish/main, file: r.json}]\n", "names no part"),
        ("parts: [{part: routing/main, file: list.json}]\n", "no object"),
        ("parts: [{part: routing/main, file: bad.json}]\n", "as JSON"),
    ],
)
def test_what_cannot_be_meant_is_told(text: str, says: str) -> None:
    """Two parts of one name, content twice or not at all, and files that hold nothing."""
    texts = {"a/x.md": "", "b/x.md": "", "r.json": "{}", "list.json": "[]", "bad.json": "{"}
    with pytest.raises(InvalidError, match=says):
        desired_of(declared(text), texts)


def test_a_key_that_the_registry_cannot_keep_is_told() -> None:
    """The format allows dots; the registry does not, and says what to write."""
    given = declared("")
    given["system"]["id"] = "my.system"
    with pytest.raises(InvalidError, match="not a key"):
        desired_of(given, {})


def test_of_listed_kinds_what_is_not_named_no_longer_serves() -> None:
    """A prompt that left the file leaves the set; a guardrail the file does not know stays."""
    found = desired_of(declared("prompts: [{file: a.md}]\n"), {"a.md": "A."})
    serving = {"prompt/old": "sha256:1", "guardrail/main": "sha256:2"}
    made = wanted_set("sys_1", serving, found, {"prompt/main": "sha256:3"})
    assert made is not None
    assert made.versions == {"guardrail/main": "sha256:2", "prompt/main": "sha256:3"}
    assert set_lines(serving, made.versions) == (
        "prompt/main: nothing → 3",
        "prompt/old: 1 → nothing",
    )
    assert wanted_set("sys_1", serving, desired_of(declared(""), {}), {}) is None


def test_differences_are_told_in_a_line() -> None:
    """Long values are cut, empty ones are nothing."""
    lines = stated_lines({"purpose": "", "regions": ["eu"]}, {"purpose": "x" * 200, "regions": []})
    assert lines[0].startswith("purpose: nothing → xxx")
    assert len(lines[0]) < 150
    assert lines[1] == 'regions: ["eu"] → nothing'


def test_the_format_and_the_registry_know_the_same_words() -> None:
    """What the schema allows, the registry reads."""

    def words(holder: type, name: str) -> set[str]:
        hint = get_type_hints(holder)[name]
        return {each for each in get_args(hint) if isinstance(each, str)} - {""}

    assert words(DeclaredComponent, "sort") == {each.value for each in ComponentSort}
    assert words(DeclaredComponent, "action") == {each.value for each in Action}
    assert words(DeclaredEnvironment, "stage") == {each.value for each in Stage}
    assert words(DeclaredSystem, "role") == {each.value for each in AiRole}
