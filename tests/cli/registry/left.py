"""Runs commands of the registry on an installation with people in it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from muniment import access
from muniment.access import EVERYTHING, Holder, HolderKind
from muniment.cli import run
from muniment.main import open_house
from muniment.server import House
from tests.server.people import MACHINE, Somebody
from tests.server.registered import SETTINGS, Registered, registered_in

PASSWORD = "plum ladder quiet tram"


class Left:
    """Runs commands and reads what they said."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.people: dict[str, Somebody] | None = None

    def __call__(self, *words: str) -> int:
        """Run a command and give its exit code."""

        def opened(file: Path | None, overrides: dict[str, object], **options: object) -> House:
            unlock = self.folder / "unlock"
            given = {
                **SETTINGS,
                **overrides,
                "data.dir": self.folder / "data",
                "unlock.folder": unlock,
            }
            return open_house(file, given, environment={}, **options)  # type: ignore[arg-type]  # as State

        with pytest.raises(SystemExit) as caught:
            run(open_house=opened, arguments=["registry", *words])
        return int(caught.value.code or 0)

    def said(self, *words: str) -> str:
        """Run a command that goes well, and give what it said."""
        self.capsys.readouterr()
        assert self(*words) == 0
        return self.capsys.readouterr().out

    def json(self, *words: str) -> Any:
        """Run a command for programs."""
        return json.loads(self.said(*words, "--json"))

    def somebody(self, role: str) -> str:
        """Bring somebody in who holds a role and signs in by a password; give their address."""
        address = f"{role}@example.org"
        with self.inside() as there, there.house.database.work(MACHINE) as work:
            made = access.add_person(work, role.title(), address)
            hashed = access.prepare_password(there.house.reception, made, PASSWORD)
            access.set_password(work, made.id, hashed, way="test")
            holder = Holder(HolderKind.PERSON, made.id)
            access.grant(work, holder, role, scope=EVERYTHING, reason="for the test")
        return address

    def by(self, address: str, *words: str) -> str:
        """Run a command that goes well as somebody who types their password."""
        before, sys.stdin = sys.stdin, io.StringIO(f"{PASSWORD}\n")
        try:
            return self.said(*words, "--as", address).strip()
        finally:
            sys.stdin = before

    def file(self, name: str, text: str) -> str:
        """Write a file and give its place."""
        path = self.folder / name
        path.write_text(text)
        return str(path)

    @contextmanager
    def inside(self) -> Iterator[Registered]:
        """Be in the house for a while, as its people."""
        with registered_in(self.folder, self.people) as found:
            self.people = found.people
            yield found
