"""One's own account: named, and its sessions ended, by oneself and by who may."""

from __future__ import annotations

import pytest

from muniment.access import (
    Method,
    Person,
    Reception,
    SignIn,
    begin_session,
    end_own_session,
    end_sessions_of,
    own_keys,
    own_sessions,
    person_by_address,
    rename_self,
    sessions,
)
from muniment.core.actor import Actor, ActorKind
from muniment.core.errors import ForbiddenError, NotFoundError
from tests.access.reception import ROOT, person_of


def test_what_is_ones_own(reception: Reception, ines: Person) -> None:
    """A person names themselves and ends their own sessions, and nobody else's."""
    tom = person_of(reception, "Tom Bell", "tom@example.org")
    acting = Actor(ActorKind.PERSON, ines.id, "session:test")
    shown = {each.id: SignIn(each.id, (Method.PASSWORD,), strong=False) for each in (ines, tom)}
    with reception.database.work(ROOT) as work:
        mine, his = (
            begin_session(work, each, "", "", settings=reception.settings)[0]
            for each in shown.values()
        )
    with reception.database.work(acting) as work:
        assert rename_self(work, "  Inès  Moreau ").name == "Inès Moreau"
        assert [each.id for each in own_sessions(work)] == [mine.id]
        assert own_keys(work) == ()
        with pytest.raises(NotFoundError):
            end_own_session(work, his.id)
        end_own_session(work, mine.id)
        assert own_sessions(work) == ()
        assert person_by_address(work, "INES@example.org") is not None
        for act in (
            lambda: sessions(work),
            lambda: end_sessions_of(work, tom.id, "not hers"),
            lambda: person_by_address(work, "tom@example.org"),
        ):
            with pytest.raises(ForbiddenError):
                act()
    with reception.database.work(ROOT) as work:
        assert [each.id for each in sessions(work)] == [his.id]
        assert end_sessions_of(work, tom.id, "left his desk") == 1
