"""What the room detect records: changes of configuration, cases, erasures, canaries."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from muniment.ledger.kinds.base import kind


@kind(
    "detect.configured",
    covers=("detect_configurations", "detect_calibrations"),
    subject=("system", "system"),
)
class Configured(Struct, frozen=True):
    """The detector of a system was configured: who answers, why, until when, and the figures."""

    system: str
    version: int
    configuration: str
    previous: str
    owner: str
    reason: str
    expires_at: str
    loosens: tuple[str, ...]
    before: Mapping[str, int]
    after: Mapping[str, int]


@kind(
    "detect.change_asked",
    covers=("detect_configurations", "detect_proposals"),
    subject=("detector", "proposal"),
)
class ChangeAsked(Struct, frozen=True):
    """Somebody asked for a change of a detector: what was measured, whose it is, until when."""

    proposal: str
    system: str
    configuration: str
    previous: str
    owner: str
    reason: str
    author: str
    expires_at: str
    loosens: tuple[str, ...]
    before: Mapping[str, int]
    after: Mapping[str, int]
    request_id: str
    document: str


@kind("detect.change_applied", covers=("detect_applied",), subject=("detector", "proposal"))
class ChangeApplied(Struct, frozen=True):
    """A change of a detector came into force on the yes of this request, as this version."""

    proposal: str
    system: str
    version: int
    configuration: str
    request_id: str


@kind(
    "detect.build_began",
    covers=("detect_configurations", "detect_builds", "detect_sheets", "detect_sheets_of_builds"),
    subject=("build", "build"),
)
class BuildBegan(Struct, frozen=True):
    """A build of the detector was used for the first time, from this configuration and sheets."""

    build: str
    configuration: str
    sheets: str = ""


@kind(
    "detect.case_reported",
    covers=("detect_cases", "detect_case_texts"),
    subject=("case", "case"),
)
class CaseReported(Struct, frozen=True):
    """Somebody said that the detector was wrong about a place; its text is kept, encrypted."""

    case: str
    system: str
    case_kind: str
    type: str
    digest: str
    build: str
    erase_after: str


@kind("detect.case_kept", covers=("detect_cases", "detect_case_texts"), subject=("case", "case"))
class CaseKept(Struct, frozen=True):
    """The text of a case, which an earlier version kept plainly, is encrypted in the vault now."""

    case: str
    digest: str
    ciphertext: str


@kind("detect.case_erased", covers=("detect_cases",), subject=("case", "case"))
class CaseErased(Struct, frozen=True):
    """The text of a case was erased, for this reason; its digest remains."""

    case: str
    digest: str
    reason: str
