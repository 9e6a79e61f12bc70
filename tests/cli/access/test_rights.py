"""`muniment access roles|grant|keys`: every command as a person types it."""

from __future__ import annotations

import json

from muniment.core.errors import ConflictError, InvalidError
from tests.cli.access.conftest import Muniment


def test_roles_and_grants(muniment: Muniment) -> None:
    """Define, give, lengthen, list, take back, end; what is refused says why."""
    muniment("access", "people", "invite", "Ana", "ana@x.org")
    assert "auditor" in muniment("access", "roles", "list").stdout
    assert "ledger.read" in muniment("access", "roles", "permissions").stdout
    assert "refused" in muniment("access", "roles", "conflicts").stdout
    defined = muniment(
        *("access", "roles", "define", "readers", "--says", "Read."),
        *("--permission", "ledger.read", "--permission", "jobs.read", "--must-expire"),
    )
    assert defined.stdout == "The role readers is defined, version 1.\n"
    give = ("access", "grant", "ana@x.org", "readers", "--reason", "Reads.")
    assert isinstance(muniment(*give).exception, InvalidError)
    made = json.loads(muniment(*give, "--until", "8h", "--scope", "system=s", "--json").stdout)
    assert made["scope"] == {"system": "s"}
    assert "ends" in muniment("access", "extend", made["id"], "--until", "2d").stdout
    assert made["id"] in muniment("access", "grants", "--who", "ana@x.org").stdout
    assert isinstance(muniment("access", "roles", "end", "readers").exception, ConflictError)
    assert (
        muniment("access", "revoke", made["id"], "--reason", "Done.").stdout
        == f"{made['id']} is revoked.\n"
    )
    assert muniment("access", "grants", "--json").stdout == "[]\n"
    assert made["id"] in muniment("access", "grants", "--all", "--role", "readers").stdout
    assert muniment("access", "roles", "end", "readers").exit_code == 0
    assert muniment("access", "exceptions", "--json").stdout == "[]\n"
    for scope in ("system", "planet=mars", "system="):
        wrong = muniment(*give, "--scope", scope)
        assert isinstance(wrong.exception, InvalidError)


def test_keys(muniment: Muniment) -> None:
    """A secret is printed once; rotation prints another; lists never do."""
    muniment("access", "people", "invite", "Ana", "ana@x.org")
    issued = muniment("access", "keys", "issue", "ana@x.org", "--label", "ci", "--json")
    key = json.loads(issued.stdout)
    assert key["secret"].startswith("mun_per_")
    listed = muniment("access", "keys", "list")
    assert key["id"] in listed.stdout
    assert key["secret"] not in listed.stdout
    rotated = muniment("access", "keys", "rotate", key["id"], "--overlap-hours", "1")
    assert "it is shown this once" in rotated.stdout
    assert muniment("access", "keys", "revoke", key["id"]).stdout == (
        f"{key['id']} opens nothing any more.\n"
    )
    rows = json.loads(muniment("access", "keys", "list", "--who", "ana@x.org", "--json").stdout)
    assert len(rows) == 2
    assert all("secret" not in row for row in rows)
