"""Something to call before anything is set up: a system that echoes, in development, with a key."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from muniment import access, policy, registry
from muniment.access import EVERYTHING, Holder, HolderKind, KeyLimits, PersonId, Scope, ServiceKind
from muniment.core.actor import system_actor
from muniment.core.errors import ConflictError, NotFoundError
from muniment.db import Database, Work
from muniment.registry import System

SYSTEM: Final = "playground"
ENVIRONMENT: Final = "development"
_ACTOR: Final = system_actor("try")
_REASON: Final = "To try the gateway."
_PACK: Final = "generative-ai-data"
_LASTS: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Trial:
    """What somebody needs for a first call."""

    system: str
    environment: str
    key: str = field(repr=False)


def begin_trial(database: Database) -> Trial:
    """Make sure that the playground serves, and give a key for it that ends in a week."""
    with database.work(_ACTOR) as work:
        owner = _somebody(work)
        system = _playground(work, owner)
        if not policy.is_ruled(work):
            policy.bootstrap(work, policy.pack(_PACK).sources, reason=_REASON)
        key = _key(work, owner, system)
    return Trial(SYSTEM, ENVIRONMENT, key)


def _somebody(work: Work) -> PersonId:
    admins = access.who_holds(work, "admin", EVERYTHING)
    if not admins:
        raise ConflictError(
            "nobody is here yet who could answer for a system",
            remedy="Open the link that `muniment up` printed, then try again.",
        )
    return PersonId(min(admins))


def _playground(work: Work, owner: PersonId) -> System:
    try:
        return registry.get_system(work, SYSTEM)
    except NotFoundError:
        pass
    stated = {"name": "Playground", "purpose": "First calls, which are said back.", "owner": owner}
    system = registry.register(work, SYSTEM, stated)
    document = {"provider": "echo", "model": "echo"}
    made = registry.add_version(work, system.id, "model/echo", document, answered_by=owner)
    registry.bootstrap(work, system, {"model/echo": made}, ENVIRONMENT, file="", reason=_REASON)
    return system


def _key(work: Work, owner: PersonId, system: System) -> str:
    place = Scope.of(system=system.id, environment=ENVIRONMENT)
    known = [each for each in access.services_owned(work, owner) if each.name == SYSTEM]
    if known:
        holder = Holder(HolderKind.SERVICE, known[0].id)
    else:
        made = access.add_service(work, ServiceKind.APPLICATION, SYSTEM, owner)
        holder = Holder(HolderKind.SERVICE, made.id)
        access.grant(work, holder, "operator", reason=_REASON, scope=place)
    ends = work.now + _LASTS
    limits = KeyLimits(scope=place)
    return access.issue_key(work, holder, SYSTEM, limits=limits, expires_at=ends).secret
