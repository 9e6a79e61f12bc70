"""What was measured of a change is written and read back."""

from __future__ import annotations

from muniment.detect import Figures, Measured
from muniment.detect.models.proposals import SetFigures, measured_from

MEASURED = Measured(Figures(right=3, missed=1), (SetFigures("values", 9, 8, 7, 1),))


def test_figures_survive_their_storage() -> None:
    """Cases and each set come back as they were."""
    assert measured_from(MEASURED.as_value()) == MEASURED


def test_a_record_has_every_count_under_one_name() -> None:
    """Records hold flat tables of numbers."""
    told = MEASURED.counts()
    assert (told["cases.missed"], told["values.found"]) == (1, 7)
    assert len(told) == 8
