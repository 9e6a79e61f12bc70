"""The first page: one sentence, figures, what waits, what changed, the systems."""

from __future__ import annotations

from tests.exchanges.calling import Calling
from tests.server.asking import ask
from tests.server.office import words
from tests.web.overview.looking import overview


def test_who_runs_systems_sees_what_runs(calls: Calling) -> None:
    """Calls, findings and refusals of the week, the systems, and no rule in force, said first."""
    told = words(overview(calls, "operator"))
    assert "Calls, last 7 days 3 3 today" in told
    assert "Calls refused" in told
    assert "Credit score" in told
    assert "Waiting for you" in told
    assert "What was found in calls last 7 days" in told
    assert "The ledger" in told
    assert "none holds a checkpoint" in told


def test_everybody_known_has_a_first_page_of_their_own(calls: Calling) -> None:
    """Whoever may see no record learns what waits for them and nothing about what runs."""
    told = words(overview(calls, "nobody"))
    assert "Nothing waits for you" in told
    assert "Nothing needs you now" in told
    for secret in ("What was found", "Credit score", "Calls, last 7 days", "Unregistered"):
        assert secret not in told


def test_the_console_begins_here(calls: Calling) -> None:
    """The bare address of the console leads to the overview, and a stranger to the sign-in."""
    headers = {"accept": "text/html", **calls.who("operator").headers}
    assert (
        ask(calls.there.app, "/console", headers=headers)
        .headers["location"]
        .endswith("/console/overview")
    )
    stranger = ask(calls.there.app, "/console/overview", headers={"accept": "text/html"})
    assert stranger.headers["location"].startswith("/console/sign-in")


def test_what_is_wrong_is_said_first(calls: Calling) -> None:
    """Where no policy is in force, whoever may read policy learns that in the first line."""
    told = words(overview(calls, "security"))
    assert "No policy is in force" in told
    assert told.index("No policy is in force") < told.index("Calls, last 7 days")
