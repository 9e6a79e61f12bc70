"""Compares an object with its socket before anything relies on it.

Checked are presence and parameters of every verb, so that a misspelt name shows at the start and
not at the first call; whether the verbs keep their *promises* is what the contract suites try.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Final

from muniment.core.errors import InvalidError
from muniment.plugins.sockets import GROUPS

_MISSING: Final = object()


def require_group(group: str) -> type:
    """Give the socket of an entry-point group, refusing a group that does not exist."""
    if group not in GROUPS:
        raise InvalidError(
            f"there is no socket {group[:80]!r}",
            field="group",
            remedy=f"Sockets are: {', '.join(GROUPS)}.",
        )
    return GROUPS[group]


def check_socket(group: str, thing: object) -> None:
    """Refuse an object that does not have what its socket asks for, naming each gap."""
    socket = require_group(group)
    gaps = tuple(_gaps(socket, thing))
    if gaps:
        raise InvalidError(
            f"a {type(thing).__name__} is no {socket.__name__}",
            field=group,
            reasons=gaps,
            remedy="See docs/plugins.md for what this socket asks.",
        )


def _gaps(socket: type, thing: object) -> Iterator[str]:
    for name, wanted in vars(socket).items():
        if name.startswith("_"):
            continue
        # Looked up without running it: a property may reach out to a machine that is not there.
        given = inspect.getattr_static(thing, name, _MISSING)
        if given is _MISSING:
            yield f"{name} is missing"
        elif inspect.isfunction(wanted):
            yield from _call_gaps(name, wanted, getattr(thing, name))


def _call_gaps(name: str, wanted: object, given: object) -> Iterator[str]:
    if not callable(given) or not callable(wanted):
        yield f"{name} cannot be called"
        return
    try:
        offered = inspect.signature(given)
    except (TypeError, ValueError):
        return  # compiled code may not tell its parameters
    asked = list(inspect.signature(wanted).parameters.values())[1:]
    places = [each.name for each in asked if each.kind is not each.KEYWORD_ONLY]
    words = {each.name: None for each in asked if each.kind is each.KEYWORD_ONLY}
    try:
        offered.bind(*places, **words)
    except TypeError:
        shown = ", ".join([*places, *(f"{word}=…" for word in words)])
        yield f"{name} does not take ({shown})"
