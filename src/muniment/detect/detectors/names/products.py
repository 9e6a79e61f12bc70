"""Products of matrices, in parts so small that the thread that asks does all of the work.

OpenBLAS gives larger ones to threads of its own and waits for them; where every core is busy, that
takes a hundred times as long as the product.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

_ALONE: Final = 1 << 18
_ROWS: Final = 32

Floats = npt.NDArray[np.float32]


def product(left: Floats, right: Floats) -> Floats:
    """Multiply two matrices, a few rows of the left one and some columns of the right at a time."""
    rows, inner, columns = left.shape[0], left.shape[1], right.shape[1]
    if rows * inner * columns < _ALONE:
        return np.asarray(np.matmul(left, right), dtype=np.float32)
    made = np.empty((rows, columns), np.float32)
    at_once = min(rows, _ROWS)
    wide = max(1, (_ALONE - 1) // (inner * at_once))
    for at in range(0, rows, at_once):
        for column in range(0, columns, wide):
            part = slice(at, at + at_once), slice(column, column + wide)
            np.matmul(left[part[0]], right[:, part[1]], out=made[part])
    return made
