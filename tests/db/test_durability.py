"""A PostgreSQL that would lose what it acknowledged is refused."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.core.errors import InvalidError
from muniment.db import open_database
from muniment.testing import settings_for
from tools import postgres


@pytest.fixture
def careless() -> Iterator[tuple[postgres.Server, Path]]:
    """A private cluster whose configuration a test may spoil."""
    folder = Path(tempfile.mkdtemp(prefix="muniment-pg-"))
    server = postgres.start(folder)
    try:
        yield server, folder / "data" / "postgresql.conf"
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.mark.slow
@pytest.mark.requirement("LOG-12")
def test_a_careless_server_is_refused(
    careless: tuple[postgres.Server, Path], tmp_path: Path
) -> None:
    """With fsync or full_page_writes off the product does not start, and says what to set."""
    server, configuration = careless
    settings = settings_for(tmp_path, server.url)
    open_database(settings).close()
    good = configuration.read_text()
    for name in ("fsync", "full_page_writes"):
        server.stop()
        configuration.write_text(f"{good}{name} = off\n")
        postgres.start(server.folder)
        with pytest.raises(InvalidError, match=rf"{name}=off.*Set {name}=on"):
            open_database(settings)
