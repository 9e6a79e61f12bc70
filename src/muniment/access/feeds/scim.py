"""Reads the accounts of another application by SCIM 2.0 (RFC 7644): groups, roles, entitlements.

Every active account is a right, and so is each group it is in (also by way of another group), each
role and each entitlement it carries. Pages are read until as many came as the server counts; if it
counts otherwise, somebody was changed meanwhile, and nothing is told rather than a part.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from muniment.core.errors import InvalidError, UnavailableError
from muniment.plugins.sockets import Ask, Right

_PAGE: Final = 100
_MOST: Final = 20_000
_WORDS: Final = frozenset({"url", "groups"})
_ACCOUNT: Final = "an account"
_CARRIED: Final = (("roles", "role"), ("entitlements", "entitlement"))

Json = Mapping[str, Any]


class ScimFeed:
    """The rights of one application that serves SCIM."""

    def __init__(self, words: Mapping[str, str], ask: Ask) -> None:
        strange = sorted(words.keys() - _WORDS)
        if strange or not words.get("url") or words.get("groups", "yes") not in {"yes", "no"}:
            raise InvalidError(
                f"the feed scim does not know {strange[0][:40]!r}"
                if strange
                else "no url is named",
                field="access.feeds",
                remedy='Give url, which ends before /Users, and if need be groups = "no".',
            )
        self._url = words["url"].rstrip("/")
        self._groups = words.get("groups", "yes") == "yes"
        self._ask = ask

    def rights(self) -> Iterator[Right]:
        """Tell each active account and what it holds."""
        users = {_id(each): each for each in self._all("Users")}
        groups = {_id(each): each for each in self._all("Groups")} if self._groups else {}
        inside = _memberships(groups)
        for user_id, user in users.items():
            if user.get("active") is False:
                continue
            account = _text(user, "userName")
            held = {_ACCOUNT, *_carried(user), *_named_groups(user), *inside.get(user_id, ())}
            yield from (Right(account, what, _address(user)) for what in sorted(held))

    def _all(self, kind: str) -> list[Json]:
        found: dict[str, Json] = {}
        start, total = 1, 1
        while start <= total:
            page = self._page(kind, start)
            total, rows = _total(page), page.get("Resources") or []
            if total > _MOST:
                raise UnavailableError(f"more than {_MOST} {kind} are told", remedy=_DIVIDE)
            if not isinstance(rows, list) or not all(isinstance(each, Mapping) for each in rows):
                raise UnavailableError(f"what is told of {kind} is no list")
            if not rows:
                break
            found |= {_id(each): each for each in rows}
            start += len(rows)
        if len(found) != total:
            raise UnavailableError(
                f"{total} {kind} are counted and {len(found)} were told",
                remedy="They changed while they were read; try again.",
            )
        return list(found.values())

    def _page(self, kind: str, start: int) -> Json:
        told = self._ask(f"{self._url}/{kind}?startIndex={start}&count={_PAGE}")
        try:
            page = json.loads(told)
        except (ValueError, RecursionError) as error:
            raise UnavailableError(f"what is told of {kind} is not JSON") from error
        if not isinstance(page, Mapping):
            raise UnavailableError(f"what is told of {kind} is no list of SCIM")
        return page


_DIVIDE: Final = "Divide the place, for example by a filter of its own."


def _total(page: Json) -> int:
    total = page.get("totalResults")
    if not isinstance(total, int) or isinstance(total, bool) or total < 0:
        raise UnavailableError("the answer does not count its resources")
    return total


def _memberships(groups: Mapping[str, Json]) -> dict[str, set[str]]:
    """Say in which groups an account is, also by way of groups in groups."""
    direct: dict[str, set[str]] = {}
    for group_id, group in groups.items():
        for each in group.get("members") or ():
            if isinstance(each, Mapping):
                direct.setdefault(str(each.get("value", "")), set()).add(group_id)
    return {
        member: {
            f"member of {_text(groups[each], 'displayName')}" for each in _above(member, direct)
        }
        for member in direct
        if member not in groups
    }


def _above(member: str, direct: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [member]
    while waiting:
        for each in direct.get(waiting.pop(), set()) - found:
            found.add(each)
            waiting.append(each)
    return found


def _carried(user: Json) -> Iterator[str]:
    for attribute, word in _CARRIED:
        for each in _values(user, attribute):
            yield f"{word} {each}"


def _named_groups(user: Json) -> Iterator[str]:
    for each in _values(user, "groups"):
        yield f"member of {each}"


def _values(user: Json, attribute: str) -> Iterator[str]:
    for each in user.get(attribute) or ():
        told = (each.get("display") or each.get("value")) if isinstance(each, Mapping) else each
        if told:
            yield str(told)


def _address(user: Json) -> str:
    emails = [each for each in user.get("emails") or () if isinstance(each, Mapping)]
    emails.sort(key=lambda each: each.get("primary") is not True)
    return str(emails[0].get("value") or "") if emails else ""


def _id(resource: Json) -> str:
    return _text(resource, "id")


def _text(resource: Json, name: str) -> str:
    value = resource.get(name)
    if not isinstance(value, str) or not value:
        raise UnavailableError(f"a resource is told without {name}")
    return value
