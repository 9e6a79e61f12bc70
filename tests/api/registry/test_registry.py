"""The registry's endpoints, as they are listed."""

from __future__ import annotations

from muniment.api.registry import router


def test_each_endpoint_stands_under_the_registry() -> None:
    """One prefix and one name in the description hold all of them, each with its own sentence."""
    routes = router().routes
    assert routes
    for each in routes:
        assert each.path.startswith("/v1/registry/")  # type: ignore[attr-defined]  # all are APIRoutes
        assert each.tags == ["registry"]  # type: ignore[attr-defined]  # all are APIRoutes
        assert each.description or each.summary  # type: ignore[attr-defined]  # all are APIRoutes
