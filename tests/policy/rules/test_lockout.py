"""Rules that shut out everybody who could change them are found before they hold."""

from __future__ import annotations

import pytest

from muniment.policy.rules.lockout import Somebody, governs_product, shut_out
from tests.policy.judging import ALLOW, bundle

AT = 1_795_000_000
PEOPLE = (Somebody("per_a", frozenset({"admin"})), Somebody("per_s", frozenset({"security"})))


def area(effect: str, who: str = "principal", when: str = "true", what: str = "resource") -> str:
    """Write a rule about changing the product."""
    return (
        f'@id("p.{effect}-{abs(hash((who, when, what))) % 10_000}") @reason("because") {effect} '
        f'({who}, action == Muniment::Action::"change", {what}) when {{ {when} }};'
    )


ADMIN = area("permit", 'principal in Muniment::Role::"admin"')
SECURITY = area("permit", 'principal in Muniment::Role::"security"')


def test_rules_about_calls_leave_the_product_alone() -> None:
    """Where no rule names the product, the roles alone decide."""
    assert not governs_product(bundle(ALLOW))
    assert shut_out(bundle(ALLOW), PEOPLE, AT) == ()


@pytest.mark.parametrize(
    ("rules", "areas"),
    [
        ((ADMIN, SECURITY), []),
        ((ADMIN,), ["policy"]),
        ((SECURITY,), ["access"]),
        ((ADMIN, SECURITY, area("forbid")), ["access", "policy"]),
        (
            (
                area("permit"),
                area("forbid", when="!principal.strong", who="principal is Muniment::Person"),
            ),
            [],
        ),
        ((area("permit"), area("forbid", when="context.at > 0")), ["access", "policy"]),
        ((area("permit"), area("forbid", when=f"context.at < {AT + 86_400}")), []),
        ((area("permit", 'principal == Muniment::Person::"per_a"'),), ["policy"]),
        ((area("permit", 'principal == Muniment::Person::"per_x"'),), ["access", "policy"]),
        ((area("forbid", what="resource is Muniment::Area"),), ["access", "policy"]),
    ],
)
def test_who_must_get_in_is_tried(rules: tuple[str, ...], areas: list[str]) -> None:
    """The people there are, each way of signing in, and every hour of a week are tried."""
    assert [each.area for each in shut_out(bundle(*rules), PEOPLE, AT)] == areas


def test_the_way_out_opens_the_door() -> None:
    """The rule that a refusal names is valid and lets somebody in again."""
    found = shut_out(
        bundle(area("forbid", when="!principal.strong", who="principal is Muniment::Person")),
        PEOPLE,
        AT,
    )
    mended = bundle(
        area("forbid", when="!principal.strong", who="principal is Muniment::Person"),
        *(each.way_out for each in found),
    )
    assert shut_out(mended, PEOPLE, AT) == ()


def test_without_people_somebody_with_the_role_is_tried() -> None:
    """In an installation without people yet, a person who would hold the role is let in."""
    assert shut_out(bundle(ADMIN, SECURITY), (), AT) == ()
