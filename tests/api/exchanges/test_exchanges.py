"""The endpoints of calls together."""

from __future__ import annotations

from fastapi.routing import APIRoute

from muniment.api.exchanges import router


def test_no_call_hides_an_endpoint() -> None:
    """Whatever has a name of its own is asked before an id is looked for."""
    paths = [each.path for each in router().routes if isinstance(each, APIRoute)]
    first = paths.index("/v1/exchanges/{exchange_id}")
    assert paths.index("/v1/exchanges/limits") < first
    assert paths.index("/v1/exchanges/live") < first
    assert paths.index("/v1/exchanges/prices") < first
