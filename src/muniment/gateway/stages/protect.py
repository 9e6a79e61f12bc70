"""Make a prompt safe as the decision says: masks, tokens, removals; never more, never less."""

from __future__ import annotations

from muniment.core.errors import InvalidError, UnavailableError
from muniment.detect import Protector, VaultTokens
from muniment.gateway.decisions import remedies_of
from muniment.gateway.exchange import Call, replace
from muniment.gateway.means import CLASSIFICATION, GATE, Means
from muniment.gateway.rulings import asks_for_tokens, policy_of


def protect(call: Call, means: Means) -> Call:
    """Change what the remedies name; a value that may not go on stops the call."""
    if call.asked is None or call.origin is None or call.actor is None:
        raise InvalidError("the call was not decided", remedy="Send it again.")
    policy = policy_of(remedies_of(call.decided))
    if not policy.changes:
        return call  # no rule asks for more, also of what could not be inspected
    scanner = means.scanners.of(call.origin.system)
    tokens = None
    if asks_for_tokens(policy):
        tokens = VaultTokens(
            means.safe,
            GATE,  # a caller needs no right to the vault of their own
            subject=call.origin.subject or call.origin.system,
            classification=CLASSIFICATION,
            reason=f"an answer to {call.received.exchange}",
        )
    scope = call.origin.system
    protector = Protector(scanner, policy, tokens=tokens, scope=scope, as_found=True)
    safe = protector.messages(dict(call.asked.content))
    if not safe.verdict.passes or not isinstance(safe.value, dict):
        raise UnavailableError(
            "the prompt could not be made safe",
            reasons=safe.verdict.reasons,
            remedy="Nothing was sent. Leave out what the reasons name.",
        )
    return replace(call, protector=protector, body={**call.received.body, **safe.value})
