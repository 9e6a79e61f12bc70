"""The pattern layer: how a match becomes a finding."""

from __future__ import annotations

from typing import Any

from muniment.detect import Family, Pattern
from muniment.detect.models import Checked, Words
from muniment.detect.service.patterns import PatternLayer


def layer(**facts: Any) -> PatternLayer:
    """Make a layer of one pattern for six digits."""
    values: dict[str, Any] = {"regex": r"\b\d{6}\b", "score": 0.9, **facts}
    pattern = Pattern(id="p", type="SIX", family=Family.PII, **values)
    return PatternLayer([pattern], thresholds={}, threshold=0.5)


def found(made: PatternLayer, text: str) -> list[tuple[str, float]]:
    """Find in a text; give values and scores."""
    return [(text[each.start : each.end], each.score) for each in made.find(text)[0]]


def test_a_strong_match_stands_alone() -> None:
    """A match that is worth enough needs no word, and places are characters."""
    assert found(layer(), "äöü 123456") == [("123456", 0.9)]


def test_a_weak_match_needs_a_word() -> None:
    """The word may stand before or behind, in any script around it, or outside as a hint."""
    weak = layer(score=0.1, context=Words(en="badge number"), context_score=0.8)
    assert found(weak, "123456") == []
    assert found(weak, "the badge-number is 123456")[0][0] == "123456"
    assert found(weak, "schöne badgeNumber: 123456")[0][0] == "123456"
    assert found(weak, "badge 123456 number") == []
    assert weak.find("123456", ("Badge Number",))[0]


def test_a_doubtful_word_lowers_the_score_unless_the_pattern_is_firm() -> None:
    """An order's number is no badge's, but a number with a check of its own stays one."""
    assert found(layer(score=1.0), "order 123456") == [("123456", 0.55)]
    assert found(layer(score=0.8), "order 123456") == []
    assert found(layer(score=0.8, firm=True), "order 123456") == [("123456", 0.8)]


def test_a_part_of_a_longer_value_is_none() -> None:
    """Digits that go on behind a hyphen or a dot are another number."""
    for text in ("12-123456", "123456-7", "3.123456", "123456.7"):
        assert found(layer(), text) == []
    assert found(layer(), "No. 123456.") == [("123456", 0.9)]


def test_a_validator_may_refuse_cut_and_score() -> None:
    """What the validator says is taken, and the reason of a refusal is kept for explaining."""

    def even(value: str) -> Checked:
        return Checked(int(value) % 2 == 0, "even", (0, 3), 0.7)

    made = layer(validator=even)
    assert found(made, "123456") == [("123", 0.7)]
    rejected: list[Any] = []
    assert made.find("123457", (), rejected)[0] == []
    assert [(each.pattern, each.reason) for each in rejected] == [("p", "even")]


def test_a_form_is_read_where_its_beginning_was_seen() -> None:
    """A trigger only says where to look; reading may begin before it and give a part."""
    made = layer(trigger="@b", regex=r"a+@b+ (c)", reach=5, group=1)
    assert found(made, "x aaa@bb c a@bd") == [("c", 0.9)]
