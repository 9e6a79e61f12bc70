"""Tests of model cards."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.core.errors import InvalidError
from muniment.registry.rules.cards import MAX_BYTES, merged, read_card, write_card

CARD = """---
license: apache-2.0
language: de
datasets: [loans, other]
pipeline_tag: text-classification
model-index:
- name: score
  results:
  - metrics:
    - type: f1
      value: 0.93
---

# Score

It scores: `a: b`.
---
The end.
"""
PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")))
NAMES = st.text("abcdefgh_-", min_size=1, max_size=8).filter(lambda name: name.strip("-"))


def test_a_card_is_read_into_the_words_of_a_version() -> None:
    """Licence, languages, datasets and task; the rest is kept, and so is the text."""
    found = read_card(CARD)
    assert (found["licence"], found["languages"], found["task"]) == (
        "apache-2.0",
        ["de"],
        "text-classification",
    )
    assert found["datasets"] == ["loans", "other"]
    assert found["card"].endswith("---\nThe end.")
    result = found["card_other"]["model-index"][0]["results"][0]
    assert result["metrics"] == [{"type": "f1", "value": "0.93"}]


def test_a_card_comes_out_as_the_tools_of_others_read_it() -> None:
    """A number is a number again, and YAML's own reader understands it."""
    matter = yaml.safe_load(write_card(read_card(CARD)).split("---")[1])
    assert matter["model-index"][0]["results"][0]["metrics"][0]["value"] == 0.93
    assert matter["license"] == "apache-2.0"


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "licence": PLAIN.filter(bool),
            "datasets": st.lists(PLAIN.filter(bool), min_size=1, max_size=3),
            "tags": st.lists(PLAIN.filter(bool), min_size=1, max_size=3),
            "task": PLAIN.filter(bool),
            "card": PLAIN.filter(lambda text: text.strip() != ""),
            "card_other": st.dictionaries(
                NAMES.filter(lambda name: name not in ("license", "tags", "datasets", "language")),
                st.lists(PLAIN, max_size=2) | PLAIN | st.integers(-99, 99) | st.booleans(),
                min_size=1,
                max_size=3,
            ),
        },
    )
)
@settings(max_examples=80, deadline=None)
def test_what_is_written_is_read_again(document: dict[str, Any]) -> None:
    """Out and in again gives the same words."""
    assert read_card(write_card(document)) == document


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\nlicense: mit\nlicense: mit\n---\n", 3),
        ("---\na: 1\nb: [1\n---\n", 4),
        ("---\na: &x 1\nb: *x\n---\n", 2),
        ("---\na: 1\nlicense: [mit]\n---\n", 3),
        ("---\ntags:\n  a: 1\n---\n", 2),
        ("---\nü: 1\n---\n", 2),
        ("---\n- a\n---\n", 2),
        ("---\na: !!python/object:os.system {}\n---\n", 2),
        ("---\na: 1\n", 1),
    ],
)
def test_bad_front_matter_is_refused_with_its_line(text: str, line: int) -> None:
    """Duplicates, broken YAML, anchors, objects, wrong types: each names the line of the card."""
    with pytest.raises(InvalidError, match="line ") as caught:
        read_card(text)
    assert caught.value.message.startswith(f"line {line}: ")
    assert caught.value.field == "card"


def test_a_card_without_front_matter_is_a_text() -> None:
    """Nothing, only text, and too much."""
    assert read_card("") == read_card("---\n---\n") == {}
    assert read_card("# Title\n") == {"card": "# Title"}
    with pytest.raises(InvalidError):
        read_card("x" * (MAX_BYTES + 1))


def test_a_card_replaces_only_what_cards_say() -> None:
    """The files of a version stay; its older licence goes."""
    old = {"artefacts": [1], "licence": "old", "card": "old", "hyperparameters": {"a": 1}}
    assert merged(old, {"licence": "mit"}) == {
        "artefacts": [1],
        "hyperparameters": {"a": 1},
        "licence": "mit",
    }


@given(st.text(max_size=80))
@settings(max_examples=80, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    """Never a traceback."""
    with suppress(InvalidError):
        assert isinstance(read_card(f"---\n{text}\n---\n"), dict)
