"""Draws the page of permissions, built-in roles and conflicting duties from their tables."""

from __future__ import annotations

from muniment.access import BUILT_IN, CONFLICTS, PERMISSIONS
from tools.reference_text import code, page, table


def roles_page() -> str:
    """Draw who may do what, which duties do not go together, and why."""
    return page(
        "Roles",
        "What can be allowed is one closed table. A role carries permissions, a grant gives a role "
        "over a scope for a time, and nothing else allows anything.",
        [_roles(), _permissions(), _conflicts()],
    )


def _roles() -> str:
    rows = [(code(role.name), role.says, _special(role.name)) for role in BUILT_IN.values()]
    return "## Built-in roles\n\n" + table(("Role", "What it is for", "Special"), rows)


def _special(name: str) -> str:
    role = BUILT_IN[name]
    told = {
        "must expire": role.must_expire,
        "must be scoped": role.must_scope,
        "every view recorded": role.views_recorded,
    }
    return ", ".join(words for words, true in told.items() if true)


def _permissions() -> str:
    rows = [
        (
            code(each.name),
            each.says,
            ", ".join(each.roles),
            ", ".join(
                words
                for words, true in (
                    ("reads", not each.writes),
                    ("people only", each.person_only),
                    ("built-in roles only", each.gives),
                    ("a grant anywhere will do", each.anywhere),
                )
                if true
            ),
        )
        for each in PERMISSIONS.values()
    ]
    return "## Permissions\n\n" + table(("Permission", "It allows to", "Roles", "Special"), rows)


def _conflicts() -> str:
    rows = [
        (
            f"{code(each.one)} and {code(each.other)}",
            "refused" if each.refuse else "flagged",
            each.says,
        )
        for each in CONFLICTS
    ]
    return "## Duties that conflict on one system\n\n" + table(("Duties", "Then", "Because"), rows)
