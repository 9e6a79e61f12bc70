"""Policy files are read whole or told in whole."""

from __future__ import annotations

import pytest

from muniment import policy
from muniment.core.errors import InvalidError, NotFoundError
from muniment.policy import Source
from tests.policy.company import ALLOW, NO_CARDS, Company


def test_everything_that_is_wrong_is_told_at_once() -> None:
    """Two faults in two files are two problems, each with its place."""
    bundle, problems = policy.check(
        [Source("a.cedar", ALLOW + "\n\npermit (principal"), Source("b.cedar", "forbid;")]
    )
    assert bundle is None
    assert [(each.source, each.line) for each in problems] == [("a.cedar", 3), ("b.cedar", 1)]


def test_many_files_together_have_a_limit() -> None:
    """Five files of one megabyte are refused by their sum."""
    big = "//" + "x" * (1024 * 1024 - 10)
    _, problems = policy.check([Source(f"{each}.cedar", big) for each in range(5)])
    assert "together" in problems[0].says


def test_refusals_name_every_problem() -> None:
    """What cannot be used is refused with the same words the check has."""
    with pytest.raises(InvalidError) as refused:
        policy.require_right([Source("a.cedar", "forbid;")])
    assert refused.value.reasons[0].startswith("a.cedar:1:")


def test_no_files_are_no_policy() -> None:
    """A folder without rules is a bundle that denies everything."""
    bundle, problems = policy.check([])
    assert bundle is not None
    assert (bundle.rules, problems) == ((), ())


def test_a_bundle_is_found_by_its_digest(company: Company) -> None:
    """What was kept is read again as it was, and what was never kept is not found."""
    version = company.draft(ALLOW, NO_CARDS)
    with company.database.look(company.people["bo"]) as work:
        bundle = policy.load(work, version.bundle)
        with pytest.raises(NotFoundError):
            policy.load(work, "sha256:none")
    assert [each.id for each in bundle.rules] == ["allow", "no-cards"]
    assert bundle.digest == version.bundle
