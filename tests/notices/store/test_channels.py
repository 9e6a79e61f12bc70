"""The memory of channels, subscriptions, hours and routes, on both databases."""

from __future__ import annotations

import pytest

from muniment import ledger
from muniment.core.errors import ConflictError, NotFoundError
from muniment.db import Database
from muniment.ledger.kinds.notices import ChannelSet, HoursSet, RouteSet, Subscribed
from muniment.notices import (
    Channel,
    Hours,
    Route,
    Severity,
    SubscriberKind,
    Subscription,
    rules,
    store,
)
from tests.notices.desk import ROOT


def test_what_is_kept_reads_back(database: Database) -> None:
    """A channel, a subscription in place of another, hours and a route come back as they were."""
    route = Route(
        "mine",
        ("access.*",),
        Severity.LOOK,
        "Said",
        ("role:security",),
        but=("person",),
        when=("state", ("a", "b")),
        settles=("access.revoked:done",),
    )
    with database.work(ROOT) as work:
        channel = Channel("chn_1", "Mail", "plain", True, Severity.LOOK, True, work.now, "k", "s")
        store.channels.add_channel(work, channel)
        for number in (1, 2):
            made = Subscription(
                f"sub_{number}", "chn_1", SubscriberKind.PERSON, "per_1", Severity.INFO, work.now
            )
            store.channels.subscribe(work, made)
        hours = Hours("per_1", "Europe/Berlin", 1, 2, weekends=True, holds=Severity.INFO)
        store.channels.set_hours(work, hours)
        store.channels.set_hours(work, hours)
        saved = store.channels.save_route(work, route, dict(rules.route_as_json(route)))
        for record in (
            ChannelSet("chn_1", "plain", True, "look", True),
            Subscribed("chn_1", "sub_2", "person", "per_1", "info"),
            HoursSet("per_1"),
            RouteSet("mine", "sha256:aa", True),
        ):
            ledger.record(work, record)
    with database.look(ROOT) as work:
        assert store.channels.channel(work, "chn_1") == channel
        assert [each.id for each in store.channels.subscriptions(work)] == ["sub_2"]
        assert store.channels.subscription(work, "sub_1") is None
        assert store.channels.subscriptions_of(work, ["per_1"], []) == (made,)
        assert store.channels.hours_of(work, ["per_1", "per_2"]) == {"per_1": hours}
        assert store.channels.routes(work) == (saved,)
        with pytest.raises(NotFoundError):
            store.channels.channel(work, "chn_2")
    with pytest.raises(ConflictError), database.work(ROOT) as work:
        store.channels.save_route(work, route, dict(rules.route_as_json(route)))
