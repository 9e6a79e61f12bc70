"""Who calls, found out over a real installation."""

from __future__ import annotations

from pathlib import Path

from muniment import access
from muniment.access import KeyLimits, PersonId, Scope
from muniment.server.callers import Shown
from muniment.server.identify import make_identifier
from tests.server.asking import house_in
from tests.server.people import MACHINE, found_admin, key_of, person_with

SETTINGS: dict[str, object] = {"access.second_factor_roles": ()}


def test_sessions_and_keys_name_their_holders(tmp_path: Path) -> None:
    """What they hold comes along, within the limits of their key; an ended session is nobody's."""
    with house_in(tmp_path / "data", **SETTINGS) as house:
        identifier = make_identifier(house.database, house.keybook, house.reception)
        assert identifier.is_empty()
        ada = found_admin(house)
        assert not identifier.is_empty()
        person = identifier.identify(Shown(session=ada.secret))
        assert person is not None
        assert (person.actor.id, person.name) == (ada.id, "Ada Admin")
        assert person.may("access.break_glass")
        limits = KeyLimits(frozenset({"ledger.read"}), Scope.of(console="ledger"))
        program = identifier.identify(Shown(bearer=key_of(house, ada, limits).secret))
        assert program is not None
        assert program.permissions == {"ledger.read"}
        assert not program.may("ledger.read", Scope.of(console="access"))
        whole = identifier.identify(Shown(bearer=key_of(house, ada).secret))
        assert whole is not None
        assert "access.break_glass" not in whole.permissions, "a key breaks no glass"
        with house.database.work(MACHINE) as work:
            access.end_sessions_of(work, PersonId(ada.id), "a test")
        assert identifier.identify(Shown(session=ada.secret)) is None


def test_who_is_suspended_is_nobody(tmp_path: Path) -> None:
    """An account that was closed opens nothing from the next request on."""
    with house_in(tmp_path / "data", **SETTINGS) as house:
        found_admin(house)
        identifier = make_identifier(house.database, house.keybook, house.reception)
        pat = person_with(house, "builder")
        assert identifier.identify(Shown(session=pat.secret)) is not None
        with house.database.work(MACHINE) as work:
            access.suspend(work, PersonId(pat.id))
        assert identifier.identify(Shown(session=pat.secret)) is None
