"""A boundary is stated in one form: rows are added, looked at, and kept when somebody says so."""

from __future__ import annotations

from muniment import registry
from tests.server.office import place, words
from tests.server.people import MACHINE
from tests.server.registered import KEY, Registered

FIRST = {
    "component-0-name": "app",
    "component-0-sort": "application",
    "component-0-entry_point": "yes",
    "component-0-environments": "production",
    "component-1-name": "model",
    "component-1-sort": "model_endpoint",
    "component-1-vendor": "acme",
    "component-1-data_classes": "personal",
    "component-2-name": "log",
    "component-2-sort": "prompt_log",
    "component-2-retained_days": "30",
    "flow-0-source": "app",
    "flow-0-target": "model",
    "flow-0-data_classes": "personal",
}


def test_a_boundary_is_stated_looked_at_and_stated_anew(there: Registered) -> None:
    """Adding and looking keep nothing; stating keeps it, and two at once do not undo each other."""
    with there.house.database.work(MACHINE) as work:
        told = there.stated(components=[], flows=[])
        system = registry.register(work, KEY, told)
    here = f"/systems/{system.id}/boundary"
    assert "State the boundary" in words(there.page("owner", f"/systems/{system.id}"))
    assert b"component-0-name" in there.page("owner", f"{here}/edit").body
    added = there.send("owner", f"{here}/edit", do="add-component", **FIRST)
    assert b"component-3-name" in added.body
    assert b'value="acme"' in added.body
    assert b"flow-1-source" in there.send("owner", f"{here}/edit", do="add-flow", **FIRST).body
    version = {"version": f"{system.version}"}
    looked = words(there.send("owner", f"{here}/edit", do="look", **version, **FIRST))
    assert "What would change" in looked
    assert "Nothing would be missing" in looked
    with there.house.database.look(MACHINE) as work:
        assert not registry.get_system(work, KEY).profile.components
    done = there.send("owner", f"{here}/edit", do="state", **version, **FIRST)
    assert place(done).endswith(here)
    with there.house.database.look(MACHINE) as work:
        now = registry.get_system(work, KEY).profile
    assert [each.name for each in now.components] == ["app", "model", "log"]
    assert (now.components[2].retained_days, now.flows[0].data_classes) == (30, ("personal",))
    late = there.send("owner", f"{here}/edit", do="state", **version, **FIRST)
    assert late.status == 409
    assert "Somebody else changed this system meanwhile" in words(late)


def test_a_mistake_stands_at_its_field_and_nobody_else_states_it(there: Registered) -> None:
    """The row it is in is open, what was typed stays, and a builder of the system is refused."""
    with there.house.database.work(MACHINE) as work:
        system = registry.register(work, KEY, there.stated())
    here = f"/systems/{system.id}/boundary/edit"
    for wrong, at, says in (
        ({"component-2-retained_days": "long"}, "component-2-retained_days", "out of range"),
        ({"component-2-made_of": "log"}, "component-2-made_of", "made of each other"),
        ({"component-1-name": ""}, "component-1-name", "Is missing"),
        ({"component-1-name": "App"}, "component-1-name", "stands there twice"),
        ({"flow-0-target": "moon"}, "flow-0-target", "which is not there"),
    ):
        for do in ("look", "state"):
            refused = there.send(
                "owner", here, do=do, version=f"{system.version}", **{**FIRST, **wrong}
            )
            assert refused.status == 422, wrong
            assert f'id="{at}-error"' in refused.body.decode()
            assert says in words(refused)
            assert b'value="acme"' in refused.body
    assert there.send("owner", here, do="state", **FIRST).status == 422
    assert there.send("builder", here, do="look", **FIRST).status == 403
    assert there.page("nobody", here).status == 403
