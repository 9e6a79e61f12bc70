"""One gateway and one provider behind it, shared by the tests of the gateway's parts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.gateway.asking import Shared, shared_in
from tests.gateway.doubles import Double


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """A running gateway whose models live at a provider of this machine."""
    with shared_in(tmp_path_factory.mktemp("gateway")) as opened:
        yield opened


@pytest.fixture
def provider(shared: Shared) -> Iterator[Double]:
    """The provider behind the shared gateway, with nothing said and no failures remembered."""
    shared.calm()
    yield shared.provider
    shared.calm()
