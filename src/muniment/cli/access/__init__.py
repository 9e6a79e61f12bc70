"""`muniment access …`: who there is, what they may, and who looked it over."""

from __future__ import annotations

import typer

from muniment.cli.access import asking, issuing, letting_in, looking, people, rights

__all__ = ["commands"]


def commands() -> typer.Typer:
    """Give the commands of access."""
    group = typer.Typer(help="People, rights, keys, reviews.", no_args_is_help=True)
    group.add_typer(people.people_commands(), name="people")
    group.add_typer(people.service_commands(), name="services")
    group.add_typer(people.team_commands(), name="teams")
    group.add_typer(rights.role_commands(), name="roles")
    group.add_typer(rights.key_commands(), name="keys")
    group.add_typer(looking.review_commands(), name="reviews")
    group.add_typer(looking.outside_commands(), name="outside")
    letting_in.add_to(group)
    group.add_typer(issuing.commands(), name="sso")
    for name, command in (
        ("grant", rights.grant),
        ("grants", rights.list_grants),
        ("extend", rights.extend),
        ("revoke", rights.revoke),
        ("exceptions", rights.list_exceptions),
        ("may", asking.may),
        ("at", asking.at),
        ("emergencies", looking.list_emergencies),
        ("tidy", looking.tidy),
    ):
        group.command(name)(command)
    return group
