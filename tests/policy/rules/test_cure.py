"""What remedies make of the facts, and how several are put together."""

from __future__ import annotations

import pytest

from muniment.core.errors import InvalidError
from muniment.policy import Remedy
from muniment.policy.rules.cure import combined, cured
from tests.policy.judging import facts


def read(*written: str) -> tuple[Remedy, ...]:
    """Read remedies."""
    return tuple(Remedy.read(each) for each in written)


@pytest.mark.parametrize(
    ("asked", "come_to"),
    [
        (("mask", "mask"), ("mask",)),
        (("mask", "redact", "tokenise"), ("redact",)),
        (("mask:A", "redact:B"), ("mask:A", "redact:B")),
        (("mask:A", "redact:A"), ("redact:A",)),
        (("redact", "mask:A"), ("redact",)),
        (("mask", "redact:A"), ("mask", "redact:A")),
        (("mask:B", "mask:A"), ("mask:A,B",)),
        (("hold:x", "mask", "route:y"), ("mask", "route:y", "hold:x")),
    ],
)
def test_the_strongest_remedy_for_each_type(
    asked: tuple[str, ...], come_to: tuple[str, ...]
) -> None:
    """Each type of finding gets the strongest cure asked for it; routes and holds stand beside."""
    assert combined(read(*asked)) == read(*come_to)
    assert combined(read(*reversed(asked))) == read(*come_to)


def test_protected_findings_are_no_longer_there() -> None:
    """What is masked is gone from the findings, and named as protected."""
    after = cured(facts("A", "B"), read("mask:A,C"))
    assert after.context["text"]["types"] == ["B"]
    assert after.context["text"]["protected"] == ["A"]
    assert after.context["text"]["families"] == ["pii"]
    whole = cured(after, read("redact"))
    assert whole.context["text"]["types"] == []
    assert whole.context["text"]["families"] == []
    assert whole.context["text"]["protected"] == ["A", "B"]


def test_held_and_routed_acts_say_so() -> None:
    """A hold is named for whom; a route marks the resource, which is chosen and judged again."""
    after = cured(facts(), read("hold:security", "route:restricted"))
    assert after.context["text"]["held"] == ["security"]
    assert after.resource.attributes["restricted"] is True
    assert facts().resource.attributes["restricted"] is False


@pytest.mark.parametrize("written", ["", "Mask", "hold", "route:", "mask hold", "1"])
def test_what_is_no_remedy(written: str) -> None:
    """Words that are no remedy are refused with those that are."""
    with pytest.raises(InvalidError) as caught:
        Remedy.read(written)
    assert caught.value.remedy
