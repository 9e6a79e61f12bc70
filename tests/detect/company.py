"""A company whose people change a detector: one asks, a peer says yes, one puts it in force."""

from __future__ import annotations

from datetime import datetime

from muniment import approvals, detect
from muniment.approvals import Answer, Request
from muniment.detect import (
    Calibration,
    Case,
    CaseKeeping,
    CaseKind,
    Configuration,
    OpenTexts,
    Proposal,
)
from muniment.vault import Safe
from tests.approvals.people import Office

ADDRESS = "maria@example.com"
TEXT = f"please write to {ADDRESS} today"
WHY = "the address of our own front desk"
STRICT = Configuration(threshold=0.4)


class Company(Office):
    """An office with a detector: `ada` of security asks and applies, `bo` of compliance answers."""

    safe: Safe

    def texts(self, *, by: str = "ada", system: str = "") -> OpenTexts:
        """Open the texts of all cases."""
        return detect.open_texts(self.safe, self.people[by], system=system)

    def propose(
        self,
        wanted: Configuration = STRICT,
        *,
        by: str = "ada",
        system: str = "",
        expires_at: datetime | None = None,
    ) -> Proposal:
        """Ask for a change."""
        texts = self.texts(by=by, system=system)
        with self.by(by) as work:
            return detect.propose(
                work,
                wanted,
                texts,
                owner="per_ines",
                reason=WHY,
                system=system,
                expires_at=expires_at,
            )

    def say(self, wanted: Proposal, answer: Answer = Answer.APPROVE, by: str = "bo") -> Request:
        """Answer what is asked about a change."""
        with self.by(by) as work:
            request, _, _ = approvals.get(work, wanted.request_id)
        return self.answer(by, request, answer)

    def apply(self, wanted: Proposal, by: str = "ada") -> Calibration:
        """Put a change in force."""
        texts = detect.open_texts_of(self.safe, self.people[by], wanted.id)
        with self.by(by) as work:
            return detect.apply(work, wanted.id, texts)

    def change(
        self,
        wanted: Configuration = STRICT,
        *,
        system: str = "",
        expires_at: datetime | None = None,
    ) -> Calibration:
        """Ask, say yes, and put in force."""
        proposal = self.propose(wanted, system=system, expires_at=expires_at)
        self.say(proposal)
        return self.apply(proposal)

    def in_force(self, system: str = "") -> Configuration:
        """Tell which configuration holds."""
        with self.by("ada") as work:
            return detect.in_force(work, system)

    def missed(self, subject: str = "") -> Case:
        """Report that the address must be found."""
        start = TEXT.index(ADDRESS)
        with self.by("ada") as work:
            return detect.report(
                work,
                self.safe,
                TEXT,
                CaseKind.MISSED,
                type="EMAIL_ADDRESS",
                start=start,
                end=start + len(ADDRESS),
                keeping=CaseKeeping(subject=subject),
            )
