"""The word of a person that they checked the log."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment import ledger
from muniment.core.errors import ForbiddenError, InvalidError
from muniment.ledger import Query
from tests.server.asking import house_in
from tests.server.people import MACHINE, found_admin


def test_only_a_person_says_it_and_only_of_what_there_is(tmp_path: Path) -> None:
    """It is recorded under their name with how far they looked; no machine says it for them."""
    with house_in(tmp_path / "data") as house:
        ada = found_admin(house)
        house.log.begin()
        house.log.seal()
        size = house.log.status().size
        with house.database.work(ada.actor) as work:
            for far, how in ((0, "offline"), (size + 1, "offline"), (size, "guessed")):
                with pytest.raises(InvalidError):
                    ledger.note_verified(work, house.log, far, how)
            ledger.note_verified(work, house.log, size, "browser")
        with pytest.raises(ForbiddenError), house.database.work(MACHINE) as work:
            ledger.note_verified(work, house.log, size, "offline")
        house.log.seal()
        (row,) = ledger.find(house.log, Query("ledger.verified")).rows
        found = ledger.entry(house.log, row.index)
        assert (found.actor["id"], found.body) == (ada.id, {"size": size, "how": "browser"})
