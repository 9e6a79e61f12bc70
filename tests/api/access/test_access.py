"""The endpoints of access, all of them."""

from __future__ import annotations

from muniment.api.access import router


def test_every_noun_has_its_endpoints() -> None:
    """People, services, teams, roles, grants, keys, reviews and the rest are reached by JSON."""
    paths = {each.path for each in router().routes}  # type: ignore[attr-defined]  # all are APIRoutes
    nouns = {path.split("/")[3] for path in paths}
    assert nouns >= {
        *("me", "may", "at", "people", "services", "teams", "roles", "permissions", "grants"),
        *("duties", "exceptions", "keys", "sessions", "reviews", "lines", "outside", "emergencies"),
    }
