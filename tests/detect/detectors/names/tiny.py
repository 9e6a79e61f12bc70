"""A tiny artefact with chance in its tables, for tests of everything but what was learned."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from muniment.detect.detectors.names import artefact
from muniment.detect.detectors.names.candidates import WINDOW
from muniment.detect.detectors.names.features import KNOWN_COUNT, MARK_COUNT, SHAPE_COUNT
from muniment.detect.detectors.names.grids import AnyArray, as_grid
from muniment.detect.detectors.names.known import PART_BUCKETS
from muniment.detect.detectors.names.labels import LABELS

DIM, HIDDEN = 4, 8
ROWS = {"anna": (1, 1), "berlin": (2, 4), "the": (3, 1 << 10), "green": (0, 2)}


def tiny(path: Path, seed: int = 1) -> str:
    """Write the artefact and give its digest."""
    chance = np.random.Generator(np.random.PCG64(seed))

    def whole(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int8]]:
        return chance.integers(-60, 60, shape, dtype=np.int8)

    tables: dict[str, AnyArray] = {
        "row": whole(4, DIM), "parts": whole(PART_BUCKETS, DIM),
        "shape": whole(SHAPE_COUNT, DIM).astype(np.int16),
        "before": whole(MARK_COUNT, DIM).astype(np.int16),
        "after": whole(MARK_COUNT, DIM).astype(np.int16),
        "known": whole(KNOWN_COUNT, DIM).astype(np.int16),
        "first": whole(DIM, WINDOW * HIDDEN), "first_bias": whole(HIDDEN).astype(np.int16),
        "second": whole(HIDDEN, LABELS), "second_bias": whole(LABELS).astype(np.int32),
        "scale": np.array((0.01, 0.001)),
    }  # fmt: skip
    written = {name: as_grid(table) for name, table in tables.items()}
    return artefact.write(path, ROWS, ("the", "Anna", "\n", ""), written)
