"""Tables of an artefact as arrays of NumPy, and back."""

from __future__ import annotations

from array import array

import numpy as np
import numpy.typing as npt

from muniment.detect.detectors.names.artefact import Grid

AnyArray = npt.NDArray[np.generic]


def as_array(table: Grid) -> AnyArray:
    """Give a table as an array; its numbers are not copied."""
    return np.asarray(table.numbers).reshape(table.shape)


def as_grid(of: AnyArray) -> Grid:
    """Give an array as a table."""
    return Grid(of.shape, array(of.dtype.char, of.tobytes()))
