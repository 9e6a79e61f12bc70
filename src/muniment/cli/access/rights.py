"""`muniment access roles|grants|grant|extend|revoke|keys …`: what was given to whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from muniment import access
from muniment.access import KeyLimits
from muniment.cli.access.words import (
    ReasonOption,
    ScopeOption,
    UntilOption,
    WhoArgument,
    changing,
    day,
    every_page,
    looking,
    plain,
    say,
    scope_of,
    tell,
    time_of,
    who,
)
from muniment.cli.state import ConfigOption, DataOption, JsonOption, print_json, print_table

GrantArgument = Annotated[str, typer.Argument(help="Id of the grant.")]
KeyArgument = Annotated[str, typer.Argument(help="Id of the key.")]
RoleArgument = Annotated[str, typer.Argument(help="Name of the role.")]


def role_commands() -> typer.Typer:
    """Give the commands about roles."""
    group = typer.Typer(help="Roles: built-in ones and your own.", no_args_is_help=True)
    for name, command in (
        ("list", list_roles),
        ("permissions", list_permissions),
        ("conflicts", list_conflicts),
        ("define", define_role),
        ("end", end_role),
    ):
        group.command(name)(command)
    return group


def key_commands() -> typer.Typer:
    """Give the commands about keys."""
    group = typer.Typer(help="Keys of programs.", no_args_is_help=True)
    for name, command in (
        ("list", list_keys),
        ("issue", issue_key),
        ("rotate", rotate_key),
        ("revoke", revoke_key),
    ):
        group.command(name)(command)
    return group


def list_roles(
    context: typer.Context,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List roles and what each is for."""
    with looking(context, config, data) as work:
        rows = access.roles(work)
    tell(
        "Roles",
        ("role", "permissions", "what it is for"),
        rows,
        lambda one: (one.name, len(one.permissions), one.says),
        as_json=as_json,
    )


def list_permissions(*, as_json: JsonOption = False) -> None:
    """List every permission, and the built-in roles that carry it."""
    rows = tuple(access.PERMISSIONS.values())
    tell(
        "Permissions",
        ("permission", "what it allows", "roles"),
        rows,
        lambda one: (one.name, one.says, ", ".join(one.roles)),
        as_json=as_json,
    )


def list_conflicts(*, as_json: JsonOption = False) -> None:
    """List the duties one person should not hold together on a system."""
    tell(
        "Conflicting duties",
        ("one", "other", "then it is", "because"),
        access.CONFLICTS,
        lambda one: (one.one, one.other, "refused" if one.refuse else "flagged", one.says),
        as_json=as_json,
    )


