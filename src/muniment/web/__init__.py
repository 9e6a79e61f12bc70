"""The web door: pages for people, drawn by the server, whole without a script.

A room adds one module with `routes()`, its templates in a folder of its name, one line in
`routes` and one in `navigation`. `install` gives the application the shell its pages stand in.
"""

from __future__ import annotations

from starlette.routing import Route

from muniment.web import find, ledger, style, vault
from muniment.web.shell import (
    LedgerHealth,
    NavGroup,
    NavItem,
    Problem,
    Shell,
    install,
    render_problem,
)
from muniment.web.static_files import static_routes

__all__ = [
    "LedgerHealth",
    "NavGroup",
    "NavItem",
    "Problem",
    "Shell",
    "install",
    "navigation",
    "render_problem",
    "routes",
]


def routes() -> list[Route]:
    """List every page there is."""
    return [
        *static_routes(),
        *find.routes(),
        *ledger.routes(),
        *vault.routes(),
        *style.routes(),
    ]


def navigation() -> tuple[NavGroup, ...]:
    """List the pages of the sidebar under the question each answers; empty groups are not drawn."""
    return (
        NavGroup("", ()),
        NavGroup("What runs", ()),
        NavGroup("What holds", ()),
        NavGroup(
            "What proves it",
            (
                NavItem("Ledger", "/console/ledger", key="l"),
                NavItem("Vault", "/console/vault", key="v"),
            ),
        ),
        NavGroup("Who", ()),
        NavGroup("This console", (NavItem("Style", "/console/style", key="y"),)),
    )
