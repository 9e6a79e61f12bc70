"""The routes there are from the start; a route of the same name in the database takes its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from muniment.notices.models import Route, Severity

_APPROVAL: Final = "/console/approvals/{id}"
_OVER: Final = (
    "approvals.decided:approved",
    "approvals.decided:denied",
    "approvals.overridden",
    "approvals.settled_by_rule",
    "approvals.withdrawn",
    "approvals.expired",
)
_HOUR: Final = 3_600
_DAY: Final = 24 * _HOUR
_INFO, _LOOK, _URGENT = Severity.INFO, Severity.LOOK, Severity.URGENT

_ROUTES: Final = (
    Route(
        "approval-asked",
        ("approvals.asked", "approvals.revised"),
        _LOOK,
        "An approval waits for you",
        ("roles:roles", "field:standing_in"),
        but=("author",),
        href=_APPROVAL,
        group_seconds=10,
        escalate_seconds=_DAY,
        escalate_to="compliance",
        settles=_OVER,
    ),
    Route(
        "approval-reminded",
        ("approvals.reminded",),
        _LOOK,
        "An approval still waits for you",
        ("roles:roles", "field:standing_in"),
        but=("author",),
        href=_APPROVAL,
        group_seconds=10,
        settles=_OVER,
    ),
    Route(
        "approval-escalated",
        ("approvals.escalated",),
        _URGENT,
        "An approval was passed up to you",
        ("roles:role", "field:standing_in"),
        but=("author",),
        href=_APPROVAL,
        group_seconds=5,
        settles=_OVER,
    ),
    Route(
        "approval-decided",
        ("approvals.decided",),
        _INFO,
        "What you asked for was decided",
        ("field:author",),
        when=("state", ("approved", "denied")),
        href=_APPROVAL,
        group_seconds=10,
    ),
    Route(
        "approval-decided-by-rule",
        ("approvals.settled_by_rule",),
        _INFO,
        "What you asked for was decided by a rule",
        ("field:author",),
        href=_APPROVAL,
        group_seconds=10,
    ),
    Route(
        "approval-overridden",
        ("approvals.overridden",),
        _URGENT,
        "Somebody overrode missing approvals",
        ("field:author", "role:compliance"),
        but=("person",),
        href=_APPROVAL,
        group_seconds=5,
    ),
    Route(
        "approval-expired",
        ("approvals.expired",),
        _LOOK,
        "What you asked for was not answered in time",
        ("field:author",),
        href=_APPROVAL,
        group_seconds=10,
    ),
    Route(
        "delegation",
        ("approvals.delegated",),
        _INFO,
        "Somebody lets you answer for them",
        ("field:taker",),
        href="/console/approvals/delegations",
    ),
    Route(
        "glass-broken",
        ("access.glass_broken",),
        _URGENT,
        "Somebody took a role in an emergency",
        ("role:security", "role:compliance"),
        but=("person",),
        href="/console/access/emergencies",
        group_seconds=5,
        escalate_seconds=_HOUR,
        escalate_to="admin",
        settles=("access.emergency_reviewed",),
    ),
    Route(
        "emergencies-unreviewed",
        ("access.emergencies_unreviewed",),
        _LOOK,
        "Emergencies were not looked over in time",
        ("role:security", "role:compliance"),
        href="/console/access/emergencies",
        escalate_seconds=_DAY,
        escalate_to="admin",
    ),
    Route(
        "review-opened",
        ("access.review_opened", "access.line_reassigned"),
        _INFO,
        "A review of access has lines for you",
        ("field:reviewers", "field:reviewer"),
        href="/console/access/reviews/{id}",
    ),
    Route(
        "review-overdue",
        ("access.review_overdue",),
        _LOOK,
        "A review of access is late",
        ("field:reviewers", "permission:access.open_review"),
        href="/console/access/reviews/{id}",
        escalate_seconds=_DAY,
        escalate_to="admin",
    ),
    Route(
        "duty-excepted",
        ("access.duty_excepted",),
        _INFO,
        "Somebody may hold conflicting duties for a time",
        ("role:security", "role:compliance"),
        href="/console/access/exceptions",
    ),
    Route(
        "shred-asked",
        ("vault.shred_asked",),
        _LOOK,
        "Somebody asked to destroy content for good",
        ("permission:vault.approve_shred",),
        href="/console/vault",
        settles=("vault.shred_approved", "vault.shredded"),
    ),
    Route(
        "shredded",
        ("vault.shredded",),
        _LOOK,
        "Content was destroyed for good",
        ("role:security", "role:compliance"),
        href="/console/vault",
    ),
    Route(
        "tables-changed",
        ("ledger.reconciled",),
        _URGENT,
        "Tables differ from what the ledger says",
        ("role:security", "role:admin"),
        when=("differences", ()),
        href="/console/ledger/check",
        group_seconds=5,
        escalate_seconds=_HOUR,
        escalate_to="compliance",
    ),
    Route(
        "ledger-key-lost",
        ("ledger.key_lost", "ledger.restored"),
        _URGENT,
        "The ledger lost its key, or an older copy was accepted",
        ("role:security", "role:compliance", "role:admin"),
        href="/console/ledger/{entry}",
        group_seconds=5,
    ),
    Route(
        "follower-behind",
        ("notices.alarmed",),
        _URGENT,
        "Background work stands still",
        ("role:operator", "role:admin"),
        href="/ready",
        group_seconds=5,
        escalate_seconds=_HOUR,
        escalate_to="security",
    ),
    Route(
        "channel-failed",
        ("notices.given_up",),
        _LOOK,
        "Notices could not be delivered over a channel",
        ("permission:notices.manage",),
        when=("cause", ("refused", "spent")),
        href="/console/notices/channels",
        group_seconds=600,
    ),
)

# Whoever did this has seen what they were told of it.
SEEN_BY: Final[Mapping[str, str]] = {
    "approvals.opened": "person",
    "approvals.decided": "person",
    "approvals.overridden": "person",
    "approvals.link_followed": "person",
}

DEFAULTS: Final[Mapping[str, Route]] = {each.name: replace(each, built_in=True) for each in _ROUTES}
