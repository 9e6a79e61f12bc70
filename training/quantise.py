"""Turns what was learned into small whole numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from muniment.detect.detectors.names.candidates import WINDOW

Floats = npt.NDArray[np.float32]
SMALL = ("shape", "before", "after", "known")
HIDDEN_STEPS = 64.0
"""So many steps of a hidden value make one."""


def quantise(tables: Mapping[str, Floats]) -> dict[str, npt.NDArray[np.generic]]:
    """Give the tables as whole numbers, with the two scales that the scanner needs."""
    big = np.concatenate([np.abs(tables["row"]).ravel(), np.abs(tables["parts"]).ravel()])
    step = float(np.quantile(big, 0.9999)) / 127
    first_step = float(np.abs(tables["first"]).max()) / 127
    second_step = float(np.abs(tables["second"]).max()) / 127
    result: dict[str, npt.NDArray[np.generic]] = {
        name: _whole(tables[name] / step, np.int8) for name in ("row", "parts")
    }
    result |= {name: _whole(tables[name] / step, np.int16) for name in SMALL}
    by_place = tables["first"].reshape(WINDOW, -1, tables["first"].shape[1]).transpose(1, 0, 2)
    result["first"] = _whole(by_place.reshape(len(by_place), -1) / first_step, np.int8)
    result["first_bias"] = _whole(tables["first_bias"] * HIDDEN_STEPS, np.int16)
    result["second"] = _whole(tables["second"] / second_step, np.int8)
    result["second_bias"] = _whole(tables["second_bias"] * HIDDEN_STEPS / second_step, np.int32)
    scales = (step * first_step * HIDDEN_STEPS, second_step / HIDDEN_STEPS)
    result["scale"] = np.array(scales, dtype="<f8")
    return result


def _whole(values: Floats, kind: type[np.signedinteger]) -> npt.NDArray[np.generic]:
    limits = np.iinfo(kind)
    return np.clip(np.rint(values), -limits.max, limits.max).astype(kind)
