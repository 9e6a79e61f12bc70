"""Products in parts are what they are at once."""

from __future__ import annotations

import numpy as np
import pytest

from muniment.detect.detectors.names.products import product


@pytest.mark.parametrize("rows", [0, 1, 9, 10, 200])
def test_parts_of_a_product_are_those_of_the_whole(rows: int) -> None:
    """Sums of whole numbers are exact, however many rows are taken at a time."""
    chance = np.random.default_rng(rows)
    left = chance.integers(-500, 500, (rows, 32)).astype(np.float32)
    right = chance.integers(-127, 127, (32, 864)).astype(np.float32)
    whole = left.astype(np.int64) @ right.astype(np.int64)
    made = product(left, right)
    assert made.dtype == np.float32
    assert np.array_equal(made.astype(np.int64), whole)
