"""What a peer is asked about a change: exact, without texts, and honest about what was measured."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from muniment.detect import Allowed, Configuration, Figures, Measured, Term, TermKind
from muniment.detect.models.proposals import Proposal, SetFigures
from muniment.detect.rules.proposing import (
    NO_END,
    differences,
    document_before,
    document_of,
    ends_of_question,
    judged,
)

AT = datetime(2026, 3, 1, tzinfo=UTC)
BEFORE = Measured(Figures(right=3, missed=1), (SetFigures("values", 9, 8, 7, 1),))
SECRET = "Project Falcon"
ASKED = Proposal(
    id="dch_1",
    system="",
    configuration=Configuration(
        terms=(Term("falcon", TermKind.BANNED, SECRET),), allowed=(Allowed("desk@example.com"),)
    ),
    previous=Configuration(),
    owner="per_ines",
    reason="our own words",
    author="per_ada",
    proposed_at=AT,
    expires_at=None,
    before=BEFORE,
    after=BEFORE,
    loosens=("more texts are allowed",),
)


def test_a_document_says_everything_but_the_texts() -> None:
    """Owner, end, figures, and the digest of each list; no allowed text and no own term."""
    document = document_of(ASKED)
    assert (document["owner"], document["ends"], document["system"]) == (
        *("per_ines", NO_END),
        "installation",
    )
    assert document["figures"] == BEFORE.as_value()
    assert (document["terms"]["count"], document_before(ASKED)["terms"]["count"]) == (1, 0)
    assert SECRET not in str(document)
    assert "desk@" not in str(document)


@pytest.mark.parametrize(
    "other",
    [
        replace(ASKED, owner="per_bo"),
        replace(ASKED, expires_at=AT + timedelta(days=2)),
        replace(ASKED, configuration=Configuration(allowed=(Allowed("other@example.com"),))),
        replace(ASKED, after=Measured(Figures(right=4))),
        replace(ASKED, previous=Configuration(threshold=0.6)),
    ],
)
def test_whatever_differs_is_another_document(other: Proposal) -> None:
    """A yes to one change cannot be used for another."""
    assert document_of(other) != document_of(ASKED)


def test_a_question_lapses_with_the_change_or_after_a_month() -> None:
    """Nobody answers what would have ended."""
    assert ends_of_question(ASKED) == AT + timedelta(days=30)
    early = replace(ASKED, expires_at=AT + timedelta(days=2))
    assert ends_of_question(early) == AT + timedelta(days=2)


def test_each_difference_is_a_line() -> None:
    """What is added, taken away and moved is told with what stood there."""
    new = replace(ASKED.configuration, threshold=0.7, thresholds=(("PERSON", 0.9),), terms=())
    lines = differences(ASKED.configuration, new)
    assert ("threshold", "0.5", "0.7") in lines
    assert ("threshold of PERSON", "", "0.9") in lines
    assert (f"own term falcon (banned): {SECRET}", "as its kind", "") in lines
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("after", "answers"),
    [
        (BEFORE, ("met", "met")),
        (Measured(Figures(right=4), (SetFigures("values", 9, 8, 6, 1),)), ("met", "not_met")),
        (Measured(Figures(right=3, missed=2), BEFORE.sets), ("not_met", "met")),
        (Measured(Figures(right=3, unknown=1), BEFORE.sets), ("could_not_tell", "met")),
        (Measured(Figures(right=1, missed=2, unknown=1), BEFORE.sets), ("not_met", "met")),
        (Measured(Figures(), BEFORE.sets), ("could_not_tell", "met")),
        (Measured(Figures(right=4), (SetFigures("values", 9, 8, 8, 2),)), ("met", "not_met")),
    ],
)
def test_measured_things_are_judged(after: Measured, answers: tuple[str, str]) -> None:
    """As good, worse, and what could not be told; no cases are no proof."""
    assert tuple(verdict for _, verdict, _ in judged(BEFORE, after)) == answers
