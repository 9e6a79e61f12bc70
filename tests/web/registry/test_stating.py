"""What is stated about a system is stated anew in a form that keeps what was typed."""

from __future__ import annotations

from typing import Final

from muniment import registry
from tests.server.office import place, words
from tests.server.people import MACHINE
from tests.server.registered import KEY, Registered


def test_everything_but_owner_and_boundary_is_stated_in_one_form(there: Registered) -> None:
    """Lists are one a line; what is material ends the review, and the statement before stays."""
    system = there.live()
    here = f"/systems/{system.id}"
    assert "State it anew" in words(there.page("owner", here))
    form = there.page("owner", f"{here}/state")
    assert "Score applications for small loans." in words(form)
    assert "ends its review" in words(form)
    assert there.who("operator").id in form.body.decode()  # as the value of a choice
    typed = {
        "version": f"{system.version}",
        "name": "Credit score",
        "purpose": "Score loans of up to 5,000 euros.",
        "alert_reviewer": there.who("compliance").id,
        "role": "deployer",
        "autonomy": "informs",
        "data_classes": "personal\r\nfinancial, of loans\r\n\r\n",
        "regions": "eu",
        "environments": "staging = staging\nproduction = production",
        "canary_percent": "5",
    }
    assert place(there.send("owner", f"{here}/state", **typed)).endswith(here)
    with there.house.database.look(MACHINE) as work:
        told = registry.get_system(work, KEY)
        first, second = registry.stated(work, KEY)
        assert "its review no longer holds" in registry.gaps(work, told)
    assert told.profile.data_classes == ("personal", "financial, of loans")
    assert told.profile.alert_reviewer == there.who("compliance").id
    assert (told.profile.canary_percent, len(told.profile.environments)) == (5, 2)
    assert (told.profile.components, told.profile.refresh) == (
        system.profile.components,
        system.profile.refresh,
    )
    assert first.profile == system.profile
    assert second.author == there.who("owner").id


WRONG: Final[tuple[tuple[dict[str, str], int, str], ...]] = (
    ({"purpose": ""}, 422, "Every system has one"),
    ({"canary_percent": "many"}, 422, "whole number from 0 to 99"),
    ({"environments": "production"}, 422, "names no stage"),
    ({"environments": "production = moon"}, 422, "is not one of them"),
    ({"environments": "staging = staging"}, 422, "stands in 'production'"),
    ({"data_classes": "a\na"}, 422, "twice"),
    ({"alert_reviewer": "per_none"}, 422, "nobody who could act now"),
    ({"version": "9"}, 409, "somebody else changed this system meanwhile"),
    ({"version": "x"}, 422, "not whole"),
)


def test_what_cannot_be_meant_keeps_what_was_typed(there: Registered) -> None:
    """The mistake stands on the page with everything else as it was typed; nothing is stated."""
    with there.house.database.work(MACHINE) as work:
        app = {"name": "app", "sort": "application", "environments": ["production"]}
        system = registry.register(work, KEY, there.stated(components=[app], flows=[]))
    for typed, status, says in WRONG:
        given = {"version": f"{system.version}", "users_affected": "About 4,000 people.", **typed}
        refused = there.send("owner", f"/systems/{system.id}/state", **given)
        assert (refused.status, typed) == (status, typed)
        assert says.casefold() in words(refused).casefold()
        assert "About 4,000 people." in words(refused)
    with there.house.database.look(MACHINE) as work:
        assert registry.get_system(work, KEY).version == system.version


def test_an_environment_in_which_something_serves_stays(there: Registered) -> None:
    """What serves is in a place that is stated; another person's system is not stated at all."""
    system = there.live()
    there.released("Be kind.")
    with there.house.database.look(MACHINE) as work:
        version = registry.get_system(work, KEY).version
    here = f"/systems/{system.id}/state"
    typed = {"version": f"{version}", "environments": "other = production"}
    refused = there.send("owner", here, **typed)
    assert refused.status == 422
    assert "Something serves production" in words(refused)
    assert there.send("builder", here, **typed).status == 403
    assert there.page("builder", here).status == 403
