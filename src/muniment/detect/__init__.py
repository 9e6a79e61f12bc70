"""Detect: what is in this text, and how is it made safe?

Nouns: Finding, Why, Scan, Coverage, Sheet, Term, Configuration. Verbs: Scanner().scan (a list of
findings), .inspect (with coverage and build, for the record), .explain (also what was not found).
Library use loads no database. Floor: beside policy; text in, findings out, nothing fetched.
"""

from muniment.detect.models import (
    Allowed,
    Configuration,
    Coverage,
    Explanation,
    Family,
    Finding,
    Pattern,
    Rejected,
    Scan,
    Sheet,
    Term,
    TermKind,
    Validation,
    Verdict,
    Why,
)
from muniment.detect.service import Scanner, sheets

__all__ = [
    "Allowed",
    "Configuration",
    "Coverage",
    "Explanation",
    "Family",
    "Finding",
    "Pattern",
    "Rejected",
    "Scan",
    "Scanner",
    "Sheet",
    "Term",
    "TermKind",
    "Validation",
    "Verdict",
    "Why",
    "sheets",
]
