"""The numbers of parts."""

from __future__ import annotations

from muniment.detect.detectors.names.known import (
    ENDS,
    KNOWN,
    MULTIPLIERS,
    PARTS,
    PREFIXES,
    SUFFIXES,
)


def test_a_part_hangs_on_its_own_letters_alone() -> None:
    """A beginning of two letters has two numbers, both odd and unlike, and zeros for all others."""
    columns = [MULTIPLIERS[part::PARTS].tolist() for part in range(PARTS)]
    for part, size in enumerate((*PREFIXES, *SUFFIXES)):
        ahead, behind = columns[part][:ENDS], columns[part][ENDS:]
        used, unused = (ahead, behind) if part < len(PREFIXES) else (behind, ahead)
        assert unused == [0] * ENDS
        assert used[size:] == [0] * (ENDS - size)
        assert all(each % 2 for each in used[:size])
        assert len(set(used[:size])) == size


def test_all_that_is_known_fits_into_sixteen_bits() -> None:
    """The artefact keeps it in as many."""
    assert len(KNOWN) == len(set(KNOWN)) == 16
