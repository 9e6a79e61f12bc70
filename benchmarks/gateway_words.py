"""The words that the benchmark of the gateway asks and answers with: a kilobyte each, none twice.

Every prompt is another one, so that nothing that remembers a text can shine by that. Some hold
values that rules have masked.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any, Final

PROMPT_CHARS: Final = 1_000
COUNT: Final = 499
_SENTENCES: Final = (
    "The quarterly report shows that the numbers improved in most areas, and support got faster.",
    "Please look at the attached notes and tell me which of the open points need a decision.",
    "Our shop in the north sold more umbrellas than planned, and fewer chairs than last year.",
    "The customer wrote twice about a late parcel and would like to know when it will arrive.",
    "In the second chapter the author explains why the bridge was built so far from the old town.",
    "Write a short and friendly answer that thanks them for waiting and names the next step.",
    "If the pump stops again, close the valve, wait for ten minutes and start it by hand.",
    "A good summary has three sentences: what happened, why it matters, and what we should do now.",
    "The team agreed to move the release to the week after the holiday, as two tests fail.",
    "Nobody has answered the question of how the old archive can be read without its program.",
    "It rained for most of the day, so the walk was short and we had soup in a small place nearby.",
    "Compare both offers by price, by delivery and by how easy it would be to leave them again.",
)
_VALUES: Final = (
    "You can reach her at anna.{n}@example.org.",
    "The account is DE89370400440532013000, case {n}.",
    "Her number is +49 30 901820, extension {n}.",
    "He signed in from 203.0.113.{m} at noon.",
)


def prompts() -> list[str]:
    """Give as many prompts, a third of them with a value."""
    return _texts(1, with_values=3)


def answers() -> list[str]:
    """Give as many answers; a value is rare in them."""
    return _texts(2, with_values=10)


def body_of(text: str, number: int, *, pace_ms: int | None = None, model: str = "mock") -> bytes:
    """Write a request for a chat; `pace_ms` asks for a stream with such pauses."""
    asked: dict[str, Any] = {
        "model": model,
        "messages": [
            {"role": "system", "content": "You are a careful assistant of a small company."},
            {"role": "user", "content": f"Case {number}. {text}"},
        ],
    }
    if pace_ms is not None:
        asked |= {"stream": True, "seed": pace_ms}
    return json.dumps(asked, separators=(",", ":")).encode()


def longer(texts: Sequence[str], kilobytes: int) -> list[str]:
    """Give as many texts, each of several that follow one another."""
    return [
        "\n\n".join((*texts[at : at + kilobytes], *texts)[:kilobytes]) for at in range(len(texts))
    ]


def _texts(seed: int, *, with_values: int) -> list[str]:
    chance = random.Random(seed)
    found = []
    for number in range(COUNT):
        parts: list[str] = []
        while sum(map(len, parts)) + len(parts) < PROMPT_CHARS:
            parts.append(chance.choice(_SENTENCES))
        if number % with_values == 0:
            value = chance.choice(_VALUES).format(n=number, m=number % 250)
            parts.insert(chance.randrange(len(parts)), value)
        found.append(" ".join(parts)[: PROMPT_CHARS + 60])
    return found
