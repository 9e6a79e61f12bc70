"""A name that is asked for leads to the routes behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import pytest

from muniment.core.errors import InvalidError, NotFoundError
from muniment.gateway.exchange import Route
from muniment.gateway.routing import in_order, models_of, routes_of, shadow_of, speaking
from muniment.registry import Contents


@dataclass(frozen=True)
class Parts:
    """What serves, as far as routing goes."""

    models: Mapping[str, Mapping[str, Any]]
    routings: Mapping[str, Mapping[str, Any]]

    def of(self, kind: str) -> Mapping[str, Mapping[str, Any]]:
        """Give the parts of a kind."""
        return {"model": self.models, "routing": self.routings}.get(kind, {})


def routes(asked: str, **routings: object) -> tuple[Route, ...]:
    """Look for routes among a few models."""
    models: dict[str, dict[str, Any]] = {
        "a": {"provider": "openai", "model": "gpt", "region": "eu"},
        "b": {"provider": "anthropic", "restricted": True},
        "c": {"kind": "openai-compatible", "provider": "ours"},
        "e": {"provider": "echo"},
    }
    told = {name: {"routes": each} for name, each in routings.items()}
    return routes_of(cast("Contents", Parts(models, told)), asked)


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


def test_only_models_that_understand_a_request_are_routes() -> None:
    """It goes as it is, or translated; where it can be neither, it is said which field is why."""
    asked = {"model": "r", "messages": [{"role": "user", "content": "Good day."}]}
    every = routes("r", r=["a", "b", "e"])
    kept, reasons = speaking(every, "messages", "anthropic", {**asked, "top_k": 5})
    assert [each.name for each in kept] == ["b", "e"]
    assert reasons == (
        "a:openai/gpt: top_k cannot be translated for this model: it has no counterpart there",
    )
    assert speaking(every, "messages", "anthropic", asked) == (every, ())
    assert routes("b")[0].restricted
    for surface, field in (("count_tokens", "model"), ("messages", "top_k")):
        with pytest.raises(InvalidError) as refused:
            speaking(routes("a"), surface, "anthropic", {**asked, "top_k": 5})
        assert refused.value.field == field


def test_an_unknown_name_is_refused_with_those_that_are_known() -> None:
    """Whoever asks for a wrong name reads which are right."""
    with pytest.raises(NotFoundError) as refused:
        routes("gpt-9", r=["a"])
    assert "a, b, c, e, r" in refused.value.remedy
    empty = cast("Contents", Parts({}, {}))
    assert models_of(empty) == ()
    with pytest.raises(NotFoundError):
        routes_of(empty, "a")


@pytest.mark.parametrize("listed", [["zz"], [{}], [None], [5], [], "a", {"model": "a"}, 7, None])
def test_a_routing_that_leads_nowhere_is_refused(listed: object) -> None:
    """A routing that names what is not deployed, or nothing, is told and never guessed at."""
    with pytest.raises(NotFoundError):
        routes("r", r=listed)


def test_a_routing_has_ten_routes_at_most() -> None:
    """A long list does not make a call wait without end."""
    assert len(routes("r", r=["a"] * 50)) == 10


@pytest.mark.requirement("AVL-03", "AVL-07", "AVL-08", "VND-04")
def test_what_is_tried_next_has_an_order() -> None:
    """Another region, another provider, an earlier version, a fixed answer: each says it."""
    made = {
        name: Route(name, model, kind, {"provider": kind}, "any", region)
        for name, model, kind, region in (
            ("first", "gpt", "openai", "eu"),
            ("words", "w", "fixed", ""),
            ("old", "gpt-0", "openai", "eu"),
            ("claude", "c", "anthropic", "eu"),
            ("mistral", "m", "mistral", "eu"),
            ("abroad", "gpt", "openai", "us"),
        )
    }
    found = in_order(list(made.values()), frozenset({"old"}))
    assert [(each.name, each.step) for each in found] == [
        ("first", ""),
        ("abroad", "other region"),
        ("claude", "other provider"),
        ("mistral", "other provider"),
        ("old", "previous version"),
        ("words", "fixed answer"),
    ]
    listed = in_order(list(made.values()), frozenset(), as_listed=True)
    assert [each.name for each in listed] == list(made)
    assert in_order([], frozenset()) == ()


def test_a_routing_names_its_earlier_versions_and_may_keep_its_own_order() -> None:
    """What a routing says of its routes is read from its document."""
    models = {name: {"provider": "openai", "model": name} for name in ("new", "old")}
    models["words"] = {"provider": "fixed", "say": "x"}
    listed = ["new", "words", {"model": "model/old", "previous": True}]
    for order, names in (("", ["new", "old", "words"]), ("as listed", ["new", "words", "old"])):
        parts = Parts(models, {"r": {"routes": listed, "order": order}})
        assert [each.name for each in routes_of(cast("Contents", parts), "r")] == names


@pytest.mark.parametrize(
    ("shadow", "is_compared"),
    [
        ({"model": "model/a", "percent": 100}, True),
        ({"model": "a", "percent": 0}, False),
        ({"model": "a"}, False),
        ({"model": "a", "percent": "100"}, False),
        ({"model": "zz", "percent": 100}, False),
        ("a", False),
        (None, False),
    ],
)
def test_a_share_of_calls_is_compared(shadow: object, *, is_compared: bool) -> None:
    """A routing says with which model and how many; what is not said well is not done."""
    parts = Parts({"a": {"provider": "echo"}}, {"r": {"routes": ["a"], "shadow": shadow}})
    found = shadow_of(cast("Contents", parts), "r", "exc_1")
    assert (found is not None) is is_compared


def test_the_share_is_kept_over_many_calls() -> None:
    """Of a thousand calls about as many are compared as the routing says, always the same ones."""
    told = {"r": {"routes": ["a"], "shadow": {"model": "a", "percent": 20}}}
    contents = cast("Contents", Parts({"a": {"provider": "echo"}}, told))
    chosen = [n for n in range(1_000) if shadow_of(contents, "r", f"exc_{n}")]
    assert 140 <= len(chosen) <= 260
    assert chosen == [n for n in range(1_000) if shadow_of(contents, "r", f"exc_{n}")]
