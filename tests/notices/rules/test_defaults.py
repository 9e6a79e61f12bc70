"""The routes there are from the start."""

from __future__ import annotations

import pytest

from muniment import ledger
from muniment.access import BUILT_IN, PERMISSIONS
from muniment.notices import Route, rules


@pytest.mark.parametrize("route", rules.DEFAULTS.values(), ids=lambda each: each.name)
def test_every_default_route_is_one_that_could_be_set(route: Route) -> None:
    """Its kinds, roles and permissions exist, and so do the fields of the records it reads."""
    rules.require_route(route, kinds=ledger.all_kinds(), roles=BUILT_IN, permissions=PERMISSIONS)
    kinds = ledger.all_kinds()
    held = {name for kind in route.kinds for name in kinds[kind].names}
    wanted = [each.partition(":")[2] for each in route.to if each.startswith(("field:", "roles:"))]
    when = [route.when[0]] if route.when[0] else []
    assert {*wanted, *route.but, *when} <= held
    settling = {each.partition(":")[0] for each in route.settles}
    assert settling <= set(kinds)


def test_looking_is_read_from_records_that_name_who_looked() -> None:
    """The kinds that count as a look exist and have the field."""
    for kind, field in rules.SEEN_BY.items():
        assert field in ledger.all_kinds()[kind].names


def test_what_may_not_be_missed_has_a_route() -> None:
    """Emergencies, late reviews, erasures, tampering and standstill are told from the start."""
    told = {kind for route in rules.DEFAULTS.values() for kind in route.kinds}
    assert {
        "access.glass_broken",
        "access.review_overdue",
        "vault.shred_asked",
        "ledger.reconciled",
        "notices.alarmed",
        "approvals.asked",
        "approvals.decided",
    } <= told