def define_role(  # noqa: PLR0913 each option is a fact
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name: small letters, digits, hyphens.")],
    says: Annotated[str, typer.Option(help="What it is for, in a sentence.")],
    permission: Annotated[list[str], typer.Option(help="A permission; repeatable.")],
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    must_expire: Annotated[bool, typer.Option(help="Given for a time only.")] = False,
    must_scope: Annotated[bool, typer.Option(help="Given for named places only.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Define a role of your own, or its next version."""
    with changing(context, config, data) as work:
        found = access.define_role(
            work, name, says, permission, must_expire=must_expire, must_scope=must_scope
        )
    say(found, f"The role {name} is defined, version {found.version}.", as_json=as_json)


def end_role(
    context: typer.Context,
    name: RoleArgument,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """End a role of your own that nobody holds."""
    with changing(context, config, data) as work:
        access.end_role(work, name)
    typer.echo(f"The role {name} is no more.")


def list_grants(
    context: typer.Context,
    whom: Annotated[str, typer.Option("--who", help="Only what this one holds.")] = "",
    role: Annotated[str, typer.Option(help="Only of this role.")] = "",
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also what ended.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List grants, newest first."""
    with looking(context, config, data) as work:
        holder_id = who(work, whom).id if whom else ""
        rows = every_page(
            lambda cursor: access.grants(
                work,
                holder_id=holder_id,
                role_name=role,
                only_holding=not everything,
                cursor=cursor,
                limit=500,
            )
        )
    tell(
        "Grants",
        ("id", "holder", "role", "scope", "until", "ended", "source"),
        rows,
        lambda one: (
            *(one.id, one.holder.id, one.role, one.scope, day(one.ends_at)),
            *(day(one.revoked_at), one.source),
        ),
        as_json=as_json,
    )


def grant(  # noqa: PLR0913 each option is a fact
    context: typer.Context,
    whom: WhoArgument,
    role: RoleArgument,
    reason: ReasonOption,
    scope: ScopeOption = None,
    until: UntilOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Give a role to a person, a service or a team."""
    with changing(context, config, data) as work:
        found = access.grant(
            work,
            who(work, whom),
            role,
            reason=reason,
            scope=scope_of(scope),
            ends_at=time_of(until, "--until", work.now),
        )
    say(found, f"{found.id}: {found.holder} is {role} over {found.scope}.", as_json=as_json)


def extend(
    context: typer.Context,
    grant_id: GrantArgument,
    until: UntilOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Give a grant another end; without --until it has none."""
    with changing(context, config, data) as work:
        ends_at = time_of(until, "--until", work.now)
        found = access.extend(work, grant_id, ends_at=ends_at)
    say(found, f"{found.id} ends {day(found.ends_at)}.", as_json=as_json)


def revoke(
    context: typer.Context,
    grant_id: GrantArgument,
    reason: ReasonOption,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Take a grant back; it opens nothing from now on."""
    with changing(context, config, data) as work:
        found = access.revoke(work, grant_id, reason=reason)
    say(found, f"{found.id} is revoked.", as_json=as_json)


def list_keys(
    context: typer.Context,
    whom: Annotated[str, typer.Option("--who", help="Only keys of this one.")] = "",
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List keys, newest first; secrets are not kept."""
    with looking(context, config, data) as work:
        holder = who(work, whom) if whom else None
        rows = every_page(lambda cursor: access.keys(work, holder=holder, cursor=cursor, limit=500))
        now = work.now
    tell(
        "Keys",
        ("id", "key", "label", "holder", "scope", "expires", "last used", "works"),
        rows,
        lambda one: (
            *(one.id, one.shown, one.label, one.holder.id, one.limits.scope),
            *(day(one.expires_at), day(one.last_used_at), "yes" if one.works(now) else "no"),
        ),
        as_json=as_json,
    )


def issue_key(  # noqa: PLR0913, PLR0917 each option is a fact
    context: typer.Context,
    whom: WhoArgument,
    label: Annotated[str, typer.Option(help="What it is for.")],
    permission: Annotated[
        list[str] | None, typer.Option(help="Only this permission; repeatable.")
    ] = None,
    scope: ScopeOption = None,
    budget: Annotated[str, typer.Option(help="Budget it draws on.")] = "",
    until: UntilOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Make a key for a service or a person; its secret is shown now and never again."""
    with changing(context, config, data) as work:
        fresh = access.issue_key(
            work,
            who(work, whom),
            label,
            limits=KeyLimits(frozenset(permission) if permission else None, scope_of(scope)),
            budget=budget,
            expires_at=time_of(until, "--until", work.now),
        )
    _tell_secret(fresh, as_json=as_json)


def rotate_key(
    context: typer.Context,
    key_id: KeyArgument,
    overlap_hours: Annotated[int, typer.Option(help="How long both work, in hours.")] = 24,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Replace a key by one with the same limits; both work for a while."""
    with changing(context, config, data) as work:
        fresh = access.rotate_key(work, key_id, overlap=timedelta(hours=overlap_hours))
    _tell_secret(fresh, as_json=as_json)


def revoke_key(
    context: typer.Context,
    key_id: KeyArgument,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """End a key at once, everywhere within a second."""
    with changing(context, config, data) as work:
        found = access.revoke_key(work, key_id)
    say(found, f"{found.id} opens nothing any more.", as_json=as_json)


def list_exceptions(
    context: typer.Context,
    config: ConfigOption = None,
    data: DataOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List who may hold conflicting duties, until when, and how often that was used."""
    with looking(context, config, data) as work:
        rows = access.exceptions(work)
    tell(
        "Exceptions",
        ("id", "person", "duties", "scope", "until", "allowed by", "uses"),
        rows,
        lambda one: (
            *(one.id, one.person_id, f"{one.one} and {one.other}", one.scope),
            *(day(one.ends_at), one.approved_by, one.uses),
        ),
        as_json=as_json,
    )


def _tell_secret(fresh: access.FreshKey, *, as_json: bool) -> None:
    if as_json:
        print_json({**plain(fresh.key), "secret": fresh.secret})
        return
    print_table("Key", ("id", "expires"), [(fresh.key.id, day(fresh.key.expires_at))])
    typer.echo(f"\n{fresh.secret}\n\nKeep it now; it is shown this once.")
