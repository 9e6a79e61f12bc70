"""The JSON door."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount

from muniment import __version__
from tests.server.asking import app_of, ask, house_in


def mounted(app: Starlette) -> FastAPI:
    """Find the API in the application."""
    found = [each.app for each in app.routes if isinstance(each, Mount) and each.path == "/api"]
    assert len(found) == 1
    assert isinstance(found[0], FastAPI)
    return found[0]


def test_is_drawn_from_the_code(tmp_path: Path) -> None:
    """The API is one application that carries the product's version."""
    with house_in(tmp_path / "data") as house:
        api = mounted(app_of(house))
    assert api.version == __version__


def test_is_reached_under_its_prefix(tmp_path: Path) -> None:
    """The API answers under /api/v1, and describes itself with the addresses that work."""

    with house_in(tmp_path / "data") as house:
        app = app_of(house)
        about = ask(app, "/api/v1/about")
        assert about.json == {"product": "muniment", "version": __version__}
        described = ask(app, "/api/openapi.json").json
    assert described["servers"] == [{"url": "/api"}]
    assert "/v1/about" in described["paths"]


def test_shows_no_page_of_a_third_party(tmp_path: Path) -> None:
    """There is no documentation page that would load somebody else's script."""
    with house_in(tmp_path / "data") as house:
        paths = {getattr(each, "path", "") for each in mounted(app_of(house)).routes}
    assert not paths & {"/docs", "/redoc"}
