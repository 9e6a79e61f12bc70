"""Finds plug-ins among the installed distributions and loads those named in the settings.

Rules: nothing is imported unless it was named *and* its distribution is on the allow-list; a name
offered twice is refused; whatever fails here stops the start, because a gate that opens when a
part is missing is no gate. Our own plug-ins enter by the same door as a stranger's.
"""

from __future__ import annotations

import importlib.metadata
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final

from muniment.core.errors import InvalidError, MunimentError
from muniment.plugins.check import check_socket, require_group
from muniment.plugins.sockets import GROUPS

# What a stranger's module may raise while it is imported or made. Anything beyond these is not
# a failure to load but a defect we want to see whole; it stops the start all the same.
_LOAD_FAULTS: Final = (
    ImportError,
    AttributeError,
    TypeError,
    ValueError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
)
_MAX_CAUSE_CHARACTERS: Final = 200
_REQUIREMENT: Final = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+).*\bextra\s*==\s*['\"](?P<extra>[^'\"]+)"
)


@dataclass(frozen=True, slots=True)
class InstalledPlugin:
    """A plug-in that some installed distribution offers; nothing of it has been imported."""

    group: str
    name: str
    distribution: str
    version: str
    target: str


@dataclass(frozen=True, slots=True)
class LoadedPlugin:
    """A plug-in that was named, allowed and imported; `make` makes its object."""

    group: str
    name: str
    distribution: str
    version: str
    target: str
    make: Callable[..., object]

    def as_record(self) -> dict[str, str]:
        """Give the form that stands in the record of the start."""
        return {
            "group": self.group,
            "name": self.name,
            "distribution": self.distribution,
            "version": self.version,
            "target": self.target,
        }


def installed(group: str) -> tuple[InstalledPlugin, ...]:
    """List what the installed distributions offer for a socket, importing nothing."""
    require_group(group)
    return _installed_in(tuple(sys.path)).get(group, ())


def load(group: str, name: str, *, allow: Sequence[str]) -> LoadedPlugin:
    """Load the plug-in of this name, or say in one sentence why it cannot be used."""
    offer = _the_one(group, name)
    _require_allowed(offer, allow)
    entry = importlib.metadata.EntryPoint(name=name, group=group, value=offer.target)
    try:
        target = entry.load()
    except _LOAD_FAULTS as error:
        raise _cannot_load(offer, error) from error
    make = getattr(target, "from_settings", target)
    if not callable(make):
        raise InvalidError(
            f"the plug-in {name!r} of {offer.distribution} names {offer.target}, "
            "which cannot be called",
            field=group,
            remedy="Let its entry point name a class or a function.",
        )
    return LoadedPlugin(group, name, offer.distribution, offer.version, offer.target, make)


def build(plugin: LoadedPlugin, *arguments: object) -> object:
    """Make a loaded plug-in's object and see that it keeps to its socket."""
    try:
        made = plugin.make(*arguments)
    except MunimentError:
        raise
    except _LOAD_FAULTS as error:
        raise InvalidError(
            f"the plug-in {plugin.name!r} of {plugin.distribution} {plugin.version} "
            f"cannot be made: {_one_line(error)}",
            field=plugin.group,
            remedy="Correct its settings, or name another plug-in.",
        ) from error
    check_socket(plugin.group, made)
    return made


@lru_cache(maxsize=1)
def _installed_in(_folders: tuple[str, ...]) -> Mapping[str, tuple[InstalledPlugin, ...]]:
    """Look through the installed distributions once; a process sees no plug-in come or go."""
    found: dict[str, list[InstalledPlugin]] = {}
    every = importlib.metadata.entry_points()
    for entry in chain.from_iterable(every.select(group=group) for group in GROUPS):
        found.setdefault(entry.group, []).append(_installed(entry))
    return {
        group: tuple(sorted(each, key=lambda one: (one.name, one.distribution)))
        for group, each in found.items()
    }


def _installed(entry: importlib.metadata.EntryPoint) -> InstalledPlugin:
    distribution = entry.dist.name if entry.dist else ""
    version = entry.dist.version if entry.dist else ""
    return InstalledPlugin(entry.group, entry.name, distribution, version, entry.value)


def _the_one(group: str, name: str) -> InstalledPlugin:
    offers = installed(group)
    named = [each for each in offers if each.name == name]
    if not named:
        raise InvalidError(
            f"there is no plug-in {name[:80]!r}",
            field=group,
            remedy=f"Installed are: {', '.join(each.name for each in offers) or 'none'}.",
        )
    if len(named) > 1:
        both = " and ".join(f"{each.distribution} {each.version}" for each in named)
        raise InvalidError(
            f"the plug-in {name!r} is offered twice, by {both}",
            field=group,
            remedy="Uninstall one of them; which code runs must not depend on chance.",
        )
    return named[0]


def _require_allowed(offer: InstalledPlugin, allow: Sequence[str]) -> None:
    if offer.distribution and _plain(offer.distribution) in {_plain(each) for each in allow}:
        return
    raise InvalidError(
        f"the plug-in {offer.name!r} of {offer.group} comes from the distribution "
        f"{offer.distribution or 'without a name'!r}, which is not on the allow-list",
        field="plugins.allow",
        remedy="Add the distribution there if you trust its code, or name another plug-in.",
    )


def _cannot_load(offer: InstalledPlugin, error: Exception) -> InvalidError:
    return InvalidError(
        f"the plug-in {offer.name!r} of {offer.distribution} {offer.version} cannot be loaded: "
        f"{_one_line(error)}",
        field=offer.group,
        remedy=_remedy(offer, error),
    )


def _remedy(offer: InstalledPlugin, error: Exception) -> str:
    missing = (error.name or "").partition(".")[0] if isinstance(error, ImportError) else ""
    if not isinstance(error, ModuleNotFoundError) or not missing:
        return f"Reinstall or update {offer.distribution}, or name another plug-in."
    for requirement in importlib.metadata.requires(offer.distribution) or ():
        match = _REQUIREMENT.match(requirement)
        if match and _plain(match["name"]) == _plain(missing):
            return f"Run: pip install '{offer.distribution}[{match['extra']}]'"
    return f"Install what offers the module {missing}, or reinstall {offer.distribution}."


def _plain(distribution: str) -> str:
    """Write a distribution's name the one way package indexes compare it."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def _one_line(error: Exception) -> str:
    first = (str(error).strip().splitlines() or [""])[0]
    return f"{type(error).__name__}: {first}"[:_MAX_CAUSE_CHARACTERS]
