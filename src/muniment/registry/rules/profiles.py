"""What is stated about a system: read from the outside, and whether it holds together.

Everything that comes from a door or a file is read here, once, into a `Profile`; whatever is
wrong is told by field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from enum import StrEnum
from typing import Any, Final, TypeVar

from muniment.core.errors import InvalidError
from muniment.registry.models import (
    EU_CLASSES,
    TIERS,
    Action,
    AiRole,
    Autonomy,
    Component,
    ComponentSort,
    Environment,
    Flow,
    Profile,
    Stage,
)

MAX_CHARS: Final = 2_000
MAX_NAME: Final = 100
MAX_ITEMS: Final = 200
_KEY: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z")
_MATERIAL: Final = (
    "purpose",
    "autonomy",
    "users_affected",
    "data_classes",
    "data_sources",
    "regions",
    "role",
    "decision_logic",
    "declared_tier",
    "eu_class",
    "components",
    "flows",
    "environments",
)
E_ = TypeVar("E_", bound=StrEnum)
T = TypeVar("T")


def require_key(text: object, field: str = "key") -> str:
    """Take the short name of a system, as it stands in commands and files."""
    if not isinstance(text, str) or not _KEY.match(text) or len(text) > MAX_NAME:
        raise InvalidError(
            f"{str(text)[:60]!r} is not a key",
            field=field,
            remedy="Use small letters, digits and single hyphens, as credit-score.",
        )
    return text


def require_text(value: object, field: str, *, longest: int = MAX_CHARS, empty: bool = True) -> str:
    """Take a text that can be read, and is not too long."""
    if not isinstance(value, str):
        raise InvalidError("is not a text", field=field, remedy="Write a sentence.")
    text = value.strip()
    if not text and not empty:
        raise InvalidError("is empty", field=field, remedy="Write a sentence.")
    if len(text) > longest:
        raise InvalidError(
            f"has {len(text):,} characters", field=field, remedy=f"Write {longest:,} at most."
        )
    if not all(letter.isprintable() or letter in "\n\t" for letter in text):
        raise InvalidError(
            "holds a character that cannot be seen", field=field, remedy="Remove it."
        )
    return text


def require_list(value: object, field: str) -> Sequence[Any]:
    """Take a list of not too many things."""
    if not isinstance(value, (list, tuple)):
        raise InvalidError("is not a list", field=field, remedy="Write a list.")
    if len(value) > MAX_ITEMS:
        raise InvalidError(
            f"has {len(value):,} items", field=field, remedy=f"Give {MAX_ITEMS} at most."
        )
    return value


def require_object(value: object, field: str, allowed: Sequence[str]) -> Mapping[str, Any]:
    """Take an object that has these members and no others."""
    if not isinstance(value, Mapping):
        raise InvalidError("is not an object", field=field, remedy="Write names and values.")
    for name in value:
        if name not in allowed:
            raise InvalidError(
                f"{str(name)[:60]!r} is not known here",
                field=field,
                remedy=f"Known are {', '.join(allowed)}.",
            )
    return value


def read_profile(given: object) -> Profile:
    """Read what is stated about a system; a member that is left out has its usual value."""
    names = [each.name for each in fields(Profile)]
    stated = require_object(given, "profile", names)
    read: dict[str, Any] = {}
    for name, value in stated.items():
        read[name] = _READERS[name](value, name)
    for name in ("name", "purpose", "owner"):
        if not read.get(name):
            raise InvalidError("is missing", field=name, remedy="Every system has one.")
    profile = Profile(**read)
    _require_sound(profile)
    return profile


def profile_document(profile: Profile) -> dict[str, Any]:
    """Write what is stated about a system as plain values."""
    return asdict(profile)


def material(before: Profile, after: Profile) -> tuple[str, ...]:
    """Name what changed so that the system must be looked at again."""
    return tuple(name for name in _MATERIAL if getattr(before, name) != getattr(after, name))


def _line(value: object, field: str, *, longest: int = MAX_CHARS, empty: bool = True) -> str:
    """Take a text of one line; forms keep lists one a line."""
    text = require_text(value, field, longest=longest, empty=empty)
    if "\n" in text:
        raise InvalidError("has more than one line", field=field, remedy="Write it in one line.")
    return text


def _short(value: object, field: str) -> str:
    return _line(value, field, longest=MAX_NAME)


def _long(value: object, field: str) -> str:
    return require_text(value, field)


def _words(value: object, field: str) -> tuple[str, ...]:
    found = [_short(each, field) for each in require_list(value, field)]
    if any(not each for each in found):
        raise InvalidError("holds an empty item", field=field, remedy="Leave it out.")
    if len(set(found)) < len(found):
        raise InvalidError("names something twice", field=field, remedy="Name it once.")
    return tuple(found)


def _sentences(value: object, field: str) -> tuple[str, ...]:
    return tuple(_line(each, field, empty=False) for each in require_list(value, field))


def _choice(kind: type[E_]) -> Callable[[object, str], E_]:
    def read(value: object, field: str) -> E_:
        known = [each.value for each in kind]
        if value not in known:
            raise InvalidError(
                f"{str(value)[:60]!r} is not one of them",
                field=field,
                remedy=f"Use one of {', '.join(known)}.",
            )
        return kind(str(value))

    return read


def _tier(value: object, field: str) -> str:
    if value not in ("", *TIERS):
        raise InvalidError(
            f"{str(value)[:60]!r} is no tier", field=field, remedy=f"Use one of {', '.join(TIERS)}."
        )
    return str(value)


def _eu_class(value: object, field: str) -> str:
    if value not in ("", *EU_CLASSES):
        raise InvalidError(
            f"{str(value)[:60]!r} is no class under the EU AI Act",
            field=field,
            remedy=f"Use one of {', '.join(EU_CLASSES)}.",
        )
    return str(value)


def _whole(least: int, most: int) -> Callable[[object, str], int]:
    def read(value: object, field: str) -> int:
        if type(value) is not int or not least <= value <= most:
            raise InvalidError(
                f"{str(value)[:40]!r} is out of range",
                field=field,
                remedy=f"Give a whole number from {least} to {most}.",
            )
        return value

    return read


def _flag(value: object, field: str) -> bool:
    if type(value) is not bool:
        raise InvalidError("is neither true nor false", field=field, remedy="Write true or false.")
    return value


def _environments(value: object, field: str) -> tuple[Environment, ...]:
    found = []
    for number, each in enumerate(require_list(value, field)):
        where = f"{field}[{number}]"
        given = require_object(each, where, ("name", "stage"))
        name = require_key(given.get("name"), f"{where}.name")
        found.append(Environment(name, _choice(Stage)(given.get("stage"), f"{where}.stage")))
    return tuple(found)


_COMPONENT: Final[Mapping[str, Callable[[object, str], Any]]] = {
    "name": _short,
    "sort": _choice(ComponentSort),
    "environments": _words,
    "vendor": _short,
    "data_classes": _words,
    "entry_point": _flag,
    "retained_days": _whole(0, 36_500),
    "action": _choice(Action),
    "made_of": _words,
}


def _components(value: object, field: str) -> tuple[Component, ...]:
    found = []
    for number, each in enumerate(require_list(value, field)):
        where = f"{field}[{number}]"
        given = require_object(each, where, tuple(_COMPONENT))
        read = {name: _COMPONENT[name](one, f"{where}.{name}") for name, one in given.items()}
        for name in ("name", "sort"):
            if not read.get(name):
                raise InvalidError("is missing", field=f"{where}.{name}", remedy="Say what it is.")
        found.append(Component(**read))
    return tuple(found)


def _flows(value: object, field: str) -> tuple[Flow, ...]:
    found = []
    for number, each in enumerate(require_list(value, field)):
        where = f"{field}[{number}]"
        given = require_object(each, where, ("source", "target", "data_classes"))
        source = _short(given.get("source", ""), f"{where}.source")
        target = _short(given.get("target", ""), f"{where}.target")
        classes = _words(given.get("data_classes", ()), f"{where}.data_classes")
        found.append(Flow(source, target, classes))
    return tuple(found)


_READERS: Final[Mapping[str, Callable[[object, str], Any]]] = {
    "name": _short,
    "purpose": _long,
    "owner": _short,
    "alert_reviewer": _short,
    "change_approver": _short,
    "autonomy": _choice(Autonomy),
    "users_affected": _long,
    "data_classes": _words,
    "data_sources": _sentences,
    "regions": _words,
    "role": _choice(AiRole),
    "commitments": _sentences,
    "decision_logic": _long,
    "refresh": _long,
    "declared_tier": _tier,
    "eu_class": _eu_class,
    "canary_percent": _whole(0, 99),
    "environments": _environments,
    "components": _components,
    "flows": _flows,
}


def _require_sound(profile: Profile) -> None:
    """Refuse what names something twice, something that is not there, or itself in a circle."""
    if not profile.environments:
        raise InvalidError("is empty", field="environments", remedy="Name one at least.")
    places = _require_once([each.name for each in profile.environments], "environments")
    known = _require_once([each.name for each in profile.components], "components")
    for number, component in enumerate(profile.components):
        here = f"components[{number}]"
        _require_known(component.made_of, known, f"{here}.made_of", f"{component.name} is made of")
        _require_known(
            component.environments, places, f"{here}.environments", f"{component.name} stands in"
        )
    for number, flow in enumerate(profile.flows):
        for end in ("source", "target"):
            where = f"flows[{number}].{end}"
            _require_known((getattr(flow, end),), known, where, "a flow names")
    if circle := circle_of({each.name: each.made_of for each in profile.components}):
        first = [each.name for each in profile.components].index(circle[0])
        raise InvalidError(
            f"these components are made of each other: {' → '.join(circle)}",
            field=f"components[{first}].made_of",
            remedy="Take one of them out of made_of.",
        )


def circle_of(made_of: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Find a circle among things made of each other, or nothing."""
    left = {name: {each for each in inner if each in made_of} for name, inner in made_of.items()}
    while free := [name for name, inner in left.items() if not inner]:
        for name in free:
            del left[name]
        for inner in left.values():
            inner.difference_update(free)
    if not left:
        return ()
    path = [min(left)]  # what is left has no end, so a walk comes back to where it was
    while (onward := min(left[path[-1]])) not in path:
        path.append(onward)
    return (*path[path.index(onward) :], onward)


def _require_once(names: Sequence[str], field: str) -> set[str]:
    """Give the names, each of which stands there once, whatever its case."""
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name.casefold() in seen:
            raise InvalidError(
                f"{name[:60]!r} stands there twice",
                field=f"{field}[{number}].name",
                remedy="Name each once.",
            )
        seen.add(name.casefold())
    return set(names)


def _require_known(names: Sequence[str], known: set[str], field: str, says: str) -> None:
    for name in names:
        if name not in known:
            raise InvalidError(
                f"{says} {name[:60]!r}, which is not there",
                field=field,
                remedy="Add it, or mend the name.",
            )
