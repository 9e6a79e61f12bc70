"""Products of matrices, in parts so small that the thread that asks does all of the work.

OpenBLAS gives larger ones to threads of its own and waits for them; where every core is busy, that
takes a hundred times as long as the product.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

_ALONE: Final = 1 << 18

Floats = npt.NDArray[np.float32]


def product(left: Floats, right: Floats) -> Floats:
    """Multiply two matrices, some rows of the left one at a time."""
    rows, inner, columns = left.shape[0], left.shape[1], right.shape[1]
    at_once = max(1, _ALONE // (inner * columns))
    if rows <= at_once:
        return np.asarray(np.matmul(left, right), dtype=np.float32)
    made = np.empty((rows, columns), np.float32)
    for at in range(0, rows, at_once):
        np.matmul(left[at : at + at_once], right, out=made[at : at + at_once])
    return made
