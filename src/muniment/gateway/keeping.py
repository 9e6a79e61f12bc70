"""Whether what is said is kept: only where a system's own guardrail says so, and for how long.

The guardrail is a version of the registry, so it was approved and stands in the set that serves:
`content: {keep: true, percent: 100, classification: confidential}`. What is kept lies in the vault
under the key of whose data it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from muniment import vault
from muniment.db import Work
from muniment.exchanges import Origin
from muniment.gateway.means import CLASSIFICATION, Means
from muniment.registry import Contents

_EVERY = 100


@dataclass(frozen=True, slots=True)
class Keeping:
    """How much of what is said is kept, and how confidential it is."""

    percent: int = 0
    classification: str = CLASSIFICATION

    def keeps(self, exchange: str) -> bool:
        """Choose by the id of the call, so that request and answer are kept together."""
        if self.percent <= 0:
            return False
        point = int.from_bytes(hashlib.sha256(exchange.encode()).digest()[:4]) % _EVERY
        return point < self.percent


def keeping_of(contents: Contents) -> Keeping:
    """Read what the guardrails of a set say; what is not said is not kept."""
    for document in contents.of("guardrail").values():
        said = document.get("content")
        if isinstance(said, Mapping) and said.get("keep") is True:
            percent = said.get("percent", _EVERY)
            percent = percent if isinstance(percent, int) and 0 <= percent <= _EVERY else 0
            return Keeping(percent, str(said.get("classification", CLASSIFICATION))[:40])
    return Keeping()


def kept(
    work: Work, means: Means, origin: Origin, contents: Contents, raw: bytes
) -> tuple[Mapping[str, str | int], ...]:
    """Put what was said into the vault, in the same commit; give the references of the entry."""
    classification = keeping_of(contents).classification
    subject = origin.subject or origin.system
    held = vault.put(work, means.safe, raw, classification=classification, subject=subject)
    return (held.as_reference(),)
