"""Keeping decisions, making them again, and trying a draft on them.

What a decision depended on is kept whole, under its digest, beside the bundle it was made by. So a
decision can be made again at any time, and must come out the same.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from muniment import access, ledger
from muniment.access import Scope
from muniment.core.clock import stamp
from muniment.core.errors import CorruptError, InvalidError, NotFoundError
from muniment.core.page import Page, require_limit
from muniment.db import Work
from muniment.ledger.kinds.policy import Decided
from muniment.policy import store
from muniment.policy.models import (
    NAMESPACE,
    Bundle,
    Facts,
    Judged,
    Recorded,
    Replay,
    Simulation,
    decision_value,
)
from muniment.policy.rules import Engine, same_decision, simulate
from muniment.policy.service.bundles import load, require_version
from muniment.policy.service.gate import AREA

MOST_TRIED: Final = 10_000


def keep_decision(work: Work, judged: Judged, *, decision_id: str = "") -> Recorded:
    """Keep a decision with everything it depended on; the ledger names both by digest.

    Who had to name it before it was kept gives its id.
    """
    facts, decision = judged.facts, judged.decision
    made = Recorded(
        id=decision_id or work.new_id("dec"),
        at=work.now,
        version=judged.version,
        bundle=decision.bundle,
        facts=facts.digest,
        action=facts.action,
        principal=f"{facts.principal.type}:{facts.principal.id}"[:200],
        resource_type=facts.resource.type,
        resource=facts.resource.id[:200],
        system=_system_of(facts)[:200],
        effect=decision.effect,
        decision=decision_value(decision),
        shadow_version=judged.shadow_version,
        shadow=None if judged.shadow is None else decision_value(judged.shadow),
    )
    store.keep_facts(work, made.facts, facts.as_value())
    store.add_decision(work, made)
    ledger.record(
        work,
        Decided(
            decision_id=made.id,
            version=made.version,
            bundle=made.bundle,
            facts=made.facts,
            action=made.action,
            effect=made.effect.value,
            rules=tuple(each.rule for each in decision.reasons),
            remedies=tuple(str(each) for each in decision.remedies),
            errors=len(decision.errors),
            shadow_version=judged.shadow_version,
            shadow_effect="" if judged.shadow is None else judged.shadow.effect.value,
        ),
    )
    return made


def decisions(
    work: Work, *, limit: int = 50, cursor: str | None = None, only_shadowed: bool = False
) -> Page[Recorded]:
    """List kept decisions, the newest first."""
    access.require(work, "policy.read", AREA)
    return store.decisions(work, require_limit(limit), cursor, only_moved=only_shadowed)


def explain(work: Work, decision_id: str) -> tuple[Recorded, Facts | None]:
    """Show a decision with its reasons and the facts it was made on."""
    found = _require_decision(work, decision_id)
    scope = Scope.of(system=found.system) if found.system else AREA
    if not access.may(work, work.actor, "policy.read", AREA).ok:
        access.require(work, "policy.read", scope)
    return found, store.facts(work, found.facts)


def replay(work: Work, decision_id: str) -> Replay:
    """Make a past decision again, from its own facts by its own rules."""
    recorded, facts = explain(work, decision_id)
    if facts is None:
        pruned = store.pruned_at(work, recorded.facts)
        if pruned is not None:
            says = f"its input was pruned on {stamp(pruned)[:10]}"
            return Replay(recorded, "could_not_tell", says)
        says = "the facts are gone or were altered: they do not have the digest it names"
        return Replay(recorded, "could_not_tell", says)
    if not recorded.bundle:
        return Replay(recorded, "met", "no policy was in force, so there is nothing to judge by")
    try:
        engine = Engine(load(work, recorded.bundle), remembered=0)
    except (NotFoundError, CorruptError) as error:
        return Replay(recorded, "could_not_tell", error.message)
    again = engine.decide(facts)
    if same_decision(recorded, again):
        return Replay(recorded, "met", "made again, it comes out the same", again)
    says = f"it was {recorded.effect.value}, and made again it is {again.effect.value}"
    return Replay(recorded, "not_met", f"it does not come out the same: {says}", again)


def simulate_version(
    work: Work, number: int, since: datetime, until: datetime, *, most: int = MOST_TRIED
) -> Simulation:
    """Say what would have changed if a version had been in force in a time."""
    access.require(work, "policy.simulate", AREA)
    return _simulated(work, load(work, require_version(work, number).bundle), since, until, most)


def simulate_bundle(
    work: Work, bundle: Bundle, since: datetime, until: datetime, *, most: int = MOST_TRIED
) -> Simulation:
    """Say what would have changed if these rules, drafted or not, had been in force in a time."""
    access.require(work, "policy.simulate", AREA)
    return _simulated(work, bundle, since, until, most)


def _simulated(
    work: Work, bundle: Bundle, since: datetime, until: datetime, most: int
) -> Simulation:
    if since >= until:
        raise InvalidError(
            "the time ends before it begins", field="until", remedy="Swap since and until."
        )
    if not 1 <= most <= MOST_TRIED:
        raise InvalidError(
            f"{most} decisions cannot be tried", field="most", remedy=f"Ask for 1 to {MOST_TRIED}."
        )
    return simulate(
        Engine(bundle),
        store.some_decisions(work, since, until, most),
        since=since,
        until=until,
        decisions=store.count_decisions(work, since, until),
    )


def _require_decision(work: Work, decision_id: str) -> Recorded:
    found = store.decision(work, decision_id)
    if found is None:
        raise NotFoundError(
            f"there is no decision {decision_id[:60]}",
            subject=decision_id[:60],
            remedy="Take the id from the ledger or from the list of decisions.",
        )
    return found


def _system_of(facts: Facts) -> str:
    """Name the system a decision is about."""
    if facts.resource.type == "System":
        return facts.resource.id
    meant = facts.context.get("system")
    entity = meant.get("__entity") if isinstance(meant, dict) else None
    if not isinstance(entity, dict) or entity.get("type") != f"{NAMESPACE}::System":
        return ""
    return str(entity.get("id", ""))
