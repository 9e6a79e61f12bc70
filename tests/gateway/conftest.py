"""One gateway and one provider behind it, shared by the tests of the gateway's parts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from muniment import access
from muniment.access import EVERYTHING, Holder, HolderKind, Method, SignIn
from muniment.core.actor import Actor
from tests.gateway.asking import Shared, shared_in
from tests.gateway.calling import HERE, Gate
from tests.gateway.doubles import Double


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """A running gateway whose models live at a provider of this machine."""
    with shared_in(tmp_path_factory.mktemp("gateway")) as opened:
        yield opened


@pytest.fixture(scope="module")
def guard(gate: Gate) -> Actor:
    """Somebody of security at a module's own gateway, signed in with a second factor."""
    with gate.house.database.work(HERE) as work:
        made = access.add_person(work, "Sven", "sven@example.org")
        holder = Holder(HolderKind.PERSON, made.id)
        access.grant(work, holder, "security", scope=EVERYTHING, reason="for the test")
        sign_in = SignIn(made.id, (Method.PASSKEY,), strong=True)
        settings = gate.house.settings
        session, _ = access.begin_session(work, sign_in, "203.0.113.7", "test", settings=settings)
    return access.actor_of(session)


@pytest.fixture
def provider(shared: Shared) -> Iterator[Double]:
    """The provider behind the shared gateway, with nothing said and no failures remembered."""
    shared.calm()
    yield shared.provider
    shared.calm()
