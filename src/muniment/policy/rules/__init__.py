"""The judgements of policy: reading rules, and deciding by them. Values in, values out."""

from muniment.policy.rules.analysis import (
    PRINCIPALS,
    Analysis,
    Answer,
    Flaw,
    Place,
    analyse,
    can_ever,
)
from muniment.policy.rules.cure import cured
from muniment.policy.rules.engine import MAX_ROUNDS, Engine
from muniment.policy.rules.reading import read_bundle

__all__ = [
    "MAX_ROUNDS",
    "PRINCIPALS",
    "Analysis",
    "Answer",
    "Engine",
    "Flaw",
    "Place",
    "analyse",
    "can_ever",
    "cured",
    "read_bundle",
]
