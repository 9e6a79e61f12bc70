"""The first system of an installation, made by the person who set it up.

Whoever manages access holds no duty on any system, and yet somebody has to be the first. So the
machine makes it for them, as it does for a declared file: in a place that is not production, with
a model that only says back what it is told, and on record as approved by nobody. Once there is a
system, this way is closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from muniment import access, ledger, policy, registry
from muniment.access import Holder, HolderKind, PersonId, Scope, Service, ServiceKind
from muniment.core.actor import system_actor
from muniment.core.errors import ConflictError, InvalidError
from muniment.db import Work
from muniment.ledger.kinds.gateway import Begun
from muniment.registry import Applied, Desired, Plan, Stage, System, SystemQuery

MAY: Final = "gateway.begin"
_MACHINE: Final = system_actor("begin")
_REASON: Final = "The first system of this installation."
_MODEL: Final = "model/echo"
_ECHO: Final = {"provider": "echo", "model": "echo"}
_PACK: Final = "generative-ai-data"
_LEAST: Final = (Stage.DEVELOPMENT, Stage.STAGING)


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that may have models called for one system, and a model that serves it there."""

    service: Service
    system: System
    environment: str
    model: str

    @property
    def place(self) -> Scope:
        """Name the system and the environment as a place."""
        return Scope.of(system=self.system.id, environment=self.environment)


def is_first(work: Work) -> bool:
    """Tell whether there is no system yet."""
    with _as_machine(work):
        return not registry.find_systems(work, SystemQuery(), limit=1).rows


def begin_first(work: Work, key: str, name: str, purpose: str) -> System:
    """Make the first system, with a model that echoes and a program that may have it called."""
    owner = _first_by(work)
    with _as_machine(work):
        stated = {"name": name, "purpose": purpose, "owner": owner}
        system = registry.register(work, key, stated)
        environment = _serve_echo(work, system, owner)
    ledger.record(work, Begun(system.id, environment, "form"))
    return system


def plan_first(work: Work, desired: Desired) -> Plan:
    """Say what a repository's file would become as the first system."""
    _require_first(work, _first_by(work, turn=False))
    with _as_machine(work):
        return registry.plan(work, desired)


def begin_from_file(work: Work, desired: Desired, *, expected: str) -> Applied:
    """Make the first system as a repository's file declares it; what shall serve is drafted."""
    owner = _first_by(work)
    with _as_machine(work):
        if registry.plan(work, desired).digest != expected:
            raise ConflictError(
                "this is not the plan that was shown",
                subject=desired.key,
                remedy="Look at the plan again.",
            )
        system = registry.register(work, desired.key, desired.stated)
        environment = _serve_echo(work, system, owner)
        applied = registry.apply(work, desired, reason=_REASON)
    ledger.record(work, Begun(system.id, environment, "file"))
    return applied


def callers_of(work: Work, person: str) -> tuple[Caller, ...]:
    """List the programs somebody answers for that can have a model called now."""
    found = []
    with _as_machine(work):
        for each in access.services_owned(work, PersonId(person)):
            if not each.active:
                continue
            standing = access.standing_of(work, Holder(HolderKind.SERVICE, each.id))
            for grant, role in standing.grants:
                places = dict(grant.scope.places)
                if "gateway.call" not in role.permissions or "system" not in places:
                    continue
                caller = _caller(work, each, places)
                if caller is not None and grant.holds(work.now):
                    found.append(caller)
    return tuple(found)


def _first_by(work: Work, *, turn: bool = True) -> PersonId:
    """Let whoever may begin go on, if it is the beginning still; two at once come in turn."""
    if turn:
        access.change(work, MAY)
    else:
        access.require(work, MAY)
    _require_first(work, work.actor.id)
    return PersonId(work.actor.id)


def _require_first(work: Work, person: str) -> None:
    if not is_first(work):
        raise ConflictError(
            "there is a system already, so this is not the beginning any more",
            subject=person,
            remedy="Register further ones under Systems, with a role that may.",
        )


def _serve_echo(work: Work, system: System, owner: PersonId) -> str:
    """Let the echo serve where it harms least, and let a program call it there."""
    place = next(
        (
            each.name
            for stage in _LEAST
            for each in system.profile.environments
            if each.stage is stage
        ),
        "",
    )
    if not place:
        raise InvalidError(
            "it has no environment but production",
            field="environments",
            remedy="State one for development, or use `muniment serve --config FILE`.",
        )
    made = registry.add_version(work, system.id, _MODEL, _ECHO, answered_by=owner)
    registry.bootstrap(work, system, {_MODEL: made}, place, file="", reason=_REASON)
    if not policy.is_ruled(work):
        policy.bootstrap(work, policy.pack(_PACK).sources, reason=_REASON)
    service = access.add_service(work, ServiceKind.APPLICATION, system.key, owner)
    holder = Holder(HolderKind.SERVICE, service.id)
    scope = Scope.of(system=system.id, environment=place)
    access.grant(work, holder, "operator", reason=_REASON, scope=scope)
    return place


def _caller(work: Work, service: Service, places: dict[str, Any]) -> Caller | None:
    system_id = str(places["system"])
    wanted = str(places.get("environment", ""))
    for each in registry.serving_now(work, system_id):
        if wanted not in ("", each.environment) or not each.whole:
            continue
        labels = sorted(registry.set_of(work, each.whole).versions)
        models = [label.removeprefix("model/") for label in labels if label.startswith("model/")]
        if models:
            model = "echo" if "echo" in models else models[0]
            return Caller(service, registry.get_system(work, system_id), each.environment, model)
    return None


@contextmanager
def _as_machine(work: Work) -> Iterator[None]:
    """Let the machine act in this transaction, then the person again."""
    person = work.actor
    work.actor = _MACHINE
    try:
        yield
    finally:
        work.actor = person
