"""The facts that rules judge a call on: who, which model or tool, what was found; no content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from muniment.core.errors import InvalidError
from muniment.detect import Finding
from muniment.gateway.exchange import Call, Route
from muniment.policy import NAMESPACE, Facts, Judge, Thing
from muniment.registry import Contents, System

if TYPE_CHECKING:
    from muniment.gateway.means import Known, Means

_TOKEN_CHARACTERS: Final = 4
_REMEMBERED: Final = 4_096
_SIGNALS: Final = frozenset({"safety"})


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a text, as rules see it."""

    inspected: bool = True
    types: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    signals: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()

    def as_fact(self) -> dict[str, Any]:
        """Give the form that rules read."""
        return {
            "inspected": self.inspected,
            "types": sorted(self.types),
            "families": sorted(self.families),
            "signals": sorted(self.signals),
            "protected": [],
            "held": sorted(self.held),
        }


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call takes place and for which system."""

    contents: Contents
    environment: str
    region: str = ""


def found_in(findings: Iterable[Finding], *, inspected: bool, held: Iterable[str] = ()) -> Found:
    """Sum findings up: signals are told apart from what a person's data is."""
    types: set[str] = set()
    families: set[str] = set()
    signals: set[str] = set()
    for each in findings:
        if is_signal(each):
            signals.add(each.type.lower())
        else:
            types.add(each.type)
            families.add(each.family.value)
    return Found(
        inspected, frozenset(types), frozenset(families), frozenset(signals), frozenset(held)
    )


@lru_cache(_REMEMBERED)
def rounded(number: int) -> int:
    """Round up to two digits, so that acts of about one size are judged once."""
    step = 1
    while number >= 100 * step:
        step *= 10
    return -(-number // step) * step


def is_signal(finding: Finding) -> bool:
    """Tell whether a finding is a sign of an attack or of harm, and no value."""
    return finding.family.value in _SIGNALS


def counted(findings: Iterable[Finding]) -> dict[str, int]:
    """Count findings by type."""
    found: dict[str, int] = {}
    for each in findings:
        found[each.type] = found.get(each.type, 0) + 1
    return found


def model_facts(
    action: str, principal: Thing, route: Route, place: Place, context: Mapping[str, Any]
) -> Facts:
    """Make the facts of a prompt that goes to a model, or of its answer."""
    document = route.document
    model = Thing(
        "Model",
        f"{route.maker}/{route.model}",
        {
            "registered": True,
            "approved": True,
            "provider": route.maker,
            "region": route.region,
            "restricted": route.restricted,
            "training_allowed": document.get("training_allowed") is True,
        },
    )
    return _facts(action, principal, model, place, context)


def tool_facts(
    action: str, principal: Thing, tool: Thing, place: Place, context: Mapping[str, Any]
) -> Facts:
    """Make the facts of a tool that is about to be used, or of what it gave back."""
    return _facts(action, principal, tool, place, context)


def tool_thing(name: str, permitted: Mapping[str, Any] | None, *, pinned: bool) -> Thing:
    """Describe a tool by what the system's tool permissions say of it."""
    known = permitted or {}
    return Thing(
        "Tool",
        name,
        {
            "registered": permitted is not None,
            "permitted": permitted is not None,
            "reversible": known.get("reversible") is True,
            "pinned": pinned,
            "effect": str(known.get("effect", "unknown")),
        },
    )


def _facts(
    action: str, principal: Thing, resource: Thing, place: Place, context: Mapping[str, Any]
) -> Facts:
    system = place.contents.system
    where = {
        "environment": place.environment,
        "region": place.region,
        "purpose": system.profile.purpose[:200],
    }
    named = {"__entity": {"type": f"{NAMESPACE}::System", "id": system.id}}
    told = {"system": named, "place": where, **context}
    return Facts(principal, action, resource, told, (system_thing(system),))


def system_thing(system: System) -> Thing:
    """Describe a system by what is stated of it."""
    profile = system.profile
    return Thing(
        "System",
        system.id,
        {
            "registered": True,
            "state": system.state.value,
            "tier": system.tier,
            "eu_class": profile.eu_class,
            "autonomy": profile.autonomy.in_rules,
            "data_classes": sorted(profile.data_classes),
            "regions": sorted(profile.regions),
            "owner": profile.owner,
        },
    )


def tokens_of(judge: Judge, size: int, counted: int = 0) -> int:
    """Say how long an answer is, as rules see it: counted, or about; nought if none looks."""
    if not judge.reads("answer", "Model", "tokens"):
        return 0
    return rounded(counted or -(-size // _TOKEN_CHARACTERS))


def standing_of(call: Call, means: Means) -> Known:
    """Give what is known of a caller, as of less than a second ago; by their footing if it can."""
    origin, actor, plan = call.origin, call.actor, call.plan
    if origin is None or actor is None:
        raise InvalidError("the call was not resolved", remedy="Send it again.")
    footing = plan.footing if plan is not None else None
    if footing is not None and footing.stands(means.database.clock.monotonic()):
        return footing.known
    known = means.standings.of(actor, origin.system, origin.environment)
    return footing.known if footing is not None and footing.known == known else known
