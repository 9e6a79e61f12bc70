"""What was seen is judged by its form, its neighbours, its check and the words near it."""

from __future__ import annotations

from typing import Any

import pytest

from muniment.detect.models import Checked, Family, Pattern, Rejected, Words
from muniment.detect.rules.judging import Group, Ready, Surroundings, judge, needs_word

WORDS = Words(en="badge number")


def ready(**facts: Any) -> Ready:
    """Make a pattern for six digits ready."""
    values: dict[str, Any] = {"regex": r"\b\d{6}\b", "score": 0.9, **facts}
    return Ready.of(Pattern(id="p", type="SIX", family=Family.PII, **values), 0.5)


def judged(made: Ready, text: str, value: str = "123456") -> tuple[str, str]:
    """Judge a value in a text; give what was found and the reason for what was not."""
    start = text.index(value)
    rejected: list[Rejected] = []
    found = judge(made, start, start + len(value), Surroundings(text, ()), rejected)
    reason = rejected[0].reason if rejected else ""
    return ("" if found is None else text[found.start : found.end]), reason


@pytest.mark.parametrize("text", ["x123456", "123456x", "1-123456", "123456-7"])
def test_a_part_of_something_longer_is_refused(text: str) -> None:
    """Letters, and digits behind a hyphen, go on a value."""
    assert judged(ready(), text) == ("", "joined to a longer value")


def test_the_first_reason_is_told() -> None:
    """A missing word comes before a wrong check, and a check tells what was wrong."""
    weak = ready(score=0.1, context=WORDS, context_score=0.9, validator=lambda _: Checked(False))
    assert judged(weak, "so 123456") == ("", "no word nearby for it")
    assert judged(weak, "badge number 123456") == ("", "the check failed")


def test_a_form_is_read_back_only_over_what_may_stand_before() -> None:
    """A trigger in the middle of a value finds its beginning, at most so far before."""
    made = ready(trigger="@1", regex=r"[a-z]{1,4}@1\d*", reach=4, stops=". ")
    assert judged(made, "x. abc@123456", "@1") == ("abc@123456", "")
    assert judged(made, "x. abcdef@123456", "@1")[1] == "joined to a longer value"
    assert judged(made, "ab.@123456", "@1") == ("", "")


def test_words_in_a_value_and_hints_count_as_near() -> None:
    """A label may be a part of the match, or stand elsewhere as the name of a column."""
    group = Group.of([ready(score=0.1, context=WORDS, context_score=0.9)])
    assert needs_word(group, 0, 6, Surroundings("123456", ()))
    assert not needs_word(group, 0, 6, Surroundings("123456", ("badge number",)))
    assert not needs_word(group, 0, 13, Surroundings("number 123456", ()))


def test_a_dense_text_is_judged_as_another() -> None:
    """Reading a stretch at once saves time and changes nothing."""
    weak = ready(score=0.1, context=WORDS, context_score=0.9)
    for text, found in (("my badge number is 123456", True), (f"badge {'x ' * 99}123456", False)):
        start = text.index("123456")
        for dense in (True, False):
            around = Surroundings(text, (), dense=dense)
            assert needs_word(Group.of([weak]), start, start + 6, around) is not found
            assert (judge(weak, start, start + 6, around, None) is not None) is found
