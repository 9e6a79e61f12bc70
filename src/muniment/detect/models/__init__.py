"""The nouns of the room: what is found, and what is done about it."""

from __future__ import annotations

from muniment.detect.models.calibration import *  # noqa: F403 every noun of the room is given on
from muniment.detect.models.findings import *  # noqa: F403 every noun of the room is given on
from muniment.detect.models.places import *  # noqa: F403 every noun of the room is given on
from muniment.detect.models.proposals import *  # noqa: F403 every noun of the room is given on
from muniment.detect.models.protection import *  # noqa: F403 every noun of the room is given on
