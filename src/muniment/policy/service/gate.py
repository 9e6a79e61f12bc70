"""Who may do what with policies: the roles, and then the policy in force about the product itself.

Rules in force may say more about the area `policy` than the roles do. Only the way back, rolling
back and ending a shadow, asks the roles alone, so that no rule can stand in its own way.
"""

from __future__ import annotations

from typing import Final

from muniment import access
from muniment.access import Holder, HolderKind, Scope
from muniment.core.actor import ActorKind, system_actor
from muniment.core.errors import BlockedError
from muniment.db import Work
from muniment.policy import store
from muniment.policy.models import Effect
from muniment.policy.rules import Engine
from muniment.policy.rules.lockout import Somebody, asked_of, governs_product
from muniment.policy.service.bundles import bundle_of

AREA: Final = Scope.of(console="policy")
_NAME: Final = "policy"
_READER: Final = system_actor("policy")
_DECIDING: Final = ("admin", "security", "compliance")


def require_change(work: Work, permission: str) -> str:
    """Let whoever acts go on, or refuse; give the person behind them."""
    access.require(work, permission, AREA)
    _require_allowed(work)
    return author_of(work)


def author_of(work: Work) -> str:
    """Name the human behind whoever acts; a part of the product stands for itself."""
    if work.actor.kind is ActorKind.SYSTEM:
        return work.actor.id
    return access.standing(work, work.actor).person_id or work.actor.id


def people_who_decide(work: Work) -> tuple[Somebody, ...]:
    """List the people who manage access or publish policies now, with their roles."""
    found: dict[str, set[str]] = {}
    reading = work.apart(_READER)  # whoever publishes need not be somebody who may read access
    for each in access.at(reading, work.now):
        if each.open and each.person_id and each.role.name in _DECIDING:
            found.setdefault(each.person_id, set()).add(each.role.name)
    return tuple(Somebody(person, frozenset(roles)) for person, roles in sorted(found.items()))


def _require_allowed(work: Work) -> None:
    """Ask the policy in force, where it speaks about the product itself."""
    enforced = store.standing(work).enforced
    if work.actor.kind is ActorKind.SYSTEM or not enforced:
        return
    bundle = bundle_of(work, enforced)
    if bundle is None or not governs_product(bundle):
        return
    person = author_of(work)
    stands = access.standing_of(work, Holder(HolderKind.PERSON, person))
    roles = frozenset(role.name for grant, role in stands.grants if grant.holds(work.now))
    signed_in = access.sign_in_of(work, work.actor)
    strong = signed_in is not None and signed_in.strong
    facts = asked_of(Somebody(person, roles), _NAME, int(work.now.timestamp()), strong=strong)
    decision = Engine(bundle, remembered=0).decide(facts)
    if decision.effect is not Effect.ALLOW:
        raise BlockedError(
            "the policy in force does not let you change policies",
            subject=work.actor.id,
            reasons=tuple(f"{each.rule}: {each.says}" for each in decision.reasons)
            or (decision.says,),
            remedy="Ask somebody it lets in, or roll back to an earlier version.",
        )
