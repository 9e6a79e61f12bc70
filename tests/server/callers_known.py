"""Everybody the authorisation matrix asks as, and one of each thing there is to ask about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from anyio import to_thread
from starlette.types import ASGIApp

from muniment import access, approvals, exchanges, registry
from muniment.access import Holder, HolderKind, LineSort, PersonId, Scope
from muniment.approvals import Matter, Rule
from muniment.db import Work
from muniment.exchanges import Limit, Measure, Origin, Refusal, ScopeKind, StopKind, Window
from muniment.exchanges.service.calls import _refused
from muniment.ledger import record
from muniment.server import House
from muniment.server.app import make_app
from tests.exchanges.making import catch_up
from tests.server.asking import Answer, house_in
from tests.server.asking import _call as call
from tests.server.people import (
    MACHINE,
    Somebody,
    found_admin,
    give,
    key_of,
    person_with,
    service_with,
    signed_in,
)

FOREIGN: Final = Scope.of(system="sys_other")
ROLES: Final = tuple(access.BUILT_IN)
AREAS: Final = tuple(
    Scope.of(console=area)
    for area in ("access", "ledger", "vault", "detect", "notices", "policy", "exchanges")
)
WIDE: Final = ("owner", "security", "admin")  # who may change most; also asked by key
SETTINGS: dict[str, object] = {"access.second_factor_roles": ()}


@dataclass(frozen=True)
class Cast:
    """The house, who asks, and the ids that stand in addresses."""

    house: House
    app: ASGIApp
    headers: Mapping[str, Mapping[str, str]]
    ids: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, Any] = field(default_factory=dict)


@contextmanager
def cast_in(folder: Path) -> Iterator[Cast]:
    """Open an installation with every kind of caller, and one of each thing."""
    with house_in(folder / "data", **SETTINGS) as house:
        house.log.begin()
        ada = found_admin(house)
        with house.database.work(MACHINE) as work:
            system, change = _system_with_change(work, ada.id)
            sighting = _sighting(work, system)
        own = Scope.of(system=system)
        headers = {"stranger": {}, "expired": _expired(house), **_people(house, ada, own)}
        ids = {**_things(house, ada, own), "system_id": system, "change_id": change}
        ids["sighting_id"] = sighting
        ids |= _calls(house, system)
        yield Cast(house, make_app(house), headers, ids=ids)


def _people(house: House, ada: Somebody, here: Scope) -> dict[str, dict[str, str]]:
    callers: dict[str, dict[str, str]] = {"nobody": person_with(house).headers}
    for role in ROLES:
        own = person_with(house, role, AREAS[0] if role == "auditor" else access.EVERYTHING)
        if role == "auditor":
            for area in AREAS[1:]:
                give(house, own.holder, role, area)
        callers[role] = own.headers
        callers[f"{role} here"] = person_with(house, role, here).headers
        callers[f"{role} elsewhere"] = person_with(house, role, FOREIGN).headers
        if role in WIDE:
            callers[f"key of {role}"] = key_of(house, own).headers
    callers["service that builds"] = service_with(house, ada, "builder").headers
    return callers


def _expired(house: House) -> dict[str, str]:
    """Give the headers of somebody whose session was good and is over."""
    somebody = person_with(house, "admin", name="Edda Ended")
    with house.database.work(MACHINE) as work:
        access.end_sessions_of(work, PersonId(somebody.id), "a test")
    return somebody.headers


def _things(house: House, ada: Somebody, own: Scope) -> dict[str, str]:
    """Make one of each thing that an address can name."""
    subject = person_with(house, "operator", own, name="Sam Subject")
    judge = person_with(house, "compliance", name="Jo Judge")
    holder = Holder(HolderKind.PERSON, subject.id)
    service = service_with(house, subject, name="subject's shop")
    with house.database.work(MACHINE) as work:
        team = access.add_team(work, "Subjects")
        access.join(work, team.id, holder)
        access.define_role(work, "looker", "Looks at the ledger.", ["ledger.read"])
        told = [access.Told("x@example.org", "Editor")]
        access.tell_outside(work, "grafana", told, source="test")
        key = access.issue_key(work, Holder(HolderKind.SERVICE, service.id), "a key")
        right = access.outside(work).rows[0]
        grant = access.grants(work, holder_id=subject.id).rows[0]
    with house.database.work(judge.actor) as work:
        due = work.now + timedelta(days=9)
        names = [PersonId(judge.id), PersonId(ada.id)]
        review = access.open_review(
            work, "Quarter", names, due_at=due, sorts=frozenset({LineSort.GRANT})
        )
        line = access.review_lines(work, review.id).rows[0]
        matter = Matter(
            kind="test.change",
            subject=("system", own.place("system")),
            title="A change",
            document={"part": "a"},
            consequence="The part is a.",
            scope=own.as_dict(),
        )
    with house.database.work(MACHINE) as work:
        request = approvals.ask(work, matter, Rule())
    house.log.seal()
    signed_in(house, subject.id)
    return {
        "person_id": subject.id,
        "service_id": service.id,
        "team_id": team.id,
        "name": "looker",
        "channel_id": "chn_none",
        "subscription_id": "sub_none",
        "notice_id": "ntc_none",
        "grant_id": grant.id,
        "key_id": key.key.id,
        "right_id": right.id,
        "emergency_id": "emg_none",
        "review_id": review.id,
        "line_id": line.id,
        "kind": "person",
        "member_id": subject.id,
        "index": "0",
        "which": "0",
        "path": f"0/000.p/{house.log.size()}",
        "sha8": "00000000",
        "what": "ServiceProviderConfig",
        "one": "none",
        "link": "none",
        "request_id": request.id,
        "delegation_id": "dlg_none",
        "secret": "none",
        "shred_id": "shr_none",
        "case_id": "cas_none",
        "act": "name",
        "issuer": "none",
        "number": "1",
        "decision_id": "dec_none",
        "document_id": "none",
        "hold_id": "hld_none",
        "version": "1",
        "issuer_id": "iss_none",
        "signer_id": "sgn_none",
        "host_id": "hst_none",
        "digest": "none",
        "form": "spdx",
        "view_id": "viw_none",
    }


def _system_with_change(work: Work, owner: str) -> tuple[str, str]:
    """Register a system with a prompt, and a change that nobody has approved."""
    stated = {"name": "Looker", "purpose": "Looks.", "owner": owner}
    system = registry.register(work, "looker", stated)
    registry.add_version(work, system.id, "prompt/looker", {"text": "Look."})
    change = registry.draft(work, system.id, "Look", {"prompt/looker": 1}, reason="a test")
    return system.id, change.id


@dataclass(frozen=True)
class _Entry:
    """A record of traffic, as a follower reads it."""

    body: dict[str, str]
    index: int = 0
    kind: str = "exchanges.seen"


def _sighting(work: Work, system: str) -> str:
    """Let something be seen in the traffic of a system that nobody registered."""
    seen = {"system_id": system, "environment": "production", "sort": "tool", "name": "wire"}
    registry.follow_seen(work, _Entry({**seen, "seen_at": "2026-11-20T14:27:00Z"}))
    return registry.find_sightings(work, registry.SightingQuery()).rows[0].id


def _calls(house: House, system: str) -> dict[str, str]:
    """Let a call be refused for the system, limit it and stop it."""
    origin = Origin("exc_one", system, "production", "key_1", "chat")
    with house.database.work(MACHINE) as work:
        record(work, _refused(Refusal(origin, "m", "limit", "limited", 429)))
        wanted = Limit(
            "", ScopeKind.SYSTEM, system, Measure.TOKENS, Window.DAY, 9, reason="A test."
        )
        limit = exchanges.set_limit(work, wanted)
    with house.database.work(MACHINE) as work:
        stop = exchanges.stop(work, StopKind.SYSTEM, system, reason="A test.")
    catch_up(house.log)
    return {"exchange_id": "exc_one", "limit_id": limit.id, "stop_id": stop.id}


async def ask_all(
    app: ASGIApp, asked: list[tuple[str, str, Mapping[str, str], bytes]]
) -> list[Answer]:
    """Send requests one after the other, in one loop."""
    return [await _one(app, *each) for each in asked]


async def _one(
    app: ASGIApp, method: str, path: str, headers: Mapping[str, str], body: bytes
) -> Answer:
    where, _, query = path.partition("?")
    given = {"host": "localhost", "accept": "text/html", **headers}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": where,
        "raw_path": where.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in given.items()],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8484),
    }
    return await call(app, scope, [body])


def run(app: ASGIApp, asked: list[tuple[str, str, Mapping[str, str], bytes]]) -> list[Answer]:
    """Send requests one after the other and give the answers."""
    with _in_one_thread():
        return asyncio.run(ask_all(app, asked))


@contextmanager
def _in_one_thread() -> Iterator[None]:
    """Call at once what the application hands to other threads; thousands of turns are not waited.

    Nothing else asks meanwhile, so there is nobody whom it could keep waiting.
    """

    async def at_once(call: Callable[..., Any], *arguments: Any, **_how: Any) -> Any:
        return call(*arguments)

    kept = to_thread.run_sync
    to_thread.run_sync = at_once  # type: ignore[assignment]  # put back below
    try:
        yield
    finally:
        to_thread.run_sync = kept
