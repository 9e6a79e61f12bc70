"""What a set that serves says of its models: their names, and the routes behind each name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from muniment.core.errors import InvalidError, NotFoundError
from muniment.gateway.exchange import Route
from muniment.registry import Contents

_PROTOCOLS: Final = {"anthropic": "anthropic"}
_BOTH: Final = frozenset({"echo", "scripted"})
_MOST_ROUTES: Final = 10


def models_of(contents: Contents) -> tuple[str, ...]:
    """List the names under which models of a set can be asked for."""
    return tuple(sorted({*contents.of("routing"), *contents.of("model")}))


def routes_of(contents: Contents, asked: str, protocol: str) -> tuple[Route, ...]:
    """Give the ways to a model that is asked for by its name here, in order."""
    models, routings = contents.of("model"), contents.of("routing")
    if asked in routings:
        names = _named(routings[asked])
    elif asked in models:
        names = [asked]
    else:
        raise NotFoundError(
            f"{asked[:60]!r} is no model of this system",
            field="model",
            remedy=f"Ask for one of: {', '.join(models_of(contents)) or 'none is deployed'}.",
        )
    if not names:
        raise NotFoundError(
            f"the routing {asked[:60]} names no model",
            field="model",
            remedy="Deploy a version of it that lists routes.",
        )
    missing = [each for each in names if each not in models]
    if missing:
        raise NotFoundError(
            f"the routing {asked[:60]} names {missing[0][:60]}, which is not deployed with it",
            field="model",
            remedy="Deploy a set in which both stand.",
        )
    routes = tuple(_route(name, models[name]) for name in names[:_MOST_ROUTES])
    fitting = tuple(each for each in routes if each.protocol in (protocol, "any"))
    if not fitting:
        raise InvalidError(
            f"{asked[:60]} speaks the protocol of {routes[0].protocol} and not of {protocol}",
            field="model",
            remedy="Use a client of that protocol, or route to a model that speaks this one.",
        )
    return fitting


def _named(routing: Mapping[str, Any]) -> list[str]:
    names = []
    routes = routing.get("routes")
    for each in routes if isinstance(routes, list) else ():
        name = each.get("model") if isinstance(each, Mapping) else each
        names.append(str(name).removeprefix("model/"))
    return names


def _route(name: str, document: Mapping[str, Any]) -> Route:
    kind = str(document.get("kind") or document.get("provider") or "openai")
    return Route(
        name=name,
        model=str(document.get("model") or name),
        kind=kind,
        document=document,
        protocol="any" if kind in _BOTH else _PROTOCOLS.get(kind, "openai"),
        region=str(document.get("region", "")),
        restricted=document.get("restricted") is True,
    )
