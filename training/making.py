"""Makes what is put together from parts: titles of jobs, postal codes, waters and hills."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

from training import lists

Makers = Mapping[str, Callable[[], str]]
_SLOT = re.compile(r"\{([a-z.]+)\}")

LANDMARKS = {
    "en": (
        "Lake {last}", "{last} Lake", "Mount {last}", "{last} County", "{city} County",
        "{last} Valley", "{last} Bay", "{last} River", "River {last}", "North {city}",
        "East {city}", "South {city}", "West {city}", "Greater {city}", "Upper {city}",
        "{city} Heights", "{last} Park", "{last} Island", "Port {last}", "Fort {last}",
        "Cape {last}", "{last} Hill", "{last} Falls", "{last} Creek", "{last} Beach",
        "Saint {first}", "St {first}", "San {first}", "{last} Castle", "{last} Forest",
        "{city} District", "Gulf of {city}", "Bay of {city}", "Isle of {last}", "{last} Springs",
        "{last} Mountains", "{last} Desert", "{last} Peninsula", "{last} Canyon", "{last} Square",
        "{city} Airport", "{city} Station", "{last} Bridge", "{last} Plains", "{last} Point",
    ),
    "de": (
        "Bad {city}", "{last}see", "{last}berg", "{last}tal", "{last}wald", "Sankt {first}",
        "Landkreis {city}", "Nieder{last}", "Ober{last}", "{city}-Nord", "{city}-Mitte",
        "{city} Hauptbahnhof",
    ),
    "fr": (
        "Lac de {city}", "Mont {last}", "Saint-{first}", "Val de {last}", "Pays de {city}",
        "Saint-{first}-sur-Mer", "{city}-le-Vieux", "Île de {last}", "Gare de {city}",
    ),
    "es": (
        "Lago {last}", "Sierra de {city}", "San {first}", "Santa {first}", "Villa {last}",
        "Puerto {last}", "Valle de {city}", "Isla {last}", "Río {last}", "Cerro {last}",
    ),
    "pt": (
        "Lagoa de {city}", "Serra de {city}", "São {first}", "Santa {first}", "Vila {last}",
        "Porto {last}", "Vale de {city}", "Ilha de {last}", "Rio {last}", "Praia de {city}",
    ),
    "it": (
        "Lago di {city}", "Monte {last}", "San {first}", "Santa {first}", "Val {last}",
        "Porto {last}", "Isola {last}", "Villa {last}", "Colli di {city}",
    ),
    "nl": (
        "{last}meer", "Sint-{first}", "{city}-Noord", "{city}-Centrum", "{last}dijk",
        "Nieuw-{city}", "Oud-{city}", "{last}veen", "Eiland {city}",
    ),
}  # fmt: skip

CODES = {
    "en": ("ddddd", "ddddd", "ddddd", "ddddd-dddd", "Ad dAA", "AAd dAA", "AAdd dAA", "AdA dAd", "dddd", "dddddd", "AdA dAA"),  # noqa: E501
    "de": ("ddddd", "ddddd", "ddddd", "dddd", "dddd", "D-ddddd", "CH-dddd", "A-dddd"),
    "fr": ("ddddd", "ddddd", "ddddd", "dddd", "F-ddddd", "B-dddd"),
    "es": ("ddddd", "ddddd", "dddd"),
    "pt": ("dddd-ddd", "dddd-ddd", "ddddd-ddd", "ddddd-ddd"),
    "it": ("ddddd", "ddddd", "I-ddddd"),
    "nl": ("dddd AA", "dddd AA", "ddddAA", "dddd"),
}  # fmt: skip
"""Postal codes as they are written where a language is spoken: `d` a digit, `A` a letter."""

_PREFIXES = ("D-", "CH-", "A-", "F-", "B-", "I-")


def filled(pattern: str, makers: Makers) -> str:
    """Fill the slots of a pattern."""
    return _SLOT.sub(lambda match: makers[match[1]](), pattern)


def landmark(chance: random.Random, language: str, makers: Makers) -> str:
    """Give a lake, a hill, a district: what a place is called after."""
    return filled(chance.choice(LANDMARKS.get(language, LANDMARKS["en"])), makers)


def postal_code(chance: random.Random, language: str) -> str:
    """Give a postal code as the countries of a language write it."""
    shape = chance.choice(CODES.get(language, CODES["en"]))
    prefix = next((each for each in _PREFIXES if shape.startswith(each)), "")
    letters = {"d": "0123456789", "A": "ABCDEGHJKLMNPRSTVWXY"}
    rest = shape.removeprefix(prefix)
    return prefix + "".join(
        chance.choice(letters[each]) if each in letters else each for each in rest
    )


class Roles:
    """Puts titles of jobs together, so that their parts are learned and not only whole titles."""

    def __init__(self) -> None:
        self._parts = lists.sections("roles")

    def title(self, chance: random.Random) -> str:
        """Give one English title, in small letters."""
        way = chance.random()
        if way < 0.3:
            return chance.choice(self._parts["single"])
        field = chance.choice(self._parts["field"])
        if way < 0.5:
            return chance.choice(self._parts["head"]).replace("{field}", field)
        title = f"{field} {chance.choice(self._parts['role'])}"
        if way < 0.7:
            return f"{chance.choice(self._parts['level'])} {title}"
        return title
