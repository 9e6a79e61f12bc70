"""What each room says on the first page: calls, systems, policy, what waits for the reader."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from muniment import access, approvals, exchanges, notices, policy, registry
from muniment.access import Scope
from muniment.db import Work
from muniment.exchanges import Tally
from muniment.registry import (
    Cause,
    Deployment,
    Sighting,
    SightingQuery,
    SightingState,
    System,
    SystemQuery,
    SystemState,
)
from muniment.web.approvals.listing import held
from muniment.web.cells import Cell, tag_cell
from muniment.web.formats import count, day_text
from muniment.web.overview.glance import Figure, Glance, Happened, Said, Waiting
from muniment.web.registry.cells import ADDRESS, STATES, SYSTEMS, people

DAYS: Final = 7
_WEEK: Final = timedelta(days=DAYS)
_SHOWN: Final = 12
_RECENT: Final = 6
_MOST: Final = 50
_CALLS: Final = "/console/exchanges"
_SEEN: Final = f"{ADDRESS}/seen?state=open"
_CAUSES: Final = {
    Cause.PROMOTION: ("was promoted to", ""),
    Cause.ROLLBACK: ("was rolled back in", "stop"),
    Cause.EMERGENCY: ("was changed in an emergency in", "look"),
    Cause.CORRECTION: ("was corrected in", ""),
    Cause.IMPORT: ("was taken over in", ""),
}
_HOW: Final = {
    policy.How.PUBLISHED: "was published",
    policy.How.BOOTSTRAP: "began with the installation",
    policy.How.ROLLED_BACK: "came back by a rollback",
    policy.How.SHADOWED: "is tried in shadow",
    policy.How.SHADOW_ENDED: "is no longer in shadow",
}


def calls(work: Work) -> Glance:
    """Count the calls of a week, what was found in them, and what was refused."""
    days, first = exchanges.by_day(work, DAYS), work.now - timedelta(days=DAYS - 1)
    since = first.replace(hour=0, minute=0, second=0, microsecond=0)
    whole = sum(days, Tally())
    standing = exchanges.counted(work, work.now - _WEEK)
    unknown = standing.counts.get(exchanges.State.UNKNOWN.value, 0)
    stopped = len(exchanges.stops(work))
    said = []
    if stopped:
        verb = "hold" if stopped > 1 else "holds"
        said.append(Said(f"{_many(stopped, 'stop')} {verb}", f"{_CALLS}/stops", 3))
    if unknown:
        href = _calls(work.now - _WEEK, state="unknown")
        said.append(Said(f"nobody knows how {_many(unknown, 'call')} ended", href, 2))
    if standing.uninspected:
        href = _calls(work.now - _WEEK, looked="no")
        passed = _many(standing.uninspected, "call")
        said.append(Said(f"{passed} passed without a whole look", href, 2))
    return Glance(
        said=tuple(said),
        figures=(
            Figure(
                f"Calls, last {DAYS} days",
                count(whole.calls),
                f"{count(days[-1].calls)} today",
                _calls(since),
                tuple(each.calls for each in days),
            ),
            Figure(
                "Sensitive values found",
                count(whole.findings),
                f"{_many(whole.cured, 'call')} made safe before they left",
                _calls(since),
                tuple(each.findings for each in days),
            ),
            Figure(
                "Calls refused",
                count(whole.refused),
                "by policy, a limit, a stop or a person",
                _calls(since, state="refused"),
                tuple(each.refused for each in days),
            ),
            _held(work),
        ),
    )


def _calls(since: datetime, **asked: str) -> str:
    """Give the address of exactly the calls that a figure counts."""
    return f"{_CALLS}?{urlencode({**asked, 'since': since.isoformat(timespec='seconds')})}"


def _held(work: Work) -> Figure:
    """Count the calls, and uses of tools, that wait for a person's yes."""
    found = held(work)
    ends = [each.timing.expires_at for each in found if each.timing.expires_at]
    note = f"the first until {day_text(min(ends))}, {min(ends):%H:%M} UTC" if ends else "none waits"
    return Figure("Calls held", count(len(found)), note, "/console/approvals?which=held")


def systems(work: Work) -> Glance:
    """Tell the systems with their owners and calls, and what lacks or was seen unregistered."""
    page = registry.find_systems(work, SystemQuery(), limit=_SHOWN)
    seen = registry.find_sightings(work, SightingQuery(state=SightingState.OPEN), limit=_MOST)
    tallies = exchanges.by_system(work, work.now - _WEEK)
    owners = people(work, [each.profile.owner for each in page.rows])
    unseen = len(seen.rows)
    more = " or more" if seen.next_cursor else ""
    return Glance(
        said=(*_systems_said(work, page.rows), *_seen_said(seen.rows)),
        figures=(
            Figure("Unregistered things seen", f"{count(unseen)}{more}", _kinds(seen.rows), _SEEN),
        ),
        systems=tuple(
            (
                Cell(each.profile.name, f"{SYSTEMS}/{each.id}", note=each.key),
                tag_cell(each.state.value, {one.value: tone for one, tone in STATES.items()}),
                Cell(each.tier or "not known", tone="" if each.tier else "unknown"),
                Cell(owners.get(each.profile.owner, each.profile.owner)),
                *_numbers(work, each.id, tallies.get(each.id, Tally())),
            )
            for each in page.rows
        ),
        more_systems=page.next_cursor is not None,
        happened=tuple(_moved(work)),
    )


