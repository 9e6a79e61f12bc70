"""The nouns of the room: what is found, and what is done about it.

What is found is loaded at once; the other nouns when one is asked for, since each costs a start.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from muniment.detect.models.findings import *  # noqa: F403 every noun of the room is given on

if TYPE_CHECKING:
    from muniment.detect.models.calibration import *  # noqa: F403 as above
    from muniment.detect.models.places import *  # noqa: F403 as above
    from muniment.detect.models.proposals import *  # noqa: F403 as above
    from muniment.detect.models.protection import *  # noqa: F403 as above

_LATER = ("protection", "places", "calibration", "proposals")


def __getattr__(name: str) -> Any:  # noqa: ANN401 the protocol of modules
    """Load the nouns of the module that defines this one."""
    home = __name__ + "."
    for each in _LATER if not name.startswith("_") else ():
        module = import_module(home + each)
        found = vars(module).get(name)
        if getattr(found, "__module__", home + each) == module.__name__ and found is not None:
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
