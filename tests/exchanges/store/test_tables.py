"""What the tables themselves refuse."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError

from muniment.core.actor import system_actor
from muniment.db import Database
from muniment.exchanges.rules import row_begun
from muniment.exchanges.store import calls
from tests.exchanges.making import NOON
from tests.exchanges.rules.test_indexing import BODY


def test_a_state_that_is_none_is_refused(database: Database) -> None:
    """The database itself knows which states there are."""
    row = {**row_begun(BODY, "svc_1", NOON, 1), "state": "fine"}
    with pytest.raises(DBAPIError), database.work(system_actor("test")) as work:
        calls.begin(work, row)
