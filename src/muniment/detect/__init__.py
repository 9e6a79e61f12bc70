"""Detect: what is in this text, and how is it made safe?

Nouns: Finding, Why, Scan, Coverage, Sheet, Term, Configuration; Policy, Protected, Tokens; Case,
Calibration. Verbs: Scanner().scan, .inspect, .explain, .protect, .stream, .protector; configure,
in_force, scanner_for, scanner_of, report, erase. Writes kinds: detect.*. Follows: nothing.
Library use loads no database. Floor: beside policy; text in, findings out, nothing fetched.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from muniment.detect.models import (
    Action,
    ActionRule,
    Allowed,
    Calibration,
    Case,
    CaseKind,
    Change,
    Configuration,
    Coverage,
    Explanation,
    Family,
    Figures,
    FileScan,
    Finding,
    Outcome,
    Pattern,
    Policy,
    Protected,
    ProtectedValue,
    Rejected,
    Ruling,
    Scan,
    Sheet,
    Term,
    TermKind,
    Tokens,
    Validation,
    Verdict,
    Why,
)
from muniment.detect.models.configurations import from_value as configuration_from
from muniment.detect.rules.canary import new_canary
from muniment.detect.rules.policies import STANDARD, policy_from, read_policy, write_policy
from muniment.detect.service import Protector, Restoring, Scanner, Stream, sheets
from muniment.detect.service.protect import Given

if TYPE_CHECKING:
    from muniment.detect.rules.reports import as_json, as_sarif, exit_code
    from muniment.detect.service.calibrate import (
        configuration_of,
        configure,
        history,
        in_force,
        measure,
        scanner_for,
        scanner_of,
    )
    from muniment.detect.service.feedback import cases, erase, report
    from muniment.detect.service.files import scan_files, scan_text
    from muniment.detect.service.keeping import VaultTokens
    from muniment.detect.service.readers import Asked

# What needs the database, or readers of files, is loaded when it is asked for and not before.
_LATER = {
    **dict.fromkeys(("as_json", "as_sarif", "exit_code"), "rules.reports"),
    **dict.fromkeys(
        (
            *("configuration_of", "configure", "history", "in_force", "measure"),
            *("scanner_for", "scanner_of"),
        ),
        "service.calibrate",
    ),
    **dict.fromkeys(("cases", "erase", "report"), "service.feedback"),
    **dict.fromkeys(("scan_files", "scan_text"), "service.files"),
    "Asked": "service.readers",
    "VaultTokens": "service.keeping",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 the protocol of modules
    """Load what is not needed by everybody."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)


__all__ = [
    "STANDARD",
    "Action",
    "ActionRule",
    "Allowed",
    "Asked",
    "Calibration",
    "Case",
    "CaseKind",
    "Change",
    "Configuration",
    "Coverage",
    "Explanation",
    "Family",
    "Figures",
    "FileScan",
    "Finding",
    "Given",
    "Outcome",
    "Pattern",
    "Policy",
    "Protected",
    "ProtectedValue",
    "Protector",
    "Rejected",
    "Restoring",
    "Ruling",
    "Scan",
    "Scanner",
    "Sheet",
    "Stream",
    "Term",
    "TermKind",
    "Tokens",
    "Validation",
    "VaultTokens",
    "Verdict",
    "Why",
    "as_json",
    "as_sarif",
    "cases",
    "configuration_from",
    "configuration_of",
    "configure",
    "erase",
    "exit_code",
    "history",
    "in_force",
    "measure",
    "new_canary",
    "policy_from",
    "read_policy",
    "report",
    "scan_files",
    "scan_text",
    "scanner_for",
    "scanner_of",
    "sheets",
    "write_policy",
]
