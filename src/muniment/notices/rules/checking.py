"""What a route, a channel and quiet hours must be before they are kept."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection, Mapping
from typing import Final

from muniment.core.errors import InvalidError
from muniment.notices.models import Hours, Route
from muniment.notices.rules.quiet import DAY_MINUTES

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 how secrets begin, and none itself
SECRET_BYTES: Final = 32
_LEAST_SECRET_BYTES: Final = 24
_MOST_SECRET_BYTES: Final = 64
PLACE: Final = "{to}"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\Z")
_KIND: Final = re.compile(r"[a-z]+\.(\*|[a-z][a-z_]*)\Z")
_TO: Final = re.compile(r"(role|person|permission|field|roles):[A-Za-z0-9_.-]{1,100}\Z")
_LONGEST_WORDS: Final = 200
_LONGEST_TARGET: Final = 2_000
_LONGEST_SECONDS: Final = 30 * 86_400
_MOST: Final = 20


def require_route(
    route: Route, *, kinds: Collection[str], roles: Collection[str], permissions: Collection[str]
) -> Route:
    """Refuse a route that could tell nobody of anything."""
    if not _NAME.match(route.name):
        _refuse("name", f"{route.name[:60]!r} is no name", "Use small letters, digits and dashes.")
    _require_some(route.kinds, "kinds")
    for kind in route.kinds:
        room = kind.partition(".")[0] + "."
        known = any(each.startswith(room) for each in kinds) if kind.endswith(".*") else False
        if not _KIND.match(kind) or not (known or kind in kinds):
            _refuse("kinds", f"{kind[:60]!r} is not a kind", "See `muniment ledger kinds`.")
    require_words(route.title, "title")
    _require_some(route.to, "to")
    for each in route.to:
        _require_target(each, roles, permissions)
    for name, seconds in (
        ("group_seconds", route.group_seconds),
        ("escalate_seconds", route.escalate_seconds),
    ):
        if not 0 <= seconds <= _LONGEST_SECONDS:
            _refuse(name, f"{seconds} seconds is too long or too short", "Give 30 days at most.")
    if route.escalate_to and route.escalate_to not in roles:
        _refuse("escalate_to", f"there is no role {route.escalate_to[:60]!r}", "Choose a role.")
    if route.escalate_seconds and not route.escalate_to:
        _refuse("escalate_to", "there is nobody to tell then", "Choose a role.")
    return route


def require_words(text: str, field: str) -> str:
    """Take a line a person wrote, if it is one."""
    said = " ".join(text.split())
    if not said or len(said) > _LONGEST_WORDS or not said.isprintable():
        _refuse(field, "is empty or too long", f"Write a line of {_LONGEST_WORDS} letters at most.")
    return said


def require_target(target: str, *, personal: bool) -> str:
    """Take the address of a channel; a personal one says where a person's own address goes."""
    said = target.strip()
    if not said or len(said) > _LONGEST_TARGET or not said.isprintable():
        _refuse("target", "is empty or too long", "Give an address.")
    if personal and said.count(PLACE) != 1:
        _refuse("target", f"does not say where {PLACE} goes", f"Write {PLACE} in it once.")
    if not personal and PLACE in said:
        _refuse("target", f"holds {PLACE}, which is for personal channels", "Leave it out.")
    return said


def read_secret(secret: str) -> bytes:
    """Read a signing secret of the Standard Webhooks form: whsec_ and 24 to 64 bytes in base64."""
    try:
        found = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except (ValueError, binascii.Error):
        found = b""
    if not _LEAST_SECRET_BYTES <= len(found) <= _MOST_SECRET_BYTES:
        _refuse(
            "secret",
            "is not a signing secret",
            f"Use {SECRET_PREFIX} and 24 to 64 bytes in base64, or let one be made.",
        )
    return found


def write_secret(secret: bytes) -> str:
    """Write a signing secret in the Standard Webhooks form."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def require_hours(hours: Hours, zones: Collection[str]) -> Hours:
    """Refuse quiet hours nobody could keep."""
    if hours.zone not in zones:
        _refuse("zone", f"{hours.zone[:60]!r} is not a time zone", "Use a name such as UTC.")
    for name, minutes in (("starts", hours.starts), ("ends", hours.ends)):
        if not 0 <= minutes < DAY_MINUTES:
            _refuse(name, "is not a time of day", "Write it as 22:00.")
    return hours


def placed(target: str, address: str) -> str:
    """Put a person's address into the target of a personal channel."""
    return target.replace(PLACE, address)


def route_as_json(route: Route) -> Mapping[str, object]:
    """Give a route as plain JSON, without what belongs to its row."""
    return {
        "kinds": list(route.kinds),
        "severity": route.severity.value,
        "title": route.title,
        "to": list(route.to),
        "but": list(route.but),
        "when": [route.when[0], list(route.when[1])],
        "href": route.href,
        "group_seconds": route.group_seconds,
        "escalate_seconds": route.escalate_seconds,
        "escalate_to": route.escalate_to,
        "settles": list(route.settles),
    }


def _require_target(target: str, roles: Collection[str], permissions: Collection[str]) -> None:
    sort, _, name = target.partition(":")
    if not _TO.match(target):
        _refuse("to", f"{target[:60]!r} names nobody", "Write role:NAME, person:ID or field:NAME.")
    if sort == "role" and name not in roles:
        _refuse("to", f"there is no role {name[:60]!r}", "See `muniment access roles`.")
    if sort == "permission" and name not in permissions:
        _refuse("to", f"there is no permission {name[:60]!r}", "See the reference of access.")


def _require_some(values: tuple[str, ...], field: str) -> None:
    if not 0 < len(values) <= _MOST:
        _refuse(field, "names nothing, or too much", f"Give one to {_MOST}.")


def _refuse(field: str, why: str, remedy: str) -> None:
    raise InvalidError(why, field=field, remedy=remedy)
