"""Sheets come in whole or not at all, every bad row is told, and the past they tell is asserted."""

from __future__ import annotations

import pytest

from muniment import registry
from muniment.core.errors import ForbiddenError, InvalidError
from muniment.registry import Cause, Source, SystemQuery
from tests.registry.yard import Yard

SYSTEMS = "key,name,purpose,owner,regions\n"
SERVED = "system,environment,starts_at,ends_at,versions\n"


@pytest.mark.requirement("INV-01")
def test_systems_come_in_whole_or_not_at_all(yard: Yard) -> None:
    """Every bad row is told with its number and field; mended, all come in."""
    yard.raise_up()
    bad = registry.read_sheet(
        SYSTEMS
        + "alpha,Alpha,Do.,olga@example.org,eu\n"
        + "Not A Key,B,Do.,olga@example.org,\n"
        + "credit-score,C,Do.,olga@example.org,\n"
        + "delta,D,Do.,nobody@example.org,\n"
        + "alpha,E,Do.,olga@example.org,\n"
        + "zeta,,Do.,olga@example.org,\n"
        + "eta,E,Do.,olga@example.org,eu,too,many\n"
    )
    with yard.by("olga") as work:
        found = registry.preview(work, bad)
        assert [(each.number, each.field) for each in found.bad] == [
            (3, "key"),
            (4, "key"),
            (5, "owner"),
            (6, "key"),
            (7, "name"),
            (8, ""),
        ]
        assert all(each.remedy for each in found.bad)
    with pytest.raises(InvalidError, match="6 of 7 rows") as caught, yard.by("olga") as work:
        registry.bring_in(work, bad, reason="from the old list")
    assert len(caught.value.reasons) == 6
    with yard.looking() as work:
        assert registry.count_systems(work, SystemQuery()) == 1
    good = registry.read_sheet(SYSTEMS + "alpha,Alpha,Do.,olga@example.org,eu;us\n")
    with yard.by("olga") as work:
        registry.bring_in(work, good, reason="from the old list")
    with yard.looking() as work:
        assert registry.get_system(work, "alpha").profile.regions == ("eu", "us")
    assert yard.recorded("registry.sheet_imported")[-1]["body"]["digest"] == good.digest
    with pytest.raises(ForbiddenError), yard.by("otto") as work:
        registry.preview(work, good)


@pytest.mark.requirement("REG-15")
def test_a_past_that_is_brought_in_is_asserted(yard: Yard) -> None:
    """Versions and intervals say that they are, do not overlap what is known, and lie behind us."""
    yard.approved()
    sheet = "system,part,text,commit\ncredit-score,prompt/main,Old words,0f3a\n"
    with yard.by("ben") as work:
        registry.bring_in(work, registry.read_sheet(sheet), reason="history")
    row = "credit-score,production,2025-01-01,2025-06-01,prompt/main=1\n"
    with pytest.raises(ForbiddenError), yard.by("ben") as work:
        registry.bring_in(work, registry.read_sheet(SERVED + row), reason="history")
    with yard.by("cora") as work:
        registry.bring_in(work, registry.read_sheet(SERVED + row), reason="history")
    with yard.looking() as work:
        then = registry.read_sheet(SERVED + row).rows[0].cells["starts_at"]
        when = work.now.fromisoformat(f"{then}T12:00:00+00:00")
        found = registry.at(work, "credit-score", when).deployment
        assert found is not None
        assert (found.source, found.cause) == (Source.ASSERTED, Cause.IMPORT)
        assert registry.versions_of(work, "credit-score").rows[0].asserted
        assert registry.serving_now(work, "credit-score") == ()
    bad = registry.read_sheet(
        SERVED
        + row
        + "none,production,2025-07-01,2025-08-01,prompt/main=1\n"
        + "credit-score,moon,2025-07-01,2025-08-01,prompt/main=1\n"
        + "credit-score,production,2025-08-01,2025-07-01,prompt/main=1\n"
        + "credit-score,production,2025-07-01,2099-01-01,prompt/main=1\n"
        + "credit-score,production,2025-07-01,soon,prompt/main=1\n"
        + "credit-score,production,2025-07-01,2025-08-01,prompt/main=9\n"
        + "credit-score,production,2025-07-01,2025-08-01,prompt/other=1\n"
        + "credit-score,production,2025-07-01,2025-08-01,prompt/main=1\n"
        + "credit-score,production,2025-07-20,2025-08-20,prompt/main=1\n"
    )
    with yard.by("cora") as work:
        found_bad = registry.preview(work, bad).bad
    assert [(each.number, each.field) for each in found_bad] == [
        (2, "starts_at"),
        (3, "system"),
        (4, "environment"),
        (5, "ends_at"),
        (6, "ends_at"),
        (7, "ends_at"),
        (8, "version"),
        (9, "versions"),
        (11, "starts_at"),
    ]
