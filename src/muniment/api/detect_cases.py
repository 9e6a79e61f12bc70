"""Cases of the detector as JSON: report one, list them, open or erase a text."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from muniment import detect
from muniment.access import Scope
from muniment.api.asking import Doing, PageOf, Reading, Rows, Told, page_of
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.detect import CaseKeeping, CaseKind

_MOST_CHARS = 4_000_000
_AREA = Scope.of(console="detect")

CaseIdGiven = Annotated[str, Path(max_length=40, description="Id of the case.")]


class _Given(BaseModel):
    """What is given: these fields and no others; texts keep every character."""

    model_config = ConfigDict(extra="forbid")


class CaseGiven(_Given):
    """A place in a text about which the detector was wrong."""

    kind: CaseKind
    text: str = Field(max_length=_MOST_CHARS)
    type: str = Field(max_length=64, examples=["EMAIL_ADDRESS"])
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    system: str = Field("", max_length=80, description="Id of a system; empty: all.")
    keep_days: int = Field(365, ge=1, le=3_650)
    subject: str = Field(
        "", max_length=80, description="Pseudonym of whom the text is about; empty: nobody named."
    )
    classification: str = Field("confidential", max_length=80)


class WhyGiven(_Given):
    """A reason, which is recorded."""

    reason: str = Field(max_length=300)


class CaseTold(Told):
    """A case that is kept; its text is not repeated."""

    id: str
    system: str
    kind: CaseKind
    type: str
    start: int
    end: int
    subject: str
    digest: str = Field(description="Of what is kept, encrypted; it tells nothing of the text.")
    build: str
    reported_by: str
    reported_at: AwareDatetime
    erase_after: AwareDatetime
    erased_at: AwareDatetime | None


class CaseTextTold(Told):
    """The text of a case, and the place in it; that it was opened is on record."""

    id: str
    text: str
    start: int
    end: int


def add_cases(routes: APIRouter) -> None:
    """Put the endpoints of cases beside those of detection."""

    @routes.post("/feedback", summary="Report a false alarm or a miss")
    def feedback(asking: Doing, given: CaseGiven) -> CaseTold:
        def act(work: Work) -> CaseTold:
            case = detect.report(
                work,
                asking.safe,
                given.text,
                given.kind,
                type=given.type,
                start=given.start,
                end=given.end,
                keeping=CaseKeeping(
                    given.system, given.keep_days, given.subject, given.classification
                ),
            )
            return CaseTold.model_validate(case)

        return asking.do(CaseTold, act)

    @routes.get("/feedback", summary="List the cases, the newest first, without their texts")
    def list_cases(asking: Reading, page: PageOf) -> Rows[CaseTold]:
        with asking.view("detect.read", _AREA) as work:
            found = detect.cases(work, limit=page.limit, cursor=page.cursor)
        return page_of(CaseTold, found)

    @routes.post("/feedback/{case_id}/open", summary="Open the text of a case, on record")
    def open_case(asking: Reading, case_id: CaseIdGiven, given: WhyGiven) -> CaseTextTold:
        with asking.work() as work:
            case, opening = detect.open_case(work, asking.safe, case_id, reason=given.reason)
        text = detect.text_of(opening)
        _require_told(text)
        return CaseTextTold(id=case.id, text=text, start=case.start, end=case.end)

    @routes.post("/feedback/{case_id}/erase", summary="Erase the text of a case for good")
    def erase_case(asking: Doing, case_id: CaseIdGiven, given: WhyGiven) -> CaseTold:
        def act(work: Work) -> CaseTold:
            return CaseTold.model_validate(detect.erase(work, case_id, reason=given.reason))

        return asking.do(CaseTold, act)


def _require_told(text: str) -> None:
    """Refuse what JSON cannot say, which a text from elsewhere may hold."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidError(
            "this text holds half of a surrogate pair, so JSON cannot say it",
            field="case_id",
            remedy="Use `muniment detect feedback show`.",
        ) from error
