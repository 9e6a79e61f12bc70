"""What is stated about a system is read once, and told by field when it is wrong."""

from __future__ import annotations

import contextlib
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import InvalidError
from muniment.registry import Stage, profile_document, read_profile
from muniment.registry.rules.profiles import circle_of, material, require_key

STATED: dict[str, Any] = {"name": "Credit score", "purpose": "Score loans.", "owner": "per_olga"}
TWO: list[dict[str, Any]] = [
    {"name": "app", "sort": "application"},
    {"name": "model", "sort": "model_endpoint"},
]
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@pytest.mark.requirement("INV-06", "INV-07", "INV-08", "INV-09")
def test_a_profile_reads_back_as_it_was_written() -> None:
    """Everything stated is kept, and reading what was written changes nothing."""
    stated = {
        **STATED,
        "data_classes": ["personal"],
        "environments": [{"name": "live", "stage": "production"}],
        "components": [
            {"name": "model", "sort": "model_endpoint", "environments": ["live"]},
            {"name": "app", "sort": "application", "made_of": ["model"], "entry_point": True},
        ],
        "flows": [{"source": "app", "target": "model", "data_classes": ["personal"]}],
    }
    profile = read_profile(stated)
    assert profile.environments[0].stage is Stage.PRODUCTION
    assert read_profile(profile_document(profile)) == profile


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"purpose": "x" * 2_001}, "purpose"),
        ({"owner": 7}, "owner"),
        ({"colour": "red"}, "profile"),
        ({"data_classes": ["a", "a"]}, "data_classes"),
        ({"data_classes": "a"}, "data_classes"),
        ({"autonomy": "wild"}, "autonomy"),
        ({"declared_tier": "extreme"}, "declared_tier"),
        ({"eu_class": "extreme"}, "eu_class"),
        ({"canary_percent": True}, "canary_percent"),
        ({"canary_percent": 100}, "canary_percent"),
        ({"environments": []}, "environments"),
        ({"environments": [{"name": "a", "stage": "b"}]}, "environments[0].stage"),
        ({"components": [{"sort": "cache"}]}, "components[0].name"),
        (
            {"components": [{"name": "a", "sort": "cache", "made_of": ["b"]}]},
            "components[0].made_of",
        ),
        (
            {"components": [{"name": "a", "sort": "cache", "made_of": ["a"]}]},
            "components[0].made_of",
        ),
        ({"components": [*TWO, {"name": "App", "sort": "cache"}]}, "components[2].name"),
        ({"components": [*TWO], "flows": [{"source": "app", "target": "b"}]}, "flows[0].target"),
        ({"components": [{**TWO[0], "environments": ["moon"]}]}, "components[0].environments"),
        ({"components": [{**TWO[0], "vendor": "a\nb"}]}, "components[0].vendor"),
        ({"commitments": ["one\ntwo"]}, "commitments"),
        ({"flows": [{"source": "a", "target": "b"}]}, "flows[0].source"),
        ({"name": "a\u202eb"}, "name"),
    ],
)
def test_what_is_wrong_is_told_by_field(change: dict[str, Any], field: str) -> None:
    """Whoever made a mistake is told where, and what to write instead."""
    with pytest.raises(InvalidError) as caught:
        read_profile({**STATED, **change})
    assert caught.value.field == field
    assert caught.value.remedy


@given(_JSON)
def test_anything_is_read_or_refused(given_value: object) -> None:
    """Whatever comes from outside ends in a profile or a told mistake, never in a crash."""
    for name in ("purpose", "components", "flows", "environments", "canary_percent", "autonomy"):
        with contextlib.suppress(InvalidError):
            assert read_profile({**STATED, name: given_value}).name == "Credit score"


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), max_size=3)))
def test_a_circle_is_found_exactly_when_there_is_one(made_of: dict[str, list[str]]) -> None:
    """What is named as a circle is one; where none is named, everything can be put in order."""
    found = circle_of(made_of)
    for here, onward in pairwise(found):
        assert onward in made_of[here]
    if found:
        assert found[0] == found[-1]
        return
    done: set[str] = set()
    while len(done) < len(made_of):
        free = {a for a in made_of if {b for b in made_of[a] if b in made_of} <= done} - done
        assert free
        done |= free


def test_what_is_material_is_named() -> None:
    """A new purpose asks for a new review; a new reviewer of alerts does not."""
    before = read_profile(STATED)
    assert material(before, read_profile({**STATED, "purpose": "Score everybody."})) == ("purpose",)
    assert material(before, read_profile({**STATED, "alert_reviewer": "per_a"})) == ()


@pytest.mark.parametrize("key", ["", "Credit", "a--b", "-a", "a_b", "x" * 101, 7, None])
def test_a_key_is_short_and_plain(key: object) -> None:
    """Keys stand in commands and file names."""
    with pytest.raises(InvalidError):
        require_key(key)
    assert require_key("credit-score-2") == "credit-score-2"
