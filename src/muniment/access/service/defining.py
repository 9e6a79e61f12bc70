"""Roles of one's own: named sets of permissions that give no further rights."""

from __future__ import annotations

from collections.abc import Iterable

from muniment.access import rules, store
from muniment.access.models import Permission, Role
from muniment.access.service.gate import change
from muniment.access.service.grants import require_role_fits_holders
from muniment.core.errors import ConflictError, InvalidError, NotFoundError
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.access import RoleDefined, RoleEnded


def define_role(
    work: Work,
    name: str,
    says: str,
    permissions: Iterable[str],
    *,
    must_expire: bool = False,
    must_scope: bool = False,
    views_recorded: bool = False,
    version: int | None = None,
) -> Role:
    """Define a role, or its next version; whoever holds it then holds what it says now."""
    change(work, "access.define_roles")
    known = store.roles(work, work.now).get(rules.clean_role_name(name))
    if name in rules.BUILT_IN:
        raise ConflictError("built-in roles stay as they are", subject=name, field="name")
    if version is not None and version != (known.version if known else 0):
        raise ConflictError(
            "somebody else changed this role meanwhile",
            subject=name,
            remedy="Read it again, then change it.",
        )
    asked = [_permission(each) for each in permissions]
    verdict = rules.may_define(asked)
    if not asked or not verdict.ok:
        raise InvalidError(
            "; ".join(verdict.reasons) or "a role without permissions allows nothing",
            field="permissions",
            remedy=verdict.remedy or "Name at least one.",
        )
    role = Role(
        name=name,
        says=rules.clean_name(says, field="says"),
        permissions=frozenset(each.name for each in asked),
        must_expire=must_expire,
        must_scope=must_scope,
        views_recorded=views_recorded,
        version=store.last_version(work, name) + 1,
    )
    require_role_fits_holders(work, role)
    record(work, RoleDefined(name, role.version, tuple(sorted(role.permissions))))
    store.add_role(work, role)
    return role


def end_role(work: Work, name: str) -> None:
    """End a role of one's own that nobody holds any more."""
    change(work, "access.define_roles")
    if name not in store.roles(work, work.now):
        raise NotFoundError("there is no such role of your own", subject=name, field="name")
    held = [each.id for each in store.grants_at(work, work.now) if each.role == name]
    if held:
        raise ConflictError(
            f"{len(held)} grants of this role still hold",
            subject=name,
            reasons=tuple(held[:20]),
            remedy="Revoke them first.",
        )
    record(work, RoleEnded(name))
    store.end_role(work, name)


def _permission(name: str) -> Permission:
    found = rules.PERMISSIONS.get(name)
    if found is None:
        raise InvalidError(
            f"{str(name)[:60]!r} is not a permission",
            field="permissions",
            remedy="See `muniment access roles --permissions`.",
        )
    return found
