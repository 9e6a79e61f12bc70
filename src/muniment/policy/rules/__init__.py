"""The judgements of policy: reading rules, deciding by them, comparing. Values in, values out."""

from muniment.policy.rules.analysis import (
    PRINCIPALS,
    Analysis,
    Answer,
    Flaw,
    Place,
    analyse,
    can_ever,
)
from muniment.policy.rules.comparing import same_decision, simulate
from muniment.policy.rules.cure import cured
from muniment.policy.rules.declaring import DECLARATION, declaration_schema_text, read_declaration
from muniment.policy.rules.differing import file_diffs, line_changes
from muniment.policy.rules.engine import MAX_ROUNDS, Engine
from muniment.policy.rules.places import ACTIONS, places_of, places_where
from muniment.policy.rules.publishing import document_before, document_of, rule_changes
from muniment.policy.rules.reading import read_bundle
from muniment.policy.rules.reporting import as_json, as_junit, as_sarif, as_text
from muniment.policy.rules.testing import read_cases, run_cases
from muniment.policy.rules.usual import usual

__all__ = [
    "ACTIONS",
    "DECLARATION",
    "MAX_ROUNDS",
    "PRINCIPALS",
    "Analysis",
    "Answer",
    "Engine",
    "Flaw",
    "Place",
    "analyse",
    "as_json",
    "as_junit",
    "as_sarif",
    "as_text",
    "can_ever",
    "cured",
    "declaration_schema_text",
    "document_before",
    "document_of",
    "file_diffs",
    "line_changes",
    "places_of",
    "places_where",
    "read_bundle",
    "read_cases",
    "read_declaration",
    "rule_changes",
    "run_cases",
    "same_decision",
    "simulate",
    "usual",
]
