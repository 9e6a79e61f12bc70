"""The scenes of the story, in the order in which they are told at one moment.

A room adds what it has to show by one file here and one line in the list.
"""

from __future__ import annotations

from typing import Final

from muniment.demo.scenes import (
    access,
    calls,
    changes,
    detector,
    erasure,
    held,
    limits,
    notices,
    people,
    policies,
    seen,
    systems,
)
from muniment.demo.story import Scene

SCENES: Final[tuple[Scene, ...]] = (
    people.scene,
    systems.scene,
    notices.scene,
    policies.scene,
    changes.scene,
    limits.scene,
    detector.scene,
    calls.scene,
    held.scene,
    seen.scene,
    access.scene,
    erasure.scene,
)
