"""Issuers: trusted by who may, with roles that exist, and a secret bound to them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from muniment.access import (
    GroupRole,
    IssuerUse,
    Person,
    Reception,
    Trust,
    add_issuer,
    change_issuer,
    find_issuer,
    issuers,
)
from muniment.access.service.issuers import client_secret
from muniment.core.actor import Actor, ActorKind
from muniment.core.errors import CorruptError, ForbiddenError, InvalidError, NotFoundError
from tests.access.reception import ROOT


def test_trusted_by_who_may(reception: Reception, ines: Person) -> None:
    """An issuer is trusted by an admin, kept with its secret sealed, and found again."""

    def add(actor: Actor, trust: Trust) -> None:
        with reception.database.work(actor) as work:
            add_issuer(
                reception,
                work,
                name="D",
                url="https://issuer.example",
                use=IssuerUse.PEOPLE,
                client_id="us",
                client_secret="a secret we share",
                trust=trust,
            )

    with pytest.raises(ForbiddenError):
        add(Actor(ActorKind.PERSON, ines.id, "session:test"), Trust())
    with pytest.raises(InvalidError):
        add(ROOT, Trust(group_roles=(GroupRole("a", "no-such-role"),)))
    add(ROOT, Trust())
    with pytest.raises(InvalidError):
        add(ROOT, Trust())
    with reception.database.work(ROOT) as work:
        kept = issuers(work, IssuerUse.PEOPLE)[0]
        assert issuers(work, IssuerUse.WORKLOADS) == ()
        assert client_secret(reception, kept) == "a secret we share"
        with pytest.raises(CorruptError):
            client_secret(reception, replace(kept, url="https://evil.example"))
        assert not change_issuer(reception, work, kept, active=False).active
        assert not find_issuer(work, kept.id).active
        with pytest.raises(NotFoundError):
            find_issuer(work, "iss_nobody")
