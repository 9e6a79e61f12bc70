"""Runs `muniment policy …` on an installation."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from muniment import access
from muniment.access import Holder, HolderKind
from muniment.cli import run
from muniment.main import open_house
from muniment.server import House
from tests.server.asking import house_in
from tests.server.people import MACHINE, found_admin

PASSWORD = "plum ladder quiet tram"


def left_with(folder: Path, *words: str, room: str = "policy") -> int:
    """Run a command on an installation and give its exit code."""

    def opened(file: Path | None, overrides: dict[str, object], **options: object) -> House:
        given = {
            **overrides,
            "data.dir": folder,
            "unlock.folder": folder.parent / "unlock",
            "access.second_factor_roles": (),
        }
        return open_house(file, given, environment={}, **options)  # type: ignore[arg-type]  # as State

    with pytest.raises(SystemExit) as caught:
        run(open_house=opened, arguments=[*([room] if room else []), *words])
    return int(caught.value.code or 0)


def people_in(folder: Path) -> None:
    """Bring in Ada of security and Bo of compliance, each with the same password."""
    with house_in(folder, **{"access.second_factor_roles": ()}) as house:
        found_admin(house)
        house.log.begin()
        for name, role in (("ada", "security"), ("bo", "compliance")):
            with house.database.work(MACHINE) as work:
                made = access.add_person(work, name.title(), f"{name}@example.org")
                hashed = access.prepare_password(house.reception, made, PASSWORD)
                access.set_password(work, made.id, hashed, way="test")
                holder = Holder(HolderKind.PERSON, made.id)
                access.grant(work, holder, role, reason="for the test")


def as_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Type the password at the next question."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
