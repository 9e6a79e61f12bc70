"""The nouns of detection keep their promises."""

from __future__ import annotations

import pytest

from muniment.core.errors import InvalidError
from muniment.detect import (
    Configuration,
    Coverage,
    Family,
    Finding,
    Scan,
    Term,
    TermKind,
    Verdict,
    Why,
)
from muniment.plugins.sockets import Found

FINDING = Finding("EMAIL_ADDRESS", Family.PII, 3, 9, 0.9, Why("email", ("mail",), ("form",)))


def test_what_was_not_inspected_is_never_clean() -> None:
    """No findings in a text that was not wholly seen is not a clean text."""
    whole = Coverage(10, 10, ("patterns",))
    assert Scan((), whole, "b").verdict is Verdict.CLEAN
    assert Scan((FINDING,), whole, "b").verdict is Verdict.FOUND
    for partial in (
        Coverage(10, 9, ("patterns",)),
        Coverage(10, 10, ()),
        Coverage(10, 10, ("patterns",), ("names could not be loaded",)),
    ):
        assert Scan((), partial, "b").verdict is Verdict.NOT_INSPECTED


def test_a_reason_reads_as_words() -> None:
    """Who prints the reason reads the pattern, the steps and the words nearby."""
    assert str(FINDING.why) == "email; form; near 'mail'"


def test_a_finding_is_what_the_socket_calls_found() -> None:
    """Findings of the room and of plug-ins are of one world."""
    found: Found = FINDING
    assert (found.type, found.family, str(found.why)[:5]) == ("EMAIL_ADDRESS", "pii", "email")
    assert FINDING.moved(2).overlaps(FINDING)
    assert not FINDING.moved(6).overlaps(FINDING)


def test_a_configuration_has_one_digest() -> None:
    """Whatever changes what is found changes the digest, and order of a set does not."""
    plain = Configuration()
    assert plain.digest == Configuration().digest
    assert Configuration(also=("URL", "A")).digest == Configuration(also=("A", "URL")).digest
    changed = (
        Configuration(threshold=0.6),
        Configuration(layers=("patterns",)),
        Configuration(terms=(Term("t", TermKind.EXACT, "Blue Heron"),)),
    )
    assert len({plain.digest, *(each.digest for each in changed)}) == 4


@pytest.mark.parametrize("wrong", [-0.1, 1.1, float("nan")])
def test_a_threshold_lies_between_nothing_and_certain(wrong: float) -> None:
    """A threshold nothing can reach, or everything passes, is refused."""
    with pytest.raises(InvalidError):
        Configuration(threshold=wrong)
    with pytest.raises(InvalidError):
        Term("t", TermKind.EXACT, " ")
    with pytest.raises(InvalidError):
        Term("t", TermKind.EXACT, "x", type="not a type")
