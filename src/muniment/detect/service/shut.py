"""Says why a stream that is shut gives nothing more."""

from __future__ import annotations

from muniment.core.errors import BlockedError, MunimentError, UnavailableError
from muniment.detect.models import Ruling


def why_shut(state: str, ruling: Ruling) -> MunimentError:
    """Give the error: it was stopped, it is over, or what it needs failed."""
    if state == "stopped":
        return BlockedError(
            "nothing more of this text may go on",
            reasons=ruling.reasons,
            remedy="See the reasons; the policy decides.",
        )
    if state == "finished":
        return UnavailableError("this stream is over", remedy="Begin another one.")
    return UnavailableError(
        "the detector or the vault failed, so this stream was stopped",
        remedy="Nothing more goes on. Begin again once both work.",
    )
