"""From a record to people: by its routes, into groups, in the follower's own transaction.

INVARIANT: what is told of an entry is written together with the follower's place behind it, so each
entry is told once, whenever the process dies.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from muniment import access, jobs, ledger
from muniment.access import PERMISSIONS, Scope
from muniment.core.clock import stamp
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.ledger import Entry
from muniment.ledger.kinds.notices import NoticesBegan, SeenBy, Settled, Told, Unsubscribed
from muniment.notices import rules, store
from muniment.notices.models import Event, Group, Route, SubscriberKind, Targets, Telling

POST: Final = "notices.post"
_BEFORE: Final = timedelta(hours=1)
_REMEMBERED: Final = timedelta(seconds=2)
# What the chores tell by themselves, at once, is not told again when its record is read.
_TOLD_DIRECTLY: Final = frozenset({"notices.alarmed"})
_PARTED: Final = "access.person_left"


@dataclass(slots=True)
class Teller:
    """Tells people of what the ledger says; remembers the routes for a moment."""

    _routes: tuple[Route, ...] = ()
    _by_kind: dict[str, tuple[Route, ...]] = field(default_factory=dict)
    _read_at: datetime | None = None
    _work: Work | None = field(default=None, repr=False)
    _asked: dict[tuple[rules.Asked, Scope], Targets] = field(default_factory=dict, repr=False)
    _told: dict[str, Targets] = field(default_factory=dict, repr=False)

    def take(self, work: Work, entry: Entry) -> None:
        """Take one entry of the log; most concern nobody, and cost a look into a table."""
        kind = entry.kind
        if not self.may_tell(work, kind):
            return
        routes = self._routes_of(work, kind)
        event = event_of(entry)
        _notice_seen(work, event)
        if kind == _PARTED:
            _forget(work, str(event.body.get("person", "")))
        if routes and event.at >= _begun(work):
            for route in routes:
                if rules.settles(route, event):
                    settle(work, route, event)
            for route in routes:
                if rules.takes(route, event):
                    tell(work, route, event, self._targets(work, route, event), self._told)

    def may_tell(self, work: Work, kind: str) -> bool:
        """Tell whether an entry of this kind concerns anybody, by the routes of a moment ago."""
        if kind in _TOLD_DIRECTLY:
            return False
        known = bool(self._routes_of(work, kind))
        return known or kind in rules.SEEN_BY or kind == _PARTED

    def _targets(self, work: Work, route: Route, event: Event) -> Targets:
        """Look up whom a route asks for once in a unit of work: in a storm they are the same."""
        if self._work is not work:
            self._work, self._asked, self._told = work, {}, {}
        key = (rules.asked_of(route, event), _scope(event))
        if key not in self._asked:
            self._asked[key] = _look_up(work, *key)
        return self._asked[key]

    def _routes_of(self, work: Work, kind: str) -> tuple[Route, ...]:
        if self._read_at is None or not timedelta(0) <= work.now - self._read_at < _REMEMBERED:
            self._routes = tuple(all_routes(work).values())
            self._by_kind = {}
            self._read_at = work.now
        found = self._by_kind.get(kind)
        if found is None:
            found = tuple(each for each in self._routes if rules.may_concern(each, kind))
            self._by_kind[kind] = found
        return found


def event_of(entry: Entry) -> Event:
    """Read an entry as an event."""
    subject = entry.subject or {}
    about = (subject.get("kind", ""), subject.get("id", ""))
    return Event(entry.kind, about, entry.body, entry.index, entry.at)


def _begun(work: Work) -> datetime:
    """Give the moment from which on people are told; before it lies history."""
    since = store.groups.since(work)
    if since is None:
        since = work.now - _BEFORE
        store.groups.begin(work, since)
        ledger.record(work, NoticesBegan(stamp(since)))
    return since


def all_routes(work: Work) -> dict[str, Route]:
    """Give every route: those from the start, and in their place or beside them those set here."""
    return {**rules.DEFAULTS, **{each.name: each for each in store.channels.routes(work)}}


def tell(
    work: Work,
    route: Route,
    event: Event,
    targets: Targets | None = None,
    told: dict[str, Targets] | None = None,
) -> Group | None:
    """Tell people of an event by a route; give its group, or nothing if it concerns nobody."""
    if targets is None:
        targets = _look_up(work, rules.asked_of(route, event), _scope(event))
    if not targets.people and not targets.roles:
        return None
    subject = event.subject
    found = store.groups.latest(work, route.name, subject, route.severity)
    if found is None and store.groups.count_gathering(work, route.name) >= rules.MANY:
        subject = rules.MANY_SUBJECT
        found = store.groups.latest(work, route.name, subject, route.severity)
    if found is not None and _gathers(found):
        store.groups.count_one(work, found.id)
        group = found
        if told is not None and told.get(group.id) is targets:
            return group  # the same people were told of it in this very work
    else:
        group = _open(work, route, event, subject, targets, found)
    fresh = _tell_people(work, group, targets, event)
    if told is not None:
        told[group.id] = targets
    if fresh or group is not found:
        ledger.record(
            work,
            Told(
                notice=group.id,
                route=route.name,
                about_kind=event.kind,
                about=f"{event.subject[0]}:{event.subject[1]}",
                severity=route.severity.value,
                entry=event.entry,
                people=fresh,
                roles=targets.roles,
            ),
        )
    return group


def _gathers(group: Group) -> bool:
    """Tell whether a group takes more events; what somebody has looked at takes none."""
    return group.sent_at is None and group.settled_at is None and group.seen_at is None


def settle(work: Work, route: Route, event: Event) -> tuple[str, ...]:
    """Close what a route told about the same matter, because it was done."""
    found = store.groups.open_about(work, [route.name], rules.ids_in(event))
    ids = tuple(each.id for each in found)
    if ids:
        store.groups.mark(work, ids, settled_at=work.now)
        ledger.record(work, Settled(ids, event.entry))
    return ids


def _notice_seen(work: Work, event: Event) -> None:
    """Whoever opened or did a thing has seen what they were told of it."""
    field_name = rules.SEEN_BY.get(event.kind)
    person = str(event.body.get(field_name, "")) if field_name else ""
    if not person:
        return
    waiting = store.groups.unseen_about(work, person, [event.subject[1]])
    fresh = store.groups.see(work, person, waiting) if waiting else ()
    if fresh:
        ledger.record(work, SeenBy(fresh, person, how=event.kind))


def _forget(work: Work, person: str) -> None:
    """Remove the addresses and hours of somebody who left."""
    gone = store.channels.remove_subscriptions(work, person, kind=SubscriberKind.PERSON)
    hours = store.channels.remove_hours(work, person)
    if gone or hours:
        ledger.record(work, Unsubscribed(gone, person, why="left"))


def _look_up(work: Work, asked: rules.Asked, scope: Scope) -> Targets:
    people = list(access.active_people(work, asked.people))
    for role in asked.roles:
        people += access.who_holds(work, role, scope)
    for permission in asked.permissions:
        if permission in PERMISSIONS:
            people += access.who_may(work, permission, scope)
    told = tuple(dict.fromkeys(each for each in people if each not in asked.but))
    return Targets(told, asked.roles)


def _scope(event: Event) -> Scope:
    """Read where it happened; a place this build does not know is left out."""
    area = {"console": event.kind.partition(".")[0]}
    try:
        return Scope.read({**area, **rules.scope_in(event.body)})
    except InvalidError:
        return Scope.read(area)


def _open(
    work: Work,
    route: Route,
    event: Event,
    subject: tuple[str, str],
    targets: Targets,
    last: Group | None,
) -> Group:
    sent_at = last.sent_at if last is not None else None
    send_at, streak = rules.window(route, work.now, sent_at, last.streak if last else 0)
    escalates = timedelta(seconds=route.escalate_seconds)
    group = Group(
        id=work.new_id("ntc"),
        route=route.name,
        kind=event.kind,
        severity=route.severity,
        subject=subject,
        title=route.title,
        href=rules.href_of(route, event, subject)[:400],
        roles=targets.roles,
        entry=event.entry,
        opened_at=work.now,
        send_at=send_at,
        streak=streak,
        escalate_at=work.now + escalates if escalates else None,
        escalate_to=route.escalate_to if escalates else "",
    )
    store.groups.add(work, group)
    plan_post(work, send_at)
    return group


def plan_post(work: Work, send_at: datetime) -> None:
    """Have what is due then put into messages, once for each second."""
    whole = send_at.replace(microsecond=0) + timedelta(seconds=1 if send_at.microsecond else 0)
    jobs.enqueue(work, POST, run_at=whole, key=f"{POST}@{stamp(whole)}")


def _tell_people(work: Work, group: Group, targets: Targets, event: Event) -> tuple[str, ...]:
    fresh = []
    for person in targets.people:
        telling = Telling(work.new_id("tel"), group.id, person, why=event.kind, told_at=work.now)
        if store.groups.tell(work, telling):
            fresh.append(person)
    return tuple(fresh)
