"""A first look leaves out only what no part of a text may hold."""

from __future__ import annotations

import pytest

from muniment.detect.models import Family, Pattern
from muniment.detect.rules.glancing import end_of, may_be
from muniment.detect.rules.judging import Group, Ready

TEXT = "call 49 30 901820 if it is fine"


def _group(regex: str, *, trigger: str = "x", reach: int = 0, family: str = "pii") -> Group:
    pattern = Pattern(
        "one", "ONE", Family(family), regex, 0.9, trigger=trigger, reach=reach, stops="."
    )
    return Group.of([Ready.of(pattern, 0.5)])


def test_a_match_that_only_began_ends_where_its_form_must() -> None:
    """A whole match ends where it was seen; a beginning goes on, but not behind a last blank."""
    assert end_of(_group(r"[\d ]+", trigger=""), TEXT, 5, 7, 100) == 7
    assert end_of(_group(r"[\d ]+"), TEXT, 5, 7, 100) == TEXT.index(" if")
    assert end_of(_group(r"[\d ]+"), TEXT, 5, 7, 4) == 9
    assert end_of(_group(r"[a-z]"), TEXT, 5, 7, 100) == 7


@pytest.mark.parametrize(
    ("regex", "reach", "family", "may"),
    [
        (r"\d{2} \d{2}", 0, "pii", True),
        (r"\d{3} \d{2}", 0, "pii", False),
        (r"\d{3} \d{2}(?!\d)", 0, "pii", True),
        (r"\d{3} \d{2}", 10, "pii", True),
        (r"call \d{2}", 10, "safety", True),
        (r"call \d{3}", 10, "safety", False),
        (r"call \d{2}", 3, "safety", False),
    ],
)
def test_a_form_that_stands_nowhere_near_is_no_reason_to_look(
    regex: str, reach: int, family: str, *, may: bool
) -> None:
    """Where a look-around or a far beginning leaves a doubt, there is one."""
    group = _group(regex, reach=reach, family=family)
    assert may_be(group, TEXT.index("49"), TEXT) is may
