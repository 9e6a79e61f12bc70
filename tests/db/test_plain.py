"""What cannot be noted is refused in whatever way it comes."""

from __future__ import annotations

import pytest
from sqlalchemy import bindparam, delete, insert, select, update

from muniment.db import Database, Repeated, UnrecordedChangeError
from tests.db.orchard import trees, weather


def test_a_key_is_never_changed_by_what_is_prepared(orchard: Database) -> None:
    """What `Work.write` refuses for its form is refused when it is prepared."""
    moving = Repeated(
        lambda _dialect: update(weather).where(weather.c.day == bindparam("of")), ("day",)
    )
    with pytest.raises(UnrecordedChangeError, match="never changes"):
        moving.prepared(orchard.writer.dialect)


def test_no_other_change_hides_in_one_that_is_prepared(orchard: Database) -> None:
    """A statement that writes in its WITH is refused here as on the ordinary way."""
    felled = delete(trees).returning(trees.c.height).cte("felled")
    hiding = Repeated(
        lambda _dialect: insert(weather).from_select(["rain"], select(felled.c.height))
    )
    with pytest.raises(UnrecordedChangeError, match=r"past Work\.write|may only select"):
        hiding.prepared(orchard.writer.dialect)
