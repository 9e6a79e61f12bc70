"""The few numbers with which the tables of an artefact are read, whoever reads them."""

from __future__ import annotations

import struct
from typing import Final

from muniment.detect.detectors.names.artefact import Artefact
from muniment.detect.detectors.names.labels import NO_NAME

LIMIT: Final = 3600
"""The largest share one word has in a hidden value, so that nine of them fit into 16 bits."""

MOST: Final = 2**24 // (127 * 33)
"""The largest sum of what the tables say of a word: products of it stay whole in a float."""

MAX_HIDDEN: Final = 2047
"""The largest hidden value."""

IF_ADDRESSED, IF_PLACE, IF_GIVEN = 5.0, 2.0, 4.0
"""By how much a name is likelier behind a form of address, and one that a list has."""

_LEANING: Final = 1.1
"""How much "no name" must lead by: a name that is missed leaks, one too many only hides."""


def label_bias(artefact: Artefact) -> list[float]:
    """Give what is added for each label, the leaning to names among it."""
    bias = [float(each) for each in artefact.tables["second_bias"].numbers]
    bias[NO_NAME] -= round(_short(_short(_LEANING) / _short(artefact.tables["scale"].numbers[1])))
    return bias


def _short(number: float) -> float:
    """Give the nearest number that 32 bits can hold."""
    return float(struct.unpack("<f", struct.pack("<f", number))[0])
