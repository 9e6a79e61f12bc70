"""The pages of a day in the past, and of rights in other systems."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from muniment.core.errors import InvalidError
from muniment.web.access.days import read_moment
from tests.server.office import Office, place, words

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)


def test_who_could_reach_what_is_listed_for_a_moment(office: Office) -> None:
    """Today the admin is there; in the year 2020 nobody was; a word that is no time is told."""
    assert "Ada Admin" in words(office.page("/at"))
    assert "Ada Admin" not in words(office.page("/at?who=nobody"))
    assert "Nothing matches" in words(office.page("/at?when=2020-01-01"))
    answer = office.page("/at?when=soon")
    assert answer.status == 422
    assert "is not a time" in words(answer)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("", NOW),
        ("2026-11-20", datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC)),
        ("2026-11-20 14:27", datetime(2026, 11, 20, 14, 27, tzinfo=UTC)),
        ("2026-11-20T14:27+02:00", datetime(2026, 11, 20, 12, 27, tzinfo=UTC)),
        ("2026-11-26", NOW),
    ],
)
def test_a_moment_is_read_as_people_write_it(text: str, at: datetime) -> None:
    """A day means its end, today means now, and no zone means UTC."""
    assert read_moment(text, NOW) == at


def test_a_moment_that_is_none_is_refused() -> None:
    """A word is no time."""
    with pytest.raises(InvalidError):
        read_moment("yesterday", NOW)


def test_a_file_brings_rights_in_and_accounts_of_nobody_are_resolved(office: Office) -> None:
    """The list shows what was told, by system; a bad row is named and nothing is taken."""
    security, pat = office.who("security"), office.who("builder")
    good = "account,what,person\nroot,Admin,\n"
    assert place(office.send("/outside/bring-in", security, place="grafana", file=good))
    page = office.page("/outside?which=orphans", security)
    assert "Nobody: say whose it is" in words(page)
    right = page.body.decode().split("/outside/out_", 1)[1].split("/", 1)[0]
    place(office.send(f"/outside/out_{right}/resolve", security, person_id=pat.id))
    assert "Builder One" in words(office.page("/outside?place=grafana"))
    bad = office.send("/outside/bring-in", security, place="x", file="account,what\n,Admin\n")
    assert bad.status == 422
    assert office.send("/outside/bring-in", security, place="x", file="").status == 422
