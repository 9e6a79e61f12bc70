"""`muniment access people|services|teams`: every command as a person types it."""

from __future__ import annotations

import json

from muniment.core.errors import ConflictError, InvalidError
from tests.cli.access.conftest import Muniment


def test_people_come_and_go(muniment: Muniment) -> None:
    """Invite, change, suspend, let in, part: each tells what became of it, and the list agrees."""
    told = muniment("access", "people", "invite", "Ana Roy", "ana@x.org", "--json")
    ana = json.loads(told.stdout)
    assert (ana["name"], ana["state"], ana["version"]) == ("Ana Roy", "invited", 1)
    assert muniment("access", "people", "change", ana["id"], "--name", "Ana R").stdout == (
        f"{ana['id']} is Ana R, ana@x.org.\n"
    )
    for verb, word in (("suspend", "suspended"), ("reactivate", "active")):
        told = muniment("access", "people", verb, "ANA@x.org")
        assert told.stdout == f"{ana['id']} is {word}.\n"
    listed = muniment("access", "people", "list")
    assert "Ana R" in listed.stdout
    assert muniment("access", "people", "list", "--text", "zzz", "--json").stdout == "[]\n"
    left = muniment("access", "people", "leave", ana["id"])
    assert left.stdout == (
        f"{ana['id']} has left; 0 grants and 0 keys ended, 0 services stopped.\n"
    )
    again = muniment("access", "people", "leave", ana["id"])
    assert isinstance(again.exception, ConflictError)
    assert isinstance(muniment("access", "people", "suspend", "ana@x.org").exception, InvalidError)


def test_services_and_teams(muniment: Muniment) -> None:
    """A service changes hands and stops; a team takes members and ends."""
    for name in ("ana", "bob"):
        muniment("access", "people", "invite", name, f"{name}@x.org")
        muniment("access", "people", "suspend", f"{name}@x.org")
        muniment("access", "people", "reactivate", f"{name}@x.org")
    made = muniment("access", "services", "add", "Scorer", "--owner", "ana@x.org", "--json")
    service = json.loads(made.stdout)["id"]
    assert "answers for" in muniment("access", "services", "transfer", service, "bob@x.org").stdout
    assert muniment("access", "services", "suspend", service).stdout.endswith("is suspended.\n")
    assert muniment("access", "services", "reactivate", service).stdout.endswith("is active.\n")
    assert "Scorer" in muniment("access", "services", "list").stdout
    team = json.loads(muniment("access", "teams", "add", "Data", "--json").stdout)["id"]
    assert muniment("access", "teams", "join", team, "ana@x.org").exit_code == 0
    assert muniment("access", "teams", "join", team, service).exit_code == 0
    members = json.loads(muniment("access", "teams", "members", team, "--json").stdout)
    assert [each["member"]["kind"] for each in members] == ["person", "service"]
    assert muniment("access", "teams", "part", team, "ana@x.org").exit_code == 0
    assert service in muniment("access", "teams", "members", team).stdout
    assert "Data" in muniment("access", "teams", "list").stdout
    assert muniment("access", "teams", "end", team).stdout == f"{team} has ended.\n"
    assert "Data" not in muniment("access", "teams", "list").stdout
