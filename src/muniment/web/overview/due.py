"""What is due: reviews of systems, of access and of written policies, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from muniment import access, policy, registry
from muniment.access import CampaignState
from muniment.db import Work
from muniment.registry import SystemQuery, SystemState
from muniment.web.overview.glance import Due, Glance, Said

_AHEAD: Final = timedelta(days=60)
_MOST: Final = 100
_SYSTEMS: Final = "/console/registry/systems"
_REVIEWS: Final = "/console/access/reviews"
_EMERGENCIES: Final = "/console/access/emergencies"
_WRITTEN: Final = "/console/policy/written"


def of_systems(work: Work) -> Glance:
    """Tell which systems are to be reviewed again."""
    found = registry.find_systems(work, SystemQuery(), limit=_MOST).rows
    return Glance(
        due=_soon(
            work,
            (
                Due(each.review_due_at, f"Review of {each.profile.name}", f"{_SYSTEMS}/{each.id}")
                for each in found
                if each.review_due_at and each.state is not SystemState.RETIRED
            ),
        )
    )


def of_access(work: Work) -> Glance:
    """Tell which reviews of access are open, and which emergencies nobody looked over."""
    found = access.reviews(work, limit=_MOST).rows
    left = access.emergencies(work, unreviewed=True)
    names = access.names(work, [each.person_id for each in left])
    emergencies = [
        Due(
            each.ends_at,
            f"Look over what {names.get(each.person_id, each.person_id)} did in an emergency",
            f"{_EMERGENCIES}/{each.id}/review",
        )
        for each in left
    ]
    reviews = [
        Due(each.due_at, each.name, f"{_REVIEWS}/{each.id}")
        for each in found
        if each.state is not CampaignState.CLOSED
    ]
    late = [each for each in reviews if each.at < work.now]
    are, href = (
        ("reviews are", _REVIEWS) if len(late) > 1 else ("review is", late[0].href if late else "")
    )
    said = (Said(f"{len(late)} access {are} late", href, 2),) if late else ()
    return Glance(said=said, due=_soon(work, (*reviews, *emergencies)))


def of_policies(work: Work) -> Glance:
    """Tell which policies for people are to be looked at again."""
    found = policy.written_policies(work, limit=_MOST).rows
    return Glance(
        due=_soon(
            work,
            (
                Due(
                    each.shown.review_by,
                    f"Review of “{each.shown.title}”",
                    f"{_WRITTEN}/{each.shown.id}",
                )
                for each in found
                if each.held is not None
            ),
        )
    )


def _soon(work: Work, found: Iterable[Due]) -> tuple[Due, ...]:
    return tuple(each for each in found if each.at <= work.now + _AHEAD)
