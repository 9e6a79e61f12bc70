"""Demo: a company that does not exist, for people who want to look before they begin.

Nouns: Scale, Event, Scene, Stage, Found. Verbs: build, look, opened, room_for, require_free.
It is a caller: it does what people, programs and the worker do, through the front doors of the
rooms and the gateway, on a clock of its own. Writes kinds: demo.*. Follows: nothing.
Floor: above the server, below the command line; nothing imports it but its command.
"""

from muniment.demo.building import build
from muniment.demo.folder import Found, look, opened, require_free, room_for
from muniment.demo.story import COMPANY, DAYS, SMALL, Scale

__all__ = [
    "COMPANY",
    "DAYS",
    "SMALL",
    "Found",
    "Scale",
    "build",
    "look",
    "opened",
    "require_free",
    "room_for",
]
