"""Where things are and who people are."""

from __future__ import annotations

import pytest

from muniment.core.errors import InvalidError
from muniment.registry.service.standing import author_of, place_of, require_person, visible
from tests.approvals.people import ROOT
from tests.registry.yard import Yard


def test_a_person_is_named_by_id_or_address(yard: Yard) -> None:
    """Who could not act is not taken; the product acts in its own name."""
    yard.raise_up()
    with yard.database.work(ROOT) as work:
        assert require_person(work, "olga@example.org", "owner") == yard.id("olga")
        assert author_of(work) == ROOT.id
        with pytest.raises(InvalidError):
            require_person(work, "nobody@example.org", "owner")
    with yard.by("ben") as work:
        assert author_of(work) == yard.id("ben")
        assert visible(work, (1, 2), ("sys_a", "sys_b")) == (1, 2)
    yard.person("lone", "operator", scope=place_of("sys_b"))
    with yard.by("lone") as work:
        assert visible(work, (1, 2), ("sys_a", "sys_b")) == (2,)
