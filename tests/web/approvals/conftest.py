"""An installation whose people ask each other, seen through its pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.access import Scope
from tests.server.asking import house_in
from tests.server.people import found_admin, person_with
from tests.web.approvals.asking import Desk

SYSTEM = Scope.of(system="sys_1")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Somebody who asks, two who may answer, and a bystander."""
    with house_in(tmp_path / "data") as house:
        found_admin(house)
        yield Desk(
            house,
            {
                "ada": person_with(house, "builder", SYSTEM, name="Ada Builder"),
                "bo": person_with(house, "releaser", SYSTEM, name="Bo Releaser"),
                "sec": person_with(house, "security", SYSTEM, name="Sec Urity"),
                "eve": person_with(house, name="Eve Nobody"),
            },
        )
