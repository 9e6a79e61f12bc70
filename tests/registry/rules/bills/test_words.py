"""Tests of what bills read out of a document."""

from __future__ import annotations

from muniment.registry.rules.bills.words import pairs, plain, spdx_licence, texts


def test_any_value_becomes_a_short_text() -> None:
    """Nested, missing and long values alike."""
    assert plain({"b": [1, True], "a": None}) == "a: , b: 1, true"
    assert len(plain("x" * 9_000)) == 2_000
    assert texts({"a": "one"}, "a") == ["one"]
    assert texts({"a": ["one", "", 2]}, "a") == ["one", "2"]
    assert list(pairs({"a": {"b": 1}}, "a")) == [("b", "1")]
    assert list(pairs({"a": "x"}, "a")) == []


def test_a_licence_is_known_by_its_id() -> None:
    """In any case of letters; another is nothing."""
    assert spdx_licence(" apache-2.0 ") == "Apache-2.0"
    assert spdx_licence("ours") == ""
