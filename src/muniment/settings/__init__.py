"""Settings: every knob, read once in `main.py` and passed down; no room reads the environment.

Nouns: Settings and its areas, Knob, Secret. Verbs: load, knobs, areas, shown.
Floor: above core, below everything else.
"""

from muniment.settings.areas import Settings, areas, knobs
from muniment.settings.knobs import Knob, Secret
from muniment.settings.load import Loaded, declared_in, file_read, load, shown

__all__ = [
    "Knob",
    "Loaded",
    "Secret",
    "Settings",
    "areas",
    "declared_in",
    "file_read",
    "knobs",
    "load",
    "shown",
]
