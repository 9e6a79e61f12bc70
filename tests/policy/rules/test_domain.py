"""The cases rules can tell apart."""

from __future__ import annotations

import cedarpy
from hypothesis import given
from hypothesis import strategies as st

from muniment.policy.rules.domain import ABSENT, OTHER, Domain, domain_of
from tests.policy.judging import rule


def domain(when: str) -> Domain:
    """Collect the cases of a rule."""
    return domain_of(cedarpy.PolicySet.from_str(rule("r", when=when)), "Muniment")


def test_words_numbers_members_and_flags() -> None:
    """Each sort of comparison gives the values on both sides of it."""
    found = domain(
        'context.place.region == "eu" && context.tokens > 10 && resource.restricted '
        '&& context.text.types.contains("A")'
    )
    assert found.whole
    assert found.values == {
        ("context", "place", "region"): ("eu", OTHER),
        ("context", "text", "types"): ([], [OTHER], ["A"], ["A", OTHER]),
        ("context", "tokens"): (9, 10, 11),
        ("resource", "restricted"): (False, True),
    }
    assert found.cases == 2 * 4 * 3 * 2


def test_a_fact_that_may_be_missing_is_missing_once() -> None:
    """What a rule asks after with `has` is also tried without."""
    found = domain('context has person && context.person == "per_9"')
    assert found.values["context", "person"] == ("per_9", OTHER, ABSENT)


def test_groups_are_tried_in_every_combination() -> None:
    """Roles and teams that rules name are held and not held, alone and together."""
    found = domain('principal in Muniment::Role::"a" || principal in Muniment::Team::"b"')
    assert found.groups == (("Role", "a"), ("Team", "b"))
    assert [groups for _, groups in found.assignments(99)] == [
        (),
        (("Role", "a"),),
        (("Team", "b"),),
        (("Role", "a"), ("Team", "b")),
    ]


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=3), st.integers(-9, 9))
def test_every_number_behaves_like_one_that_is_tried(bounds: list[int], number: int) -> None:
    """For any number there is one among the cases that answers every comparison alike."""
    found = domain(" || ".join(f"context.tokens > {bound}" for bound in bounds))
    tried = found.values["context", "tokens"]
    answers = [number > bound for bound in bounds]
    assert any([each > bound for bound in bounds] == answers for each in tried)  # type: ignore[operator]


@given(st.integers(1, 40))
def test_no_more_assignments_than_asked_for(most: int) -> None:
    """A sample is as large as wanted or smaller, and never empty."""
    found = domain("context.tokens > 1 && context.cost > 2 && context.hour > 3")
    given_out = list(found.assignments(most))
    assert 1 <= len(given_out) <= max(most, 1)
