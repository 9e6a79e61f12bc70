"""Everything of detection that is stored: configurations, change requests, cases."""

from __future__ import annotations

from muniment.detect.store.cases import (
    add_case,
    case,
    cases,
    cases_due,
    erase_case,
    keep_case,
    page_of_cases,
    plain_cases,
)
from muniment.detect.store.configurations import (
    add_calibration,
    calibrations,
    configuration,
    configuration_of_build,
    keep_build,
    keep_configuration,
    keep_sheets,
    sheets_of_build,
)
from muniment.detect.store.proposals import add_applied, add_proposal, page_of_proposals, proposal
from muniment.detect.store.tables import (
    ONLY_KEPT_OR_ERASED,
    applied_table,
    builds_table,
    calibrations_table,
    case_texts_table,
    cases_table,
    configurations_table,
    proposals_table,
    sheets_of_builds_table,
    sheets_table,
)

__all__ = [
    "ONLY_KEPT_OR_ERASED",
    "add_applied",
    "add_calibration",
    "add_case",
    "add_proposal",
    "applied_table",
    "builds_table",
    "calibrations",
    "calibrations_table",
    "case",
    "case_texts_table",
    "cases",
    "cases_due",
    "cases_table",
    "configuration",
    "configuration_of_build",
    "configurations_table",
    "erase_case",
    "keep_build",
    "keep_case",
    "keep_configuration",
    "keep_sheets",
    "page_of_cases",
    "page_of_proposals",
    "plain_cases",
    "proposal",
    "proposals_table",
    "sheets_of_build",
    "sheets_of_builds_table",
    "sheets_table",
]
