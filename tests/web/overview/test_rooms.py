"""What each room says on the first page."""

from __future__ import annotations

from muniment.core.actor import Actor
from muniment.web.overview import rooms
from muniment.web.overview.glance import Glance
from tests.exchanges.calling import Calling


def _told(calls: Calling, role: str, tell: str) -> Glance:
    actor: Actor = calls.who(role).actor
    with calls.house.database.look(actor) as work:
        found = getattr(rooms, tell)(work)
    assert isinstance(found, Glance)
    return found


def test_calls_are_counted_for_who_sees_them(calls: Calling) -> None:
    """The figures are of the last week, and lead to exactly the calls they count."""
    whole, found, refused, held = _told(calls, "operator", "calls").figures
    assert (whole.value, whole.days[-1], whole.href) == ("3", 3, found.href)
    assert whole.href.startswith("/console/exchanges?since=20")
    assert found.value != "0"
    assert refused.value == "1"
    assert refused.href == whole.href.replace("?", "?state=refused&")
    assert (held.value, held.note, held.href) == (
        "0",
        "none waits",
        "/console/approvals?which=held",
    )
    assert [each.value for each in _told(calls, "nobody", "calls").figures] == ["0"] * 4


def test_a_system_is_told_with_its_owner_and_its_calls(calls: Calling) -> None:
    """Who may see the system sees a line of it; who may not see calls is told just that."""
    (line,) = _told(calls, "operator", "systems").systems
    assert [each.text for each in line[:2]] == ["Credit score", "approved"]
    assert _told(calls, "nobody", "systems").systems == ()


def test_what_waits_is_of_the_reader_alone(calls: Calling) -> None:
    """Nothing waits for who was asked nothing."""
    assert _told(calls, "nobody", "mine") == Glance()


def test_policy_tells_that_none_is_in_force(calls: Calling) -> None:
    """An installation without rules says so, and where to mend it."""
    (said,) = _told(calls, "security", "rules").said
    assert (said.text, said.href) == ("no policy is in force", "/console/policy")
