"""The web door: pages for people, drawn by the server, whole without a script.

A room adds one module with `routes()`, its templates in a folder of its name, one line in
`routes` and one in `navigation`. `install` gives the application the shell its pages stand in.
"""

from __future__ import annotations

from starlette.routing import Route

from muniment.web import (
    access,
    approvals,
    detect,
    find,
    ledger,
    notices,
    policy,
    registry,
    style,
    vault,
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


def routes() -> list[Route]:
    """List every page there is."""
    return [
        *static_routes(),
        *find.routes(),
        *ledger.routes(),
        *access.routes(),
        *approvals.routes(),
        *registry.routes(),
        *notices.routes(),
        *vault.routes(),
        *detect.routes(),
        *policy.routes(),
        *style.routes(),
    ]


def navigation() -> tuple[NavGroup, ...]:
    """List the pages of the sidebar under the question each answers; empty groups are not drawn."""
    return (
        NavGroup(
            "",
            (
                NavItem("Approvals", "/console/approvals", key="i", permission="approvals.read"),
                NavItem("Notices", "/console/notices", key="n"),
            ),
        ),
        NavGroup(
            "What runs",
            (
                NavItem(
                    "Systems", "/console/registry/systems", key="m", permission="registry.read"
                ),
                NavItem(
                    "Changes", "/console/registry/changes", key="c", permission="registry.read"
                ),
            ),
        ),
        NavGroup(
            "What holds",
            (
                NavItem(
                    "Policy", "/console/policy", key="w", permission="policy.read", area="policy"
                ),
                NavItem(
                    "Detection", "/console/detect", key="f", permission="detect.read", area="detect"
                ),
            ),
        ),
        NavGroup(
            "What proves it",
            (
                NavItem(
                    "Ledger", "/console/ledger", key="l", permission="ledger.read", area="ledger"
                ),
                NavItem(
                    "Vault", "/console/vault", key="v", permission="vault.status", area="vault"
                ),
            ),
        ),
        NavGroup(
            "Who",
            tuple(
                NavItem(
                    label,
                    f"/console/access/{place}",
                    key=key,
                    permission=permission,
                    area="access",
                )
                for label, place, key, permission in (
                    *((*each, "access.read") for each in _WHO),
                    *_GUARDED,
                )
            ),
        ),
        NavGroup(
            "This console",
            (
                NavItem("Your account", "/console/account", key="u"),
                NavItem("Style", "/console/style", key="y"),
            ),
        ),
    )
