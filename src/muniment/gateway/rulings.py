"""What decisions mean for words: the protection policy that carries out the remedies of rules.

For an answer that streams, rules cannot wait for its end. So it is asked of each type of value
what the rules would say if it was found, and that becomes the policy of the stream; when types come
together, the rules are asked again before anything of it goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from muniment.detect import Action, ActionRule, Family, Policy
from muniment.policy import Decision, Remedy, RemedyKind

_REMEMBERED: Final = 1_024
_ACTIONS: Final = {
    RemedyKind.MASK: Action.MASK,
    RemedyKind.TOKENISE: Action.TOKENISE,
    RemedyKind.REDACT: Action.REDACT,
}


def policy_of(remedies: Iterable[Remedy]) -> Policy:
    """Give the protection policy that carries remedies out; what they do not name is only noted.

    Signals are no values: they are noted and never cut out of a text.
    """
    return _policy_of(tuple(remedies))


@lru_cache(_REMEMBERED)
def _policy_of(remedies: tuple[Remedy, ...]) -> Policy:
    named: list[ActionRule] = [ActionRule(Action.TAG, families=(Family.SAFETY,))]
    rest: list[ActionRule] = []
    for each in remedies:
        action = _ACTIONS.get(each.kind)
        if action is None:
            continue
        if each.types:
            named.append(ActionRule(action, types=tuple(sorted(each.types))))
        else:
            rest.append(ActionRule(action))
    return Policy("gateway", (*named, *rest), default=Action.TAG, uninspected=Action.TAG)


def policy_by_type(
    types: Iterable[tuple[str, Family]], decide: Callable[[str, Family], Decision]
) -> Policy:
    """Give the policy of a stream: for each type, what the rules say when it alone is found."""
    by_action: dict[Action, list[str]] = {}
    for name, family in types:
        by_action.setdefault(_action_for(name, decide(name, family)), []).append(name)
    rules = tuple(
        ActionRule(action, types=tuple(sorted(names)))
        for action, names in sorted(by_action.items())
    )
    return Policy("gateway-answer", rules, default=Action.BLOCK, uninspected=Action.TAG)


def asks_for_tokens(policy: Policy) -> bool:
    """Tell whether a policy puts values into the vault."""
    return any(rule.action is Action.TOKENISE for rule in policy.rules)


def _action_for(name: str, decision: Decision) -> Action:
    if not decision.ok:
        return Action.BLOCK
    found = [
        _ACTIONS[each.kind]
        for each in decision.remedies
        if each.kind in _ACTIONS and (not each.types or name in each.types)
    ]
    if Action.TOKENISE in found:
        return Action.REDACT  # an answer's value is not the caller's own, so no token gives it back
    return found[-1] if found else Action.TAG
