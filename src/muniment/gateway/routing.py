"""What a set that serves says of its models: their names, and the routes behind each name."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from muniment.core.errors import InvalidError, NotFoundError
from muniment.gateway.dialects.base import Json
from muniment.gateway.exchange import Route
from muniment.gateway.translating import Translation, translation
from muniment.registry import Contents

_PROTOCOLS: Final = {"anthropic": "anthropic"}
_BOTH: Final = frozenset({"echo", "scripted", "fixed"})
STEPS: Final = ("other region", "other provider", "previous version", "fixed answer")
_MOST_ROUTES: Final = 10


def models_of(contents: Contents) -> tuple[str, ...]:
    """List the names under which models of a set can be asked for."""
    return tuple(sorted({*contents.of("routing"), *contents.of("model")}))


def routes_of(contents: Contents, asked: str) -> tuple[Route, ...]:
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
    found = [_route(name, models[name]) for name in names[:_MOST_ROUTES]]
    earlier = _earlier(routings.get(asked, {}))
    return in_order(found, earlier, as_listed=routings.get(asked, {}).get("order") == "as listed")


def in_order(
    routes: Sequence[Route], earlier: frozenset[str], *, as_listed: bool = False
) -> tuple[Route, ...]:
    """Order what is tried when the first fails: other region, other provider, earlier, fixed.

    Each route says which of these it is. Among those of one sort the routing's own order holds, and
    one that says `as listed` wants no other.
    """
    if not routes:
        return ()
    first, *rest = routes
    stepped = [replace(each, step=_step(each, first, earlier)) for each in rest]
    if not as_listed:
        stepped.sort(key=lambda each: STEPS.index(each.step))
    return (first, *stepped)


def shadow_of(contents: Contents, asked: str, exchange: str) -> Route | None:
    """Give where a call goes for comparison, if its routing says so and it falls in the share."""
    told = contents.of("routing").get(asked, {}).get("shadow")
    if not isinstance(told, Mapping):
        return None
    name = str(told.get("model", "")).removeprefix("model/")
    document, percent = contents.of("model").get(name), told.get("percent", 0)
    if document is None or isinstance(percent, bool) or not isinstance(percent, int):
        return None
    point = int.from_bytes(hashlib.sha256(f"shadow\0{exchange}".encode()).digest()[:4]) % 100
    return replace(_route(name, document), step="shadow") if point < percent else None


def is_for_all(routes: Sequence[Route], protocol: str, contents: Contents, asked: str) -> bool:
    """Tell whether the ways to a model are the same for every request: all of them understand it.

    Not so where one must be translated, or where some calls are compared with another route.
    """
    if any(each.protocol not in (protocol, "any") for each in routes):
        return False
    return contents.of("routing").get(asked, {}).get("shadow") is None


def _step(route: Route, first: Route, earlier: frozenset[str]) -> str:
    """Say of which sort a route is, next to the first one."""
    if route.kind == "fixed":
        return "fixed answer"
    if route.name in earlier:
        return "previous version"
    same = route.maker == first.maker and route.model == first.model
    return "other region" if same and route.region != first.region else "other provider"


def _earlier(routing: Mapping[str, Any]) -> frozenset[str]:
    """List the routes of a routing that are earlier versions of what stands first in it."""
    routes = routing.get("routes")
    return frozenset(
        str(each.get("model")).removeprefix("model/")
        for each in (routes if isinstance(routes, list) else ())
        if isinstance(each, Mapping) and each.get("previous") is True
    )


def speaking(
    routes: tuple[Route, ...], surface: str, protocol: str, body: Json
) -> tuple[tuple[Route, ...], tuple[str, ...]]:
    """Keep the routes that understand a request, as it is or translated; say why others do not.

    Where none is left, it is refused by the field that could not be translated.
    """
    kept: list[Route] = []
    reasons: list[str] = []
    last: InvalidError | None = None
    for each in routes:
        try:
            _require_understood(each, surface, protocol, body)
        except InvalidError as error:
            last = error
            reasons.append(f"{each.label}: {error.message}"[:200])
        else:
            kept.append(each)
    if not kept and last is not None:
        raise last
    return (tuple(kept) if reasons else routes), tuple(reasons)


def translation_for(route: Route, surface: str, protocol: str) -> Translation | None:
    """Give how a surface is translated for a route, where that is needed."""
    return None if route.protocol in (protocol, "any") else translation(surface, route.protocol)


def _require_understood(route: Route, surface: str, protocol: str, body: Json) -> None:
    if route.protocol in (protocol, "any"):
        return
    found = translation(surface, route.protocol)
    if found is None:
        raise InvalidError(
            f"{surface} cannot be asked of {route.name[:60]}, which speaks {route.protocol}",
            field="model",
            remedy="Use a client of that interface, or ask for a model that speaks this one.",
        )
    found.request(body, route.kind)


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
        data_classes=_classes(document.get("data_classes")),
    )


def _classes(told: object) -> frozenset[str] | None:
    """Read which classes of data a model may be given; a version that says nothing takes any."""
    if told is None:
        return None
    return frozenset(str(each).lower() for each in told) if isinstance(told, list) else frozenset()
