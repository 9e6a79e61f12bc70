"""What is recorded of what goes through the gateway; the registry compares itself with it."""

from __future__ import annotations

from dataclasses import dataclass

from muniment.ledger.kinds.base import kind


@kind("exchanges.seen", subject=("system", "system_id"))
@dataclass(frozen=True, slots=True)
class Seen:
    """A model, a prompt or a tool was seen in the traffic of a system's environment.

    `sort` is model, prompt or tool. A prompt is known by its digest; of a model, `reported` is what
    its provider calls it in the answer. It is recorded when something is first seen, when what the
    provider reports changes, and then once in a while.
    """

    system_id: str
    environment: str
    sort: str
    name: str
    digest: str
    reported: str
    seen_at: str
