"""What nobody may miss: a notice nobody looked at, work that stands still, a log that is broken."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from muniment import access, jobs, ledger
from muniment.db import Work
from muniment.ledger import HealthState
from muniment.ledger.kinds.notices import Alarmed, NoticeEscalated
from muniment.notices import store
from muniment.notices.models import Event, Group, Route, Severity, Telling
from muniment.notices.service.courier import Courier
from muniment.notices.service.sending import post_again, try_once
from muniment.notices.service.telling import all_routes, tell
from muniment.plugins.sockets import Delivery, Message

_AT_ONCE: Final = 200
_ALARM_EVERY_SECONDS: Final = 3_600.0
_AGAIN_AFTER: Final = timedelta(hours=24)
_BEHIND_FOR: Final = timedelta(minutes=10)
_BEHIND_ROUTE: Final = "follower-behind"


def escalate(work: Work, courier: Courier) -> int:
    """Tell holders of a higher role what nobody looked at in time; give how many notices."""
    found = store.groups.unseen(work, work.now, limit=_AT_ONCE)
    for group in found:
        _escalate(work, courier, group)
    return len(found)


def _escalate(work: Work, courier: Courier, group: Group) -> None:
    store.groups.mark(work, [group.id], escalated_at=work.now)
    area = access.Scope.of(console=group.kind.partition(".")[0])
    fresh = []
    for person in access.who_holds(work, group.escalate_to, area):
        telling = Telling(work.new_id("tel"), group.id, person, "nobody looked", work.now)
        if store.groups.tell(work, telling):
            fresh.append(person)
    told = tuple(fresh)
    ledger.record(work, NoticeEscalated(group.id, group.escalate_to, told))
    if group.sent_at is not None:  # else it leaves with the others, when its window ends
        post_again(work, courier, group, told)


def watch_followers(work: Work, courier: Courier) -> int:
    """Tell of followers that stopped themselves or lag behind the log, each once a day."""
    size = courier.log.size()
    route = all_routes(work)[_BEHIND_ROUTE]
    told = 0
    for each in jobs.followers(work):
        behind = size - each.next_index
        lags = behind > courier.settings.notices.behind_entries
        if (each.stopped or lags) and route.active:
            event = Event(
                "notices.alarmed", ("follower", each.name), {"behind": behind}, -1, work.now
            )
            told += _tell_once(work, route, event, each.next_index)
    return told


def _tell_once(work: Work, route: Route, event: Event, at: int) -> int:
    last = store.groups.latest(work, route.name, event.subject, route.severity)
    if last is not None and last.opened_at > work.now - _AGAIN_AFTER:
        return 0
    ledger.record(work, Alarmed(event.subject[1], at, int(event.body["behind"])))
    return int(tell(work, route, event) is not None)


def alarm_of_log(work: Work, courier: Courier) -> tuple[Delivery, ...]:
    """Tell of a log that does not verify, straight over the channels of those who guard it.

    Nothing can be recorded then, so nothing is written here either: no group, no delivery. Each
    process says it again every hour, for as long as it lasts.
    """
    if courier.log.health().state is not HealthState.BROKEN:
        courier.alarms_sent.clear()
        return ()
    ticks = courier.log.database.clock.monotonic()
    last = courier.alarms_sent.get("log")
    if last is not None and ticks - last < _ALARM_EVERY_SECONDS:
        return ()
    courier.alarms_sent["log"] = ticks
    return tuple(try_once(courier, via, message)[0] for via, message in _alarms(work, courier))


def _alarms(work: Work, courier: Courier) -> list[tuple[str, Message]]:
    roles = ("security", "compliance", "admin")
    people = {person for role in roles for person in access.who_holds(work, role)}
    channels = {each.id: each for each in store.channels.channels(work)}
    found = []
    for each in store.channels.subscriptions_of(work, people, roles):
        channel = channels[each.channel_id]
        secrets = courier.open(channel)
        message = Message(
            id=work.new_id("msg"),
            to=courier.place(channel, secrets, courier.address_of(each)),
            title="The ledger does not verify; writing has stopped",
            body=f"See what is wrong and what to do:\n{courier.base}/console/ledger/check",
            link=f"{courier.base}/console/ledger/check",
            severity=Severity.URGENT.value,
            facts=({"kind": "ledger.broken", "severity": "urgent"},),
            secrets=(secrets.secret,) if secrets.secret else (),
        )
        found.append((channel.via, message))
    return found
