"""Channels, secrets and routes: who may set them, and what cannot be set."""

from __future__ import annotations

from dataclasses import replace

import pytest

from muniment import notices
from muniment.core.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
)
from muniment.notices import Route, Severity
from muniment.plugins.sockets import Delivery
from tests.notices.desk import ROOT, Desk

OWN = Route("mine", ("access.granted",), Severity.INFO, "A role was given", ("role:security",))


def test_only_who_manages_notices_sets_them(desk: Desk) -> None:
    """A builder makes no channel, changes no route and tries nothing."""
    desk.person("ada", "builder")
    channel = desk.channel()
    with pytest.raises(ForbiddenError), desk.by("ada") as work:
        notices.add_channel(work, desk.courier, name="x", via="plain", target="plain:{to}")
    with pytest.raises(ForbiddenError), desk.by("ada") as work:
        notices.set_route(work, OWN)
    with pytest.raises(ForbiddenError):
        notices.try_channel(desk.database, desk.people["ada"], desk.courier, channel.id)


def test_targets_and_names_are_checked(desk: Desk) -> None:
    """What no notifier reads, what lacks a place for addresses, and what has no name is refused."""
    for field, given in (
        ("target", {"name": "x", "via": "plain", "target": "bad:{to}", "personal": True}),
        ("target", {"name": "x", "via": "plain", "target": "plain:x", "personal": True}),
        ("target", {"name": "x", "via": "plain", "target": "plain:{to}"}),
        ("name", {"name": " ", "via": "plain", "target": "plain:x"}),
        ("via", {"name": "x", "via": "pigeon", "target": "plain:x"}),
    ):
        with pytest.raises(InvalidError) as refused, desk.root() as work:
            notices.add_channel(work, desk.courier, **given)
        assert refused.value.field == field


def test_a_channel_changes_by_compare_and_set(desk: Desk) -> None:
    """Two admins at once: the second learns that the first was quicker."""
    channel = desk.channel()
    with desk.root() as work:
        changed = notices.change_channel(
            work, desk.courier, channel.id, name="Post", target="plain:y{to}", version=1
        )
    assert changed.name == "Post"
    assert desk.courier.open(changed).target == "plain:y{to}"
    with pytest.raises(ConflictError), desk.root() as work:
        notices.change_channel(work, desk.courier, channel.id, active=False, version=1)
    with pytest.raises(InvalidError), desk.root() as work:
        notices.rotate_secret(work, desk.courier, channel.id)


def test_routes_are_checked_and_may_replace_those_from_the_start(desk: Desk) -> None:
    """A route that tells nobody of anything is refused; a default can be turned off."""
    for field, change in (
        ("kinds", {"kinds": ("nothing.happened",)}),
        ("to", {"to": ("everybody",)}),
        ("to", {"to": ("role:king",)}),
        ("to", {"to": ()}),
        ("escalate_to", {"escalate_seconds": 60}),
        ("group_seconds", {"group_seconds": -1}),
        ("title", {"title": ""}),
        ("name", {"name": "Mine!"}),
    ):
        with pytest.raises(InvalidError) as refused, desk.root() as work:
            notices.set_route(work, replace(OWN, **change))
        assert refused.value.field == field
    with desk.root() as work:
        given = notices.route(work, "delegation")
        off = notices.set_route(work, replace(given, active=False))
    with desk.root() as work:
        assert not notices.route(work, "delegation").active
        notices.set_route(work, replace(off, active=True))
    with pytest.raises(ConflictError), desk.root() as work:
        notices.set_route(work, off)
    with pytest.raises(NotFoundError), desk.root() as work:
        notices.route(work, "nothing")


def test_a_test_is_sent_now_and_recorded(desk: Desk) -> None:
    """Trying a channel says how it fared, and the ledger that somebody tried."""
    personal = desk.channel()
    with pytest.raises(InvalidError):
        notices.try_channel(desk.database, ROOT, desk.courier, personal.id)
    desk.plain.fares = [Delivery.TRY_LATER]
    outcome, why = notices.try_channel(
        desk.database, ROOT, desk.courier, personal.id, address="me@example.org"
    )
    assert (outcome, why) == (Delivery.TRY_LATER, "it said try_later")
    assert desk.told("notices.tested") == [{"channel": personal.id, "outcome": "try_later"}]


def test_roles_and_addresses_end(desk: Desk) -> None:
    """A role leaves a shared channel; a person's addresses are erased by who manages notices."""
    shared = desk.channel("Room", "plain:room", personal=False)
    personal = desk.channel()
    desk.person("sec", "security")
    desk.subscribe("sec", personal)
    with desk.root() as work:
        made = notices.subscribe_role(work, shared.id, "security")
    with desk.root() as work:
        notices.unsubscribe_role(work, made.id)
        assert notices.erase_addresses(work, desk.id("sec")) != ()
    with desk.database.look(ROOT) as work:
        assert notices.channel(work, shared.id)[1] == notices.channel(work, personal.id)[1] == ()
    for channel, role in ((personal, "security"), (shared, "king")):
        with pytest.raises((InvalidError, NotFoundError)), desk.root() as work:
            notices.subscribe_role(work, channel.id, role)
