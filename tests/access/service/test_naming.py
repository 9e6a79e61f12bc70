"""Names for ids, and what belongs to whom, for who may see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment import access
from muniment.core.errors import ForbiddenError
from tests.server.asking import house_in
from tests.server.people import found_admin, person_with, service_with


def test_names_are_given_for_what_is_known(tmp_path: Path) -> None:
    """People, services and teams are named; what is unknown is left out; strangers are refused."""
    with house_in(tmp_path / "data") as house:
        ada = found_admin(house)
        shop, pat = service_with(house, ada), person_with(house, "builder")
        with house.database.work(ada.actor) as work:
            team = access.add_team(work, "Risk")
            access.join(work, team.id, pat.holder)
            found = access.names(work, [ada.id, shop.id, team.id, "per_none"])
            assert found == {ada.id: "Ada Admin", shop.id: "shop", team.id: "Risk"}
            assert [each.id for each in access.services_owned(work, ada.id)] == [shop.id]
            assert [each.team_id for each in access.teams_in(work, pat.holder)] == [team.id]
        with house.database.look(pat.actor) as work:
            assert access.names(work, [pat.id]) == {pat.id: "Pat Builder"}
            assert access.names(work, []) == {}
            assert len(access.teams_in(work, pat.holder)) == 1
            for others in (
                lambda: access.names(work, [ada.id]),
                lambda: access.services_owned(work, ada.id),
                lambda: access.teams_in(work, ada.holder),
            ):
                with pytest.raises(ForbiddenError):
                    others()
