"""Signing in at a terminal."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from muniment import access
from muniment.access import Holder, HolderKind, Person
from muniment.cli.signing_in import signed_in
from muniment.core.errors import ForbiddenError
from muniment.server import House
from tests.server.asking import house_in
from tests.server.people import MACHINE, found_admin

PASSWORD = "plum ladder quiet tram"


def person_of(house: House, role: str = "") -> Person:
    """Add a person with a password, and perhaps a role."""
    found_admin(house)
    with house.database.work(MACHINE) as work:
        bo = access.add_person(work, "Bo", "bo@example.org")
        access.set_password(
            work, bo.id, access.prepare_password(house.reception, bo, PASSWORD), way="test"
        )
        if role:
            access.grant(work, Holder(HolderKind.PERSON, bo.id), role, reason="for the test")
    return bo


def test_a_stay_ends_with_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside, acts are the person's; after it, also after an error, the session is over."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n{PASSWORD}\n"))
    with house_in(tmp_path / "data") as house:
        bo = person_of(house)
        with signed_in(house, "bo@example.org") as actor:
            assert actor.id == bo.id
            with house.database.look(actor) as work:
                found = access.sign_in_of(work, actor)
            assert found is not None
        with pytest.raises(ValueError, match="broke"), signed_in(house, "bo@example.org"):
            raise ValueError("it broke")
        with house.database.look(MACHINE) as work:
            assert [each for each in access.sessions(work) if each.sign_in.person_id == bo.id] == []


def test_who_does_not_get_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong password and an unknown address are refused alike."""
    with house_in(tmp_path / "data") as house:
        person_of(house)
        for email in ("bo@example.org", "nobody@example.org"):
            monkeypatch.setattr("sys.stdin", io.StringIO("not the password\n"))
            with pytest.raises(ForbiddenError), signed_in(house, email):
                pytest.fail("somebody came in")


def test_a_role_that_asks_for_a_second_factor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has none that works here is told where to set one up."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    with house_in(tmp_path / "data") as house:
        person_of(house, "security")
        with pytest.raises(ForbiddenError) as caught, signed_in(house, "bo@example.org"):
            pytest.fail("they came in with a password alone")
        assert "account page" in caught.value.remedy
