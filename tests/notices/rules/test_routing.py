"""Which route an event takes, whom it names, into which group it falls."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from muniment.notices import Route, Severity, rules
from muniment.notices.models import Event
from muniment.notices.rules import routing
from muniment.testing.clock import START

ROUTE = Route("mine", ("access.granted", "vault.*"), Severity.INFO, "Said", ("role:security",))
EVENT = Event("access.granted", ("grant", "grt_1"), {"role": "owner", "n": 3}, 7, START)


@pytest.mark.parametrize(
    ("change", "taken"),
    [
        ({}, True),
        ({"active": False}, False),
        ({"kinds": ("access.*",)}, True),
        ({"kinds": ("access.grant",)}, False),
        ({"when": ("role", ("owner", "admin"))}, True),
        ({"when": ("role", ("builder",))}, False),
        ({"when": ("n", ())}, True),
        ({"when": ("n", ("3",))}, True),
        ({"when": ("missing", ())}, False),
    ],
)
def test_a_route_takes_what_it_says(change: dict[str, object], *, taken: bool) -> None:
    """By kind or room, while it is on, and if the field it looks at says so."""
    route = replace(ROUTE, **change)  # type: ignore[arg-type]  # fields by name
    assert rules.takes(route, EVENT) is taken
    assert rules.may_concern(route, EVENT.kind) or not taken


def test_what_settles_is_a_kind_or_a_kind_in_a_state() -> None:
    """`kind:state` settles only in that state; a bare kind always."""
    route = replace(ROUTE, settles=("approvals.decided:approved", "approvals.expired"))
    decided = replace(EVENT, kind="approvals.decided", body={"state": "approved"})
    assert rules.settles(route, decided)
    assert not rules.settles(route, replace(decided, body={"state": "open"}))
    assert rules.settles(route, replace(EVENT, kind="approvals.expired"))
    assert rules.may_concern(replace(route, active=False), "approvals.expired")


def test_fields_name_people_and_roles_and_leave_out_others() -> None:
    """What a record does not say names nobody; strange values are passed over."""
    route = replace(
        ROUTE,
        to=("field:author", "field:reviewers", "roles:roles", "person:per_9", "permission:x.y"),
        but=("person",),
    )
    body = {"author": "per_1", "reviewers": ["per_2", 5, "per_1"], "roles": ["", "owner"]}
    asked = rules.asked_of(route, replace(EVENT, body={**body, "person": "per_2"}))
    assert asked.people == ("per_1", "per_2", "per_9")
    assert asked.roles == ("owner",)
    assert asked.permissions == ("approvals.decide", "x.y")
    assert asked.but == ("per_2",)
    assert rules.asked_of(route, replace(EVENT, body={"author": None})).people == ("per_9",)


def test_places_and_ids_are_read_out_of_the_record() -> None:
    """The scope where it happened, and every id that could settle something."""
    assert rules.scope_in({"scope": {"system": "sys_1"}}) == {"system": "sys_1"}
    assert rules.scope_in({"scope": "all"}) == {}
    assert rules.ids_in(EVENT) == {"grt_1", "owner"}


def test_links_lead_to_the_matter_or_to_its_entry() -> None:
    """Without a place of its own a notice leads into the ledger; many lead to the inbox."""
    assert rules.href_of(ROUTE, EVENT, EVENT.subject) == "/console/ledger/7"
    placed = replace(ROUTE, href="/console/x/{id}")
    assert rules.href_of(placed, EVENT, EVENT.subject) == "/console/x/grt_1"
    assert rules.href_of(placed, EVENT, rules.MANY_SUBJECT) == "/console/notices"


def test_windows_grow_while_a_storm_lasts_and_begin_anew_after() -> None:
    """Each message in a row waits twice as long as the one before, an hour at most."""
    first, streak = rules.window(ROUTE, START, None, 0)
    assert (first - START, streak) == (timedelta(seconds=60), 0)
    now, waits = first, []
    for _ in range(12):
        later, streak = rules.window(ROUTE, now, now, streak)
        waits.append(later - now)
        now = later
    assert waits == sorted(waits)
    assert waits[-1] == routing.LONGEST_WINDOW
    assert rules.window(ROUTE, now + timedelta(hours=3), now, streak)[1] == 0
