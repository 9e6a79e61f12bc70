"""Tests of the bill of a version set, from what is registered."""

from __future__ import annotations

import pytest

from muniment import registry
from muniment.core.errors import InvalidError, NotFoundError
from tests.registry.yard import Yard


def test_a_bill_is_of_the_set_that_is_named_or_serves(yard: Yard) -> None:
    """Of a draft by its digest; of what serves without one; both forms name the versions."""
    yard.approved()
    change = yard.drafted("one")
    with yard.looking() as work:
        key, named = yard.system.key, change.set_digest
        with pytest.raises(NotFoundError, match="serves production"):
            registry.bill_of(work, key, "spdx", version="1")
        one = registry.bill_of(work, key, "cyclonedx", version="1", set_digest=named)
        assert [each["bom-ref"] for each in one["components"]] == ["prompt/main@1"]
        with pytest.raises(InvalidError):
            registry.bill_of(work, key, "word", version="1")
        wrong = "sha256:" + "0" * 64
        with pytest.raises(NotFoundError):
            registry.bill_of(work, key, "spdx", version="1", set_digest=wrong)
    yard.released("two")
    with yard.looking() as work:
        two = registry.bill_of(work, key, "spdx", version="1")
        assert "prompt/main" in {each.get("name") for each in two["@graph"]}
