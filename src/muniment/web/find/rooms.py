"""What each room finds: a few rows each, of what the reader may see, by bounded questions.

A room joins by a function from a look, the log and what was asked to a few hits, and one line in
`FINDERS` with the permission its own pages ask for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from muniment import access, approvals, detect, exchanges, ledger, policy, registry
from muniment.core.errors import ForbiddenError, MunimentError, NotFoundError
from muniment.db import Work
from muniment.ledger import Log
from muniment.registry import SystemQuery
from muniment.web.find.hits import Hit, matching, words_of

FEW: Final = 5
LEAST_CHARS: Final = 2
_LOOKED_THROUGH: Final = 100
_ID: Final = re.compile(r"[a-z]{2,5}_[0-9a-z]{1,60}")
_ENTRY: Final = re.compile(r"(?:entry )?#?([0-9]{1,12})")


@dataclass(frozen=True, slots=True)
class Finder:
    """How one room is asked, and what a reader needs to be told anything of it."""

    seek: Callable[[Work, Log, str], Iterable[Hit]]
    permission: str
    area: str = ""


def systems(work: Work, _log: Log, asked: str) -> Iterable[Hit]:
    """Find systems by what the registry knows of them."""
    found = registry.find_systems(work, SystemQuery(words=asked), limit=FEW)
    for each in found.rows:
        href = f"/console/registry/systems/{each.id}"
        yield Hit(each.profile.name, href, "system", each.key, found=True)


def parts(work: Work, _log: Log, asked: str) -> Iterable[Hit]:
    """Find models, prompts and other parts by name."""
    rows = registry.find_parts(work, asked, limit=FEW)
    keys = registry.keys_of(work, [each.system_id for each in rows])
    for each in rows:
        sort = "model" if each.kind is registry.PartKind.MODEL else "part"
        href = f"/console/registry/systems/{each.system_id}/parts/{each.label}"
        yield Hit(each.label, href, sort, f"of {keys.get(each.system_id, '')}", found=True)


def people(work: Work, _log: Log, asked: str) -> Iterable[Hit]:
    """Find people by name or address."""
    for each in access.people(work, text=asked, limit=FEW).rows:
        yield Hit(each.name, f"/console/access/people/{each.id}", "person", each.email, found=True)


def requests(work: Work, _log: Log, asked: str) -> Iterable[Hit]:
    """Find requests for approval by title, among the newest."""
    page = approvals.list_requests(work, approvals.Query(), limit=_LOOKED_THROUGH)
    hits = [
        Hit(each.matter.title, f"/console/approvals/{each.id}", "approval", each.state.value)
        for each in page.rows
    ]
    return matching(hits, asked)[:FEW]


def policies(work: Work, _log: Log, asked: str) -> Iterable[Hit]:
    """Find policies for people by title."""
    page = policy.written_policies(work, limit=_LOOKED_THROUGH)
    hits = [
        Hit(each.shown.title, f"/console/policy/written/{each.shown.id}", "policy")
        for each in page.rows
    ]
    return matching(hits, asked)[:FEW]


def rules(work: Work, _log: Log, asked: str) -> Iterable[Hit]:
    """Find the rules in force by name or reason."""
    number = policy.standing(work).enforced
    if not number:
        return ()
    href = f"/console/policy/versions/{number}"
    hits = [
        Hit(each.id, f"{href}#{each.id}", "rule", each.reason)
        for each in policy.show(work, number).bundle.rules
    ]
    return matching(hits, asked)[:FEW]


def detectors(_work: Work, _log: Log, asked: str) -> Iterable[Hit]:
    """Find what the detector knows to find."""
    hits = [
        Hit(each.title, f"/console/detect?type={each.type}", "detector", each.type)
        for each in detect.sheets()
    ]
    return matching(hits, asked)[:FEW]


def entries(_work: Work, log: Log, asked: str) -> Iterable[Hit]:
    """Find an entry of the ledger by its number or the id of its record."""
    number = _ENTRY.fullmatch(asked.casefold())
    try:
        if number is not None:
            index = ledger.entry(log, int(number[1])).index
        elif asked.startswith("rec_") and _ID.fullmatch(asked):
            index = ledger.find_by_id(log, asked).index
        else:
            return ()
    except NotFoundError:
        return ()
    return (Hit(f"Entry {index:,} of the ledger", f"/console/ledger/{index}", "id"),)


def _exchange(work: Work, named: str) -> str:
    return f"Call {exchanges.get(work, named).id}"


def _system(work: Work, named: str) -> str:
    return registry.get_system(work, named).profile.name


def _change(work: Work, named: str) -> str:
    return registry.get_change(work, named).title


def _request(work: Work, named: str) -> str:
    return approvals.get(work, named)[0].matter.title


def _person(work: Work, named: str) -> str:
    return access.person(work, named).name


def _service(work: Work, named: str) -> str:
    return access.service(work, named).name


def _team(work: Work, named: str) -> str:
    return access.team(work, named).name


def _key(work: Work, named: str) -> str:
    return access.key_of(work, named).label


# By how an id begins: who knows its name, and where its page is.
_BY_ID: Final[Mapping[str, tuple[Callable[[Work, str], str], str]]] = {
    "exc": (_exchange, "/console/exchanges"),
    "sys": (_system, "/console/registry/systems"),
    "chg": (_change, "/console/registry/changes"),
    "apr": (_request, "/console/approvals"),
    "per": (_person, "/console/access/people"),
    "svc": (_service, "/console/access/services"),
    "team": (_team, "/console/access/teams"),
    "key": (_key, "/console/access/keys"),
}


def by_id(work: Work, _log: Log, asked: str) -> Iterable[Hit]:
    """Find the one thing that has this id, if the reader may see it."""
    known = _BY_ID.get(asked.partition("_")[0]) if _ID.fullmatch(asked) else None
    if known is None:
        return ()
    name, address = known
    try:
        called = name(work, asked)
    except (NotFoundError, ForbiddenError):
        return ()
    return (Hit(called, f"{address}/{asked}", "id", asked),)


FINDERS: Final = (
    Finder(by_id, ""),
    Finder(entries, "ledger.read", "ledger"),
    Finder(systems, "registry.read"),
    Finder(people, "access.read", "access"),
    Finder(requests, "approvals.read"),
    Finder(parts, "registry.read"),
    Finder(policies, "policy.read"),
    Finder(rules, "policy.read", "policy"),
    Finder(detectors, "detect.read", "detect"),
)


def sought(work: Work, log: Log, finders: Iterable[Finder], asked: str) -> tuple[Hit, ...]:
    """Ask rooms in turn; one that cannot answer keeps no other from it."""
    if sum(map(len, words_of(asked))) < LEAST_CHARS and not _ENTRY.fullmatch(asked):
        return ()
    hits: list[Hit] = []
    for each in finders:
        try:
            hits.extend(each.seek(work, log, asked))
        except MunimentError:
            continue
    return tuple(hits)
