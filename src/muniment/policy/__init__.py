"""Policy: is this allowed, and why?

Nouns: Rule (a Cedar policy with its id, reason, controls and remedy), Bundle, Facts, Decision.
Verbs: read_bundle (rules from files, or every problem with its place), Engine.decide (allow, deny,
or allow once remedies are carried out). It judges facts handed to it and fetches nothing.
Floor: beside detect; it stands alone.
"""

from muniment.policy.models import (
    Bundle,
    Decision,
    Effect,
    Facts,
    Problem,
    Reason,
    Remedy,
    RemedyKind,
    Rule,
    Source,
    Thing,
)
from muniment.policy.rules import Engine, read_bundle

__all__ = [
    "Bundle",
    "Decision",
    "Effect",
    "Engine",
    "Facts",
    "Problem",
    "Reason",
    "Remedy",
    "RemedyKind",
    "Rule",
    "Source",
    "Thing",
    "read_bundle",
]
