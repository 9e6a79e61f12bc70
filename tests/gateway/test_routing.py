"""A name that is asked for leads to the routes behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import pytest

from muniment.core.errors import InvalidError, NotFoundError
from muniment.gateway.exchange import Route
from muniment.gateway.routing import models_of, routes_of
from muniment.registry import Contents


@dataclass(frozen=True)
class Parts:
    """What serves, as far as routing goes."""

    models: Mapping[str, Mapping[str, Any]]
    routings: Mapping[str, Mapping[str, Any]]

    def of(self, kind: str) -> Mapping[str, Mapping[str, Any]]:
        """Give the parts of a kind."""
        return {"model": self.models, "routing": self.routings}.get(kind, {})


def routes(asked: str, protocol: str = "openai", **routings: object) -> tuple[Route, ...]:
    """Look for routes among a few models."""
    models: dict[str, dict[str, Any]] = {
        "a": {"provider": "openai", "model": "gpt", "region": "eu"},
        "b": {"provider": "anthropic", "restricted": True},
        "c": {"kind": "openai-compatible", "provider": "ours"},
        "e": {"provider": "echo"},
    }
    told = {name: {"routes": each} for name, each in routings.items()}
    return routes_of(cast("Contents", Parts(models, told)), asked, protocol)


def test_a_model_is_its_own_only_route() -> None:
    """The name here leads to the provider's name there."""
    [route] = routes("a")
    assert (route.name, route.model, route.kind, route.region) == ("a", "gpt", "openai", "eu")
    assert route.label == "a:openai/gpt"
    [own] = routes("c")
    assert (own.kind, own.model, own.label) == ("openai-compatible", "c", "c:ours/c")


def test_a_routing_gives_its_models_in_order() -> None:
    """Names stand plainly, with their kind, or in an object."""
    found = routes("r", r=["model/c", {"model": "a", "share": 3}, "e"])
    assert [each.name for each in found] == ["c", "a", "e"]


def test_only_models_that_speak_the_dialect_are_routes() -> None:
    """A request is never sent to a provider that would not understand it."""
    assert [each.name for each in routes("r", "anthropic", r=["a", "b", "e"])] == ["b", "e"]
    assert routes("b", "anthropic")[0].restricted
    with pytest.raises(InvalidError) as refused:
        routes("a", "anthropic")
    assert refused.value.field == "model"


def test_an_unknown_name_is_refused_with_those_that_are_known() -> None:
    """Whoever asks for a wrong name reads which are right."""
    with pytest.raises(NotFoundError) as refused:
        routes("gpt-9", r=["a"])
    assert "a, b, c, e, r" in refused.value.remedy
    empty = cast("Contents", Parts({}, {}))
    assert models_of(empty) == ()
    with pytest.raises(NotFoundError):
        routes_of(empty, "a", "openai")


@pytest.mark.parametrize("listed", [["zz"], [{}], [None], [5], [], "a", {"model": "a"}, 7, None])
def test_a_routing_that_leads_nowhere_is_refused(listed: object) -> None:
    """A routing that names what is not deployed, or nothing, is told and never guessed at."""
    with pytest.raises(NotFoundError):
        routes("r", r=listed)


def test_a_routing_has_ten_routes_at_most() -> None:
    """A long list does not make a call wait without end."""
    assert len(routes("r", r=["a"] * 50)) == 10
