"""How a version stands."""

from __future__ import annotations

from muniment.policy import Standing
from muniment.web.policy.listing import stands


def test_each_version_stands_somewhere() -> None:
    """What is in force, in shadow, drafted since and older are told apart."""
    now = Standing(5, enforced=2, shadow=3)
    assert [stands(each, now) for each in (1, 2, 3, 4)] == [
        *("earlier", "enforced", "in shadow", "draft")
    ]
