"""One gateway and one provider behind it, shared by the tests of the gateway's parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.gateway.asking import Shared, shared_in
from tests.gateway.doubles import Double

HERE: Final = Path(__file__).parent
CLIENTS: Final = frozenset({"test_clients.py", "test_chat.py"})  # with the official clients, too


@pytest.hookimpl(tryfirst=True)  # before the plug-in that reads the groups
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Let tests that share a gateway run in one process, so that it is started once."""
    for item in items:
        if not item.path.is_relative_to(HERE) or item.get_closest_marker("xdist_group"):
            continue
        wanted = getattr(item, "fixturenames", ())
        is_shared = "shared" in wanted or item.path.name in CLIENTS
        group = "gateway" if is_shared else f"gateway/{item.path.name}"
        item.add_marker(pytest.mark.xdist_group(group))


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
