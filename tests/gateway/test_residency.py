"""Where a call may go is decided by what is stated, narrowed by the caller, never widened."""

from __future__ import annotations

import pytest

from muniment.core.errors import InvalidError
from muniment.gateway.exchange import Route
from muniment.gateway.residency import CLASSES_HEADER, REGION_HEADER, Bounds, bounds_of, within


def route(region: str = "", classes: frozenset[str] | None = None, kind: str = "openai") -> Route:
    """Describe a route."""
    return Route("a", "m", kind, {"provider": kind}, "openai", region, data_classes=classes)


@pytest.mark.parametrize(
    ("stated", "asked", "region", "goes"),
    [
        ((), "", "", True),
        ((), "", "us", True),
        (("eu",), "", "eu", True),
        (("EU",), "", "eu-west-1", True),
        (("eu",), "", "europe", False),
        (("eu",), "", "us", False),
        (("eu",), "", "", False),
        ((), "eu", "us", False),
        ((), "us, eu", "us-east-1", True),
        (("eu", "us"), "eu", "us", False),
        (("eu",), "eu-west-1", "eu-west-1", True),
        (("eu",), "eu-west-1", "eu-west-2", False),
        (("eu",), "us", "us", False),
        (("eu",), "us", "eu", False),
    ],
)
def test_data_stays_in_its_regions(
    stated: tuple[str, ...], asked: str, region: str, *, goes: bool
) -> None:
    """A caller narrows what is stated; what they ask for beyond it leads nowhere."""
    bounds = bounds_of(stated, (), {REGION_HEADER: asked} if asked else {}, ())
    kept, reasons = within([route(region)], bounds)
    assert (bool(kept), bool(reasons)) == (goes, not goes)


def test_a_model_is_given_no_class_of_data_it_may_not_have() -> None:
    """What is stated, what the caller says and what was found count together."""
    bounds = bounds_of((), ("PII",), {CLASSES_HEADER: "health, pii"}, ())
    assert bounds.classes == {"pii", "health"}
    kept, reasons = within([route(classes=frozenset({"pii"}))], bounds)
    assert (kept, reasons) == ((), ("a:openai/m: it may not be given health",))
    assert within([route(classes=frozenset({"pii", "health"})), route()], bounds)[1] == ()


def test_what_never_leaves_crosses_no_border() -> None:
    """A provider within this process is in no region at all."""
    bounds = Bounds(frozenset({"eu"}), frozenset({"pii"}))
    inside = [route(kind=kind, classes=frozenset()) for kind in ("echo", "scripted", "fixed")]
    assert within(inside, bounds) == (tuple(inside), ())


@pytest.mark.parametrize("value", ["a," * 50 + "b", "x" * 100])
def test_a_header_that_says_too_much_is_refused(value: str) -> None:
    """It is told which header, and nothing is guessed."""
    with pytest.raises(InvalidError) as refused:
        bounds_of((), (), {REGION_HEADER: value}, ())
    assert refused.value.field == REGION_HEADER
