"""What is said is kept only where a guardrail that serves says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import pytest

from muniment.gateway.keeping import Keeping, keeping_of
from muniment.registry import Contents


@dataclass(frozen=True)
class Guardrails:
    """The parts of a set, as far as guardrails go."""

    documents: Mapping[str, Mapping[str, Any]]

    def of(self, kind: str) -> Mapping[str, Mapping[str, Any]]:
        """Give the guardrails."""
        return self.documents if kind == "guardrail" else {}


def said(content: object) -> Keeping:
    """Read what one guardrail says of content."""
    return keeping_of(cast("Contents", Guardrails({"g": {"content": content}})))


def test_nothing_said_keeps_nothing() -> None:
    """Without a guardrail that asks for it, no call is kept."""
    assert keeping_of(cast("Contents", Guardrails({}))) == Keeping()
    assert not Keeping().keeps("exc_1")


@pytest.mark.parametrize("content", [None, True, "yes", {}, {"keep": 1}, {"keep": "true"}, []])
def test_only_a_plain_yes_keeps(content: object) -> None:
    """What is written in any other way is no yes."""
    assert not said(content).keeps("exc_1")


def test_a_yes_keeps_everything_in_its_class() -> None:
    """Without a share it is all calls, under the class that is named."""
    keeping = said({"keep": True, "classification": "secret"})
    assert keeping == Keeping(100, "secret")
    assert all(keeping.keeps(f"exc_{each}") for each in range(50))


def test_a_share_keeps_about_so_many_and_always_the_same() -> None:
    """A tenth is about a tenth, and request and answer of one call are kept together."""
    keeping = said({"keep": True, "percent": 10})
    kept = {each for each in range(2_000) if keeping.keeps(f"exc_{each}")}
    assert 140 < len(kept) < 260
    assert kept == {each for each in range(2_000) if keeping.keeps(f"exc_{each}")}


@pytest.mark.parametrize("percent", [101, -1, "50", None, 0])
def test_a_share_that_is_none_keeps_nothing(percent: object) -> None:
    """What cannot be read as a share keeps nothing rather than everything."""
    assert not any(
        said({"keep": True, "percent": percent}).keeps(f"exc_{each}") for each in range(200)
    )