def rules(work: Work) -> Glance:
    """Tell the last changes of policy."""
    changes = policy.history(work, limit=_RECENT)
    names = access.named(work, [each.person for each in changes])
    return Glance(
        said=()
        if policy.is_ruled(work)
        else (Said("no policy is in force", "/console/policy", 3),),
        happened=tuple(
            Happened(
                each.at,
                f"Policy version {each.version} {_HOW[each.how]}",
                _by(names.get(each.person, each.person), each.reason),
                f"/console/policy/versions/{each.version}",
                "stop" if each.how is policy.How.ROLLED_BACK else "",
            )
            for each in changes
        ),
    )


def mine(work: Work) -> Glance:
    """Tell what waits for the reader: requests, lines of reviews, notices."""
    asked = approvals.inbox(work, limit=_MOST)
    lines = access.owed_lines(work)
    unread = notices.count_unseen(work)
    waiting = [
        Waiting(
            each.matter.title,
            each.matter.consequence,
            f"/console/approvals/{each.id}",
            "Decide",
            each.timing.expires_at,
        )
        for each in asked[:_RECENT]
    ]
    if lines:
        waiting.append(
            Waiting(
                f"{_many(lines, 'line')} of an access review",
                "Say of each right whether it is still needed.",
                "/console/access/reviews",
                "Review",
            )
        )
    if unread:
        waiting.append(
            Waiting(
                f"{_many(unread, 'notice')} you have not seen",
                "What the system had to tell you.",
                "/console/notices",
                "Read",
            )
        )
    said = (
        (
            Said(
                f"{_many(len(asked), 'decision')} wait{'s' if len(asked) == 1 else ''} for you",
                "/console/approvals",
                1,
            ),
        )
        if asked
        else ()
    )
    return Glance(said=said, waiting=tuple(waiting))


def _systems_said(work: Work, found: tuple[System, ...]) -> list[Said]:
    stopped = [each for each in found if each.state is SystemState.SUSPENDED]
    said = [
        Said(f"{each.profile.name} is suspended", f"{SYSTEMS}/{each.id}", 3) for each in stopped[:3]
    ]
    live = [each for each in found if each.state is SystemState.LIVE]
    lacking = [each for each in live if registry.gaps(work, each)]
    if lacking:
        first = f"{SYSTEMS}/{lacking[0].id}" if len(lacking) == 1 else f"{SYSTEMS}?state=live"
        name = lacking[0].profile.name if len(lacking) == 1 else _many(len(lacking), "live system")
        said.append(Said(f"{name} lack{'s' if len(lacking) == 1 else ''} something", first, 2))
    return said


def _seen_said(found: tuple[Sighting, ...]) -> list[Said]:
    if not found:
        return []
    return [Said(f"{_many(len(found), 'thing')} nobody registered answered calls", _SEEN, 2)]


def _kinds(found: tuple[Sighting, ...]) -> str:
    sorts = sorted({each.sort.value for each in found})
    return ", ".join(sorts) if sorts else "all that was seen is registered"


def _moved(work: Work) -> list[Happened]:
    page = registry.find_deployments(work, registry.DeploymentQuery(), limit=_RECENT)
    names = access.named(work, [each.author for each in page.rows])
    moved = dict.fromkeys(each.system_id for each in page.rows)
    systems_of = {each: registry.get_system(work, each).profile.name for each in moved}
    return [
        _moved_one(each, systems_of[each.system_id], names.get(each.author, each.author))
        for each in page.rows
    ]


def _moved_one(each: Deployment, name: str, author: str) -> Happened:
    verb, tone = _CAUSES[each.cause]
    href = f"{SYSTEMS}/{each.system_id}"
    return Happened(
        each.recorded_at, f"{name} {verb} {each.environment}", _by(author, each.reason), href, tone
    )


def _numbers(work: Work, system_id: str, tally: Tally) -> tuple[Cell, Cell]:
    """Write how often a system was called and what was found, for who may know."""
    if not access.may(work, work.actor, "exchanges.read", Scope.of(system=system_id)).ok:
        hidden = Cell("not yours to see", tone="unknown")
        return hidden, hidden
    href = _calls(work.now - _WEEK, system=system_id) if tally.calls else ""
    return Cell(count(tally.calls), href), Cell(count(tally.findings), href)


def _by(who: str, why: str) -> str:
    return f"By {who or 'the system'}. {why}".strip()


def _many(number: int, noun: str) -> str:
    return f"{count(number)} {noun}{'' if number == 1 else 's'}"
