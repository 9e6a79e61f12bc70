"""Detect: what is in this text, and how is it made safe?

Nouns: Finding, Why, Scan, Coverage, Sheet, Term, Configuration; Policy, Protected, Tokens; Case,
Calibration, Proposal. Verbs: Scanner().scan, .inspect, .explain, .protect, .stream, .protector;
propose, apply, in_force, scanner_for, scanner_of, report, open_texts, open_case, erase.
Writes kinds: detect.*. Follows: nothing.
Library use loads no database. Floor: beside policy; text in, findings out, nothing fetched.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from muniment.detect.models import (
        Action,
        ActionRule,
        Allowed,
        Calibration,
        Case,
        CaseKeeping,
        CaseKind,
        Change,
        Configuration,
        Coverage,
        Explanation,
        Family,
        Figures,
        FileScan,
        Finding,
        Looked,
        Measured,
        OpenTexts,
        Outcome,
        Pattern,
        Policy,
        Proposal,
        ProposalState,
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
    from muniment.detect.models.configurations import read as read_configuration
    from muniment.detect.models.configurations import written as write_configuration
    from muniment.detect.rules.canary import new_canary
    from muniment.detect.rules.policies import STANDARD, policy_from, read_policy, write_policy
    from muniment.detect.rules.proposing import differences, judged
    from muniment.detect.rules.reports import as_json, as_sarif, exit_code
    from muniment.detect.service.calibrate import (
        configuration_of,
        history,
        in_force,
        scanner_for,
        scanner_of,
        sheets_of,
    )
    from muniment.detect.service.datasheets import sheets
    from muniment.detect.service.feedback import cases, erase, measured_cases, report
    from muniment.detect.service.files import files_under, scan_files, scan_text
    from muniment.detect.service.keeping import VaultTokens, restored
    from muniment.detect.service.looking import look
    from muniment.detect.service.measuring import measure, measure_sets
    from muniment.detect.service.proposing import apply, proposal, proposals, propose, state_of
    from muniment.detect.service.protect import Given, Protector
    from muniment.detect.service.readers import Asked
    from muniment.detect.service.reading import open_case, open_texts, open_texts_of, text_of
    from muniment.detect.service.restoring import Restoring
    from muniment.detect.service.scanner import Scanner
    from muniment.detect.service.stream import Stream

# Everything is loaded when it is first asked for: who scans needs neither the database, nor readers
# of files, nor what protects, and each of them would cost every start.
_HOMES = {
    "rules.canary": ("new_canary",),
    "rules.policies": ("STANDARD", "policy_from", "read_policy", "write_policy"),
    "rules.proposing": ("differences", "judged"),
    "rules.reports": ("as_json", "as_sarif", "exit_code"),
    "service.calibrate": (
        *("configuration_of", "history", "in_force", "scanner_for", "scanner_of", "sheets_of"),
    ),
    "service.feedback": ("cases", "erase", "measured_cases", "report"),
    "service.files": ("files_under", "scan_files", "scan_text"),
    "service.keeping": ("VaultTokens", "restored"),
    "service.looking": ("look",),
    "service.measuring": ("measure", "measure_sets"),
    "service.proposing": ("apply", "proposal", "proposals", "propose", "state_of"),
    "service.protect": ("Given", "Protector"),
    "service.readers": ("Asked",),
    "service.reading": ("open_case", "open_texts", "open_texts_of", "text_of"),
    "service.datasheets": ("sheets",),
    "service.scanner": ("Scanner",),
    "service.restoring": ("Restoring",),
    "service.stream": ("Stream",),
}
_LATER = {name: (home, name) for home, names in _HOMES.items() for name in names} | {
    "configuration_from": ("models.configurations", "from_value"),
    "read_configuration": ("models.configurations", "read"),
    "write_configuration": ("models.configurations", "written"),
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 the protocol of modules
    """Load what is asked for, once; every other name of the front door is a noun."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home, inside = _LATER.get(name, ("models", name))
    found = globals()[name] = getattr(import_module(f"{__name__}.{home}"), inside)
    return found


__all__ = [
    "STANDARD",
    "Action",
    "ActionRule",
    "Allowed",
    "Asked",
    "Calibration",
    "Case",
    "CaseKeeping",
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
    "Looked",
    "Measured",
    "OpenTexts",
    "Outcome",
    "Pattern",
    "Policy",
    "Proposal",
    "ProposalState",
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
    "apply",
    "as_json",
    "as_sarif",
    "cases",
    "configuration_from",
    "configuration_of",
    "differences",
    "erase",
    "exit_code",
    "files_under",
    "history",
    "in_force",
    "judged",
    "look",
    "measure",
    "measure_sets",
    "measured_cases",
    "new_canary",
    "open_case",
    "open_texts",
    "open_texts_of",
    "policy_from",
    "proposal",
    "proposals",
    "propose",
    "read_configuration",
    "read_policy",
    "report",
    "restored",
    "scan_files",
    "scan_text",
    "scanner_for",
    "scanner_of",
    "sheets",
    "sheets_of",
    "state_of",
    "text_of",
    "write_configuration",
    "write_policy",
]
