"""The web door: pages for people, drawn by the server, whole without a script.

A room adds one module with `routes()`, its templates in a folder of its name, one line in
`routes` and one in `navigation`. `install` gives the application the shell its pages stand in.
"""

from __future__ import annotations

from typing import Final

from starlette.routing import Route

from muniment.web import (
    access,
    approvals,
    begin,
    detect,
    exchanges,
    find,
    health,
    ledger,
    notices,
    overview,
    policy,
    registry,
    settings,
    style,
    vault,
    words,
)
from muniment.web.callers import FIRST
from muniment.web.shell import (
    LedgerHealth,
    NavGroup,
    NavItem,
    Problem,
    Shell,
    first_page,
    install,
    render_problem,
)
from muniment.web.static_files import static_routes

__all__ = [
    "FIRST",
    "LedgerHealth",
    "NavGroup",
    "NavItem",
    "Problem",
    "Shell",
    "first_page",
    "install",
    "navigation",
    "render_problem",
    "routes",
]


_GUARDED = (
    ("Sessions", "sessions", "c", "access.end_sessions"),
    ("Issuers", "issuers", "z", "access.manage_sign_in"),
)
_WHO = (
    ("People", "people", "p"),
    ("Teams", "teams", "t"),
    ("Services", "services", "s"),
    ("Roles", "roles", "o"),
    ("Grants", "grants", "a"),
    ("Keys", "keys", "k"),
    ("Reviews", "reviews", "r"),
    ("Access on a day", "at", "d"),
    ("Rights elsewhere", "outside", "e"),
    ("Exceptions", "exceptions", "x"),
    ("Break-glass", "emergencies", "b"),
)
# Under each question: a page, where it stands, its key, and what is needed to see it, where.
_ROOMS: Final = (
    (
        "",
        (
            ("Overview", "overview", "2", "", ""),
            ("Approvals", "approvals", "i", "approvals.read", ""),
            ("Notices", "notices", "n", "", ""),
        ),
    ),
    (
        "What runs",
        (
            ("Systems", "registry/systems", "m", "registry.read", ""),
            ("Changes", "registry/changes", "j", "registry.read", ""),
            ("Calls", "exchanges", "g", "exchanges.read", ""),
            ("Seen in traffic", "registry/seen", "h", "registry.read", ""),
        ),
    ),
    (
        "What holds",
        (
            ("Policy", "policy", "w", "policy.read", "policy"),
            ("Written policies", "policy/written", "q", "", ""),
            ("Detection", "detect", "f", "detect.read", "detect"),
            ("Limits", "exchanges/limits", "1", "exchanges.read", ""),
            ("Stops", "exchanges/stops", "0", "exchanges.read", ""),
        ),
    ),
    (
        "What proves it",
        (
            ("Ledger", "ledger", "l", "ledger.read", "ledger"),
            ("Vault", "vault", "v", "vault.status", "vault"),
        ),
    ),
)
_OWN: Final = (
    ("Your account", "account", "u", "", ""),
    ("Words", "words", "7", "", ""),
    ("Settings", "settings", "8", "settings.read", ""),
    ("Health", "health", "9", "settings.read", ""),
    ("Style", "style", "y", "", ""),
)


def routes() -> list[Route]:
    """List every page there is."""
    return [
        *static_routes(),
        *find.routes(),
        *overview.routes(),
        *begin.routes(),
        *ledger.routes(),
        *access.routes(),
        *approvals.routes(),
        *registry.routes(),
        *exchanges.routes(),
        *notices.routes(),
        *vault.routes(),
        *settings.routes(),
        *health.routes(),
        *words.routes(),
        *detect.routes(),
        *policy.routes(),
        *style.routes(),
    ]


def navigation() -> tuple[NavGroup, ...]:
    """List the pages of the sidebar under the question each answers; empty groups are not drawn."""
    who = ((label, f"access/{place}", key, "access.read", "access") for label, place, key in _WHO)
    guarded = ((label, f"access/{place}", *rest, "access") for label, place, *rest in _GUARDED)
    return tuple(
        NavGroup(
            question,
            tuple(
                NavItem(label, f"/console/{place}", key=key, permission=permission, area=area)
                for label, place, key, permission, area in pages
            ),
        )
        for question, pages in (*_ROOMS, ("Who", (*who, *guarded)), ("This console", _OWN))
    )
