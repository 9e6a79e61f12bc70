"""Who calls, found out over a real installation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from muniment import access
from muniment.access import KeyLimits, PersonId, Scope
from muniment.core.errors import UnauthenticatedError
from muniment.server import House
from muniment.server.callers import Identifier, Shown
from muniment.server.identify import make_identifier
from tests.server.asking import house_in
from tests.server.people import MACHINE, found_admin, key_of, person_with

SETTINGS: dict[str, object] = {"access.second_factor_roles": ()}


def identifier_of(house: House) -> Identifier:
    """Build what the edge asks."""
    known = (house.keybook, house.reception, house.turned_away)
    return make_identifier(house.database, *known)


@pytest.mark.requirement("ACC-20")
def test_what_opens_nothing_is_told_by_the_ledger(tmp_path: Path) -> None:
    """A wrong key, a forged token and an unknown certificate are each counted where they came."""
    with house_in(tmp_path / "data", **SETTINGS) as house:
        ada = found_admin(house)
        identifier = identifier_of(house)
        assert identifier.identify(Shown(session="x" * 43, address="192.0.2.1")) is None
        wrong = [Shown(bearer="a.b.c"), Shown(client_name="CN=x")]
        assert [identifier.identify(replace(each, address="192.0.2.1")) for each in wrong] == [
            None
        ] * 2
        for _turn in range(50):
            with pytest.raises(UnauthenticatedError):
                identifier.identify(Shown(bearer="mun_per_wrong", address="192.0.2.2"))
        assert identifier.identify(Shown(bearer=key_of(house, ada).secret)) is not None
        house.turned_away.write()
        house.log.seal()
        kinds = ("access.sign_in_failed", "access.sign_ins_refused")
        told = [each for each in house.log.read_after(0, 1_000) if each.kind in kinds]
        ways = [each.value["body"]["way"] for each in told]
        assert ways == ["token", "key"], (
            "each source is recorded at its first, not at its hundredth"
        )
        assert not any(b"192.0.2" in each.data for each in told)


def test_sessions_and_keys_name_their_holders(tmp_path: Path) -> None:
    """What they hold comes along, within the limits of their key; an ended session is nobody's."""
    with house_in(tmp_path / "data", **SETTINGS) as house:
        identifier = identifier_of(house)
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
        identifier = identifier_of(house)
        pat = person_with(house, "builder")
        assert identifier.identify(Shown(session=pat.secret)) is not None
        with house.database.work(MACHINE) as work:
            access.suspend(work, PersonId(pat.id))
        assert identifier.identify(Shown(session=pat.secret)) is None
