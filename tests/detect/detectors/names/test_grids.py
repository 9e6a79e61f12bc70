"""Tables of an artefact and arrays."""

from __future__ import annotations

import numpy as np
import pytest

from muniment.detect.detectors.names.grids import as_array, as_grid


@pytest.mark.parametrize("kind", [np.int8, np.int16, np.uint16, np.int32, np.float64])
def test_an_array_comes_back_as_it_was(kind: type[np.generic]) -> None:
    """Numbers, shape and kind are kept, also of an array that is not written row by row."""
    given = np.arange(6).reshape(2, 3).T.astype(kind)
    table = as_grid(given)
    assert table.shape == (3, 2)
    assert table.numbers.tolist() == [0, 3, 1, 4, 2, 5]
    again = as_array(table)
    assert again.dtype == given.dtype
    assert again.tolist() == given.tolist()
