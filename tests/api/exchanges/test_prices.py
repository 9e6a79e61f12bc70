"""Prices by JSON."""

from __future__ import annotations

from tests.exchanges.calling import Calling


def test_a_price_is_set_and_withdrawn(calls: Calling) -> None:
    """Amounts are exact text; a shipped price says so; a withdrawn one has no amounts."""
    shipped = calls.api("operator", "/prices").json
    assert shipped
    assert all(each["shipped"] for each in shipped)
    given = {"provider": "openai", "model": "ours", "reason": "signed"}
    priced = {**given, "input": "2.50", "output": "0.000001", "source": "contract 7"}
    made = calls.api("operator", "/prices", priced).json
    assert (made["input_micros"], made["output"], made["shipped"]) == (2_500_000, "0.000001", False)
    assert calls.api("operator", "/prices", {**priced, "input": "1e3"}).status == 422
    assert calls.api("operator", "/prices", {**priced, "currency": "EUR"}).status == 422
    assert calls.api("builder", "/prices", priced).status == 403
    gone = calls.api("operator", "/prices/withdraw", given).json
    assert (gone["input"], gone["output_micros"]) == (None, None)
    assert calls.api("operator", "/prices/withdraw", given).status == 404
    past = calls.api("operator", "/prices?past=true").json
    assert [each["model"] for each in past[:2]] == ["ours", "ours"]
    assert calls.api("nobody", "/prices").json == []
