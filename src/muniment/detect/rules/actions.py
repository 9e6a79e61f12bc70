"""What is put in the place of a value, and what a finding means for the text as a whole."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from typing import Final

from msgspec import Struct, field

from muniment.core.errors import InvalidError
from muniment.detect.models import Action, ActionRule, Finding, Outcome, Policy, Ruling, Tokens
from muniment.detect.rules.pairs import Pairs, label_of

REDACTED: Final = "[REDACTED]"
LEAST_KEY_BYTES: Final = 16
_HASH_DIGITS: Final = 16
_OUTCOMES: Final = {
    Action.ROUTE: Outcome.ROUTE,
    Action.HOLD: Outcome.HOLD,
    Action.BLOCK: Outcome.BLOCK,
}
_ORDER: Final = tuple(Outcome)


class Means(Struct, frozen=True):
    """What a protection works with: the pairs of the exchange, the vault's tokens, a hash key."""

    pairs: Pairs = field(default_factory=Pairs)
    tokens: Tokens | None = None
    scope: str = ""
    hash_key: bytes = b""

    def __repr__(self) -> str:
        return f"Means(scope={self.scope!r})"  # neither what stands for values, nor the key

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("scope", self.scope)]


def require_means(policy: Policy, means: Means) -> None:
    """Refuse to begin when the policy asks for something that is not there."""
    actions = policy.actions
    if Action.TOKENISE in actions and means.tokens is None:
        raise InvalidError(
            f"the policy {policy.name!r} tokenises, but there is no vault to keep the values",
            field="tokens",
            remedy="Hand the vault's tokens in, or choose mask.",
        )
    if Action.HASH in actions and len(means.hash_key) < LEAST_KEY_BYTES:
        raise InvalidError(
            f"the policy {policy.name!r} hashes, but the key is missing or too short",
            field="hash_key",
            remedy=f"Give {LEAST_KEY_BYTES} secret bytes or more, or hashes can be guessed.",
        )


def place(value: str, finding: Finding, rule: ActionRule, means: Means) -> str:
    """Give what stands in the place of a value."""
    label = label_of(finding.type)
    if rule.action is Action.MASK:
        return means.pairs.mask(value, label, restore=rule.restore)
    if rule.action is Action.HASH:
        return f"[{label}#{keyed_hash(value, finding.type, means.hash_key)}]"
    if rule.action is Action.TOKENISE and means.tokens is not None:
        token = means.tokens.tokenise(value, type=finding.type, scope=means.scope)
        means.pairs.keep(token, value, restore=rule.restore)
        return token
    return REDACTED


def keyed_hash(value: str, type_name: str, key: bytes) -> str:
    """Fingerprint a value so that equal values are seen to be equal, and nobody can guess it."""
    message = f"{type_name}\0{value}".encode("utf-8", "surrogatepass")
    return hmac.new(key, message, hashlib.sha256).hexdigest()[:_HASH_DIGITS]


def rule_about(findings: Iterable[Finding], policy: Policy, before: Ruling) -> Ruling:
    """Judge what findings mean for the text as a whole, after what was found before."""
    ruling = before
    for finding in findings:
        rule = policy.rule_for(finding)
        if rule.action in _OUTCOMES:
            reason = f"{finding.type} {rule.action.says}"
            ruling = worse(ruling, Ruling(_OUTCOMES[rule.action], (reason,), rule.to))
    return ruling


def rule_about_uninspected(policy: Policy, before: Ruling, why: Iterable[str] = ()) -> Ruling:
    """Judge what it means that something could not be inspected."""
    reasons = tuple(why) or ("a part could not be inspected",)
    outcome = _OUTCOMES.get(policy.uninspected, Outcome.PASS)
    return worse(before, Ruling(outcome, reasons))


def worse(one: Ruling, other: Ruling) -> Ruling:
    """Put two rulings together: the stricter outcome holds, and all reasons stand once."""
    strict = max(one.outcome, other.outcome, key=_ORDER.index)
    reasons = tuple(dict.fromkeys((*one.reasons, *other.reasons)))
    return Ruling(strict, reasons, one.to or other.to)
