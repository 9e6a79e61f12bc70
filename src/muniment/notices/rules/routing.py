"""Which route an event takes, whom its fields name, and into which group it falls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from muniment.notices.models import Event, Route

# More matters of one route than this, open at once for somebody, are one matter without a subject.
MANY: Final = 20
MANY_SUBJECT: Final = ("many", "")
LONGEST_WINDOW: Final = timedelta(hours=1)
_STREAK_ENDS_AFTER: Final = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a route asks for, before anybody is looked up."""

    people: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    but: tuple[str, ...] = ()


def takes(route: Route, event: Event) -> bool:
    """Tell whether an event goes by this route."""
    if not route.active or not is_kind(event.kind, route.kinds):
        return False
    field, values = route.when
    if not field:
        return True
    found = event.body.get(field)
    return str(found) in values if values else bool(found)


def may_concern(route: Route, kind: str) -> bool:
    """Tell whether a route could take or settle events of a kind."""
    settling = (each.partition(":")[0] for each in route.settles)
    return (route.active and is_kind(kind, route.kinds)) or kind in settling


def is_kind(kind: str, wanted: Iterable[str]) -> bool:
    """Tell whether a kind is among those named; `room.*` means all of a room."""
    return any(
        each == kind or (each.endswith(".*") and kind.startswith(each[:-1])) for each in wanted
    )


def settles(route: Route, event: Event) -> bool:
    """Tell whether what happened makes telling of an earlier matter needless."""
    for each in route.settles:
        kind, _, state = each.partition(":")
        if kind == event.kind and state in ("", str(event.body.get("state"))):
            return True
    return False


def ids_in(event: Event) -> frozenset[str]:
    """List the ids an event speaks of: its subject and the words of its body."""
    words = {value for value in event.body.values() if isinstance(value, str) and value}
    return frozenset(words | {event.subject[1]} - {""})


def asked_of(route: Route, event: Event) -> Asked:
    """Read whom a route asks for, out of its own words and the fields of the event."""
    people: list[str] = []
    roles: list[str] = []
    permissions: list[str] = []
    for each in route.to:
        sort, _, name = each.partition(":")
        if sort == "person":
            people.append(name)
        elif sort == "role":
            roles.append(name)
        elif sort == "permission":
            permissions.append(name)
        elif sort == "field":
            people += words_in(event.body, name)
        elif sort == "roles":
            named = words_in(event.body, name)
            roles += [role for role in named if role]
            # A need that names no role asks whoever may decide.
            permissions += ["approvals.decide"] if "" in named else []
    but = [person for name in route.but for person in words_in(event.body, name)]
    return Asked(
        tuple(dict.fromkeys(person for person in people if person)),
        tuple(dict.fromkeys(roles)),
        tuple(dict.fromkeys(permissions)),
        tuple(but),
    )


def words_in(body: Mapping[str, Any], name: str) -> list[str]:
    """Read a field that holds a word or several; what is not there names nobody."""
    found = body.get(name)
    if isinstance(found, str):
        return [found]
    if isinstance(found, (list, tuple)):
        return [each for each in found if isinstance(each, str)]
    return []


def scope_in(body: Mapping[str, Any]) -> dict[str, str]:
    """Read where something happened; nothing said means everywhere."""
    found = body.get("scope")
    if not isinstance(found, Mapping):
        return {}
    return {str(kind): str(named) for kind, named in found.items()}


def href_of(route: Route, event: Event, subject: tuple[str, str]) -> str:
    """Give the place in the console where the matter stands."""
    if subject == MANY_SUBJECT:
        return "/console/notices"
    template = route.href or "/console/ledger/{entry}"
    return template.replace("{id}", subject[1]).replace("{entry}", str(event.entry))


def window(
    route: Route, now: datetime, last_sent_at: datetime | None, last_streak: int
) -> tuple[datetime, int]:
    """Say until when events of one key are gathered, and the how-many-th message in a row it is.

    The first message waits for the route's window; each further one in a row waits twice as long as
    the one before, an hour at most, so that a lasting storm is told ever more seldom.
    """
    first = timedelta(seconds=route.group_seconds)
    if last_sent_at is None or now - last_sent_at > LONGEST_WINDOW * _STREAK_ENDS_AFTER:
        return now + first, 0
    streak = min(last_streak + 1, 20)
    least = max(first, timedelta(seconds=1))
    return max(now + first, last_sent_at + min(least * (1 << streak), LONGEST_WINDOW)), streak
