"""The acts of a system's life."""

from __future__ import annotations

from muniment import registry
from tests.server.office import place, words
from tests.server.people import MACHINE
from tests.server.registered import KEY, Registered


def test_a_system_is_registered_by_a_form(there: Registered) -> None:
    """What is wrong stands beside its field; what is right leads to its page."""
    typed = {"key": KEY, "name": "Credit score", "purpose": "Score.", "owner": "per_none"}
    wrong = there.send("owner", "/systems/register", **typed)
    assert wrong.status == 422
    assert "Name an active person" in words(wrong)
    typed["owner"] = there.who("owner").id
    assert place(there.send("owner", "/systems/register", **typed)).startswith(
        "/console/registry/systems/sys_"
    )


def test_a_system_is_stopped_resumed_rolled_back_handed_over_and_retired(
    there: Registered,
) -> None:
    """Each page says what will happen, and asks why."""
    system = there.live()
    there.released("one")
    second = there.released("two")
    here = f"/systems/{system.id}"
    assert "Within a second every process refuses" in words(
        there.page("operator", f"{here}/suspend")
    )
    assert there.send("operator", f"{here}/suspend", reason="").status == 422
    place(there.send("operator", f"{here}/suspend", reason="odd"))
    assert "Resume" in words(there.page("operator", here))
    assert "serves again" in words(there.page("operator", f"{here}/resume"))
    place(there.send("operator", f"{here}/resume", reason="seen"))
    assert "marked" in words(there.page("operator", f"{here}/rollback"))
    place(there.send("operator", f"{here}/rollback", environment="production", reason="odd"))
    with there.house.database.look(MACHINE) as work:
        assert registry.get_change(work, second.id).state is registry.ChangeState.ROLLED_BACK
    owner = there.who("compliance").id
    assert "answers for it" in words(there.page("owner", f"{here}/transfer"))
    place(there.send("owner", f"{here}/transfer", owner=owner, reason="leaves"))
    assert "is what they answer" in words(there.page("owner", f"{here}/submit"))
    assert place(there.send("owner", f"{here}/submit")).startswith("/console/approvals/apr_")
    told = dict.fromkeys(("data", "models", "access", "records"), "kept")
    assert "history stays" in words(there.page("owner", f"{here}/retire"))
    place(there.send("owner", f"{here}/retire", **told))
    assert "retired" in words(there.page("owner", here))
