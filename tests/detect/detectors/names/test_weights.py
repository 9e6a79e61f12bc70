"""The few numbers with which tables are read."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from muniment.detect.detectors.names import artefact, weights
from muniment.detect.detectors.names.labels import NO_NAME
from tests.detect.detectors.names.tiny import tiny


def test_no_name_must_lead_by_as_much_as_32_bits_say(tmp_path: Path) -> None:
    """What is taken from "no name" is rounded as NumPy rounds it; all others are as they are."""
    tiny(tmp_path / "a.bin")
    for read in (artefact.read(tmp_path / "a.bin"), artefact.read()):
        bias, table = weights.label_bias(read), read.tables["second_bias"].numbers
        scale = np.float32(read.tables["scale"].numbers[1])
        assert bias[NO_NAME] == table[NO_NAME] - float(np.rint(np.float32(1.1) / scale))
        assert bias[1:] == table.tolist()[1:]


def test_nine_shares_fit_into_sixteen_bits() -> None:
    """A window's sum never turns from a large number into a small one."""
    assert 9 * weights.LIMIT < 2**15
    assert weights.MOST * 127 * 33 < 2**24
