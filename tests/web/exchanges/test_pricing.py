"""Prices on their pages."""

from __future__ import annotations

from tests.exchanges.calling import Calling
from tests.server.office import words


def test_a_price_is_set_and_withdrawn(calls: Calling) -> None:
    """Shipped prices say so; a set one says where it is written; a withdrawn one is unknown."""
    told = words(calls.page("operator", "/prices?model=gpt-4o-mini"))
    assert "came with the product" in told
    given = {"provider": "openai", "model": "ours", "input": "2.50", "output": "10"}
    given |= {"currency": "USD", "source": "contract 7", "reason": "signed", "valid_from": ""}
    assert calls.send("builder", "/prices/set", **given).status == 403
    for name, wrong in (("input", "dear"), ("currency", "dollars"), ("valid_from", "soon")):
        assert calls.send("operator", "/prices/set", **{**given, name: wrong}).status == 422
    assert calls.send("operator", "/prices/set", **given).status == 303
    told = words(calls.page("operator", "/prices?model=ours"))
    assert "2.50 USD" in told
    assert "contract 7" in told
    gone = {"provider": "openai", "model": "ours", "reason": "ended", "valid_from": ""}
    assert calls.send("operator", "/prices/withdraw", **gone).status == 303
    assert "ours" not in words(calls.page("operator", "/prices?model=ours")).split("Nothing")[-1]
    assert "could not tell" in words(calls.page("operator", "/prices?model=ours&past=yes"))
    assert calls.send("operator", "/prices/withdraw", **gone).status == 404
