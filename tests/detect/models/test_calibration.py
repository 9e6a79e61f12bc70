"""Texts that were opened to measure: found by case, and never those of an erased one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from muniment.core.digest import Digest
from muniment.detect import Case, CaseKind, OpenTexts
from muniment.detect.models import CaseId

AT = datetime(2026, 1, 1, tzinfo=UTC)
CASE = Case(
    id=CaseId("cas_1"),
    system="",
    kind=CaseKind.MISSED,
    type="PERSON",
    start=0,
    end=4,
    subject="",
    kept=None,
    digest=Digest("sha256:00"),
    build="b",
    reported_by="per_1",
    reported_at=AT,
    erase_after=AT,
)


def test_the_text_of_an_erased_case_is_not_given_though_it_was_opened() -> None:
    """What was erased between opening and measuring is unknown; so is what was not opened."""
    texts = OpenTexts({"cas_1": "Anna"})
    assert texts.of(CASE) == "Anna"
    assert texts.of(replace(CASE, erased_at=AT)) is None
    assert texts.of(replace(CASE, id=CaseId("cas_2"))) is None
    assert "Anna" not in repr(texts)
