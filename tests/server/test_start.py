"""What is recorded when a process begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment import __version__
from muniment.core.errors import ConflictError
from muniment.main import build_house
from muniment.server import House
from muniment.server.start import build_digest, record_start
from muniment.settings import load
from tests.server.asking import house_in


def test_a_start_is_recorded(house: House) -> None:
    """The ledger says which version and build started, with which plug-ins and settings."""
    record_start(house, "serve")
    house.log.seal()
    found = [each for each in house.log.read_after(0, 100) if each.kind == "ledger.started"]
    assert len(found) == 1
    body = found[0].body
    assert body["version"] == __version__
    assert body["build"] == build_digest()
    assert body["settings"] == house.settings.digest()
    assert body["role"] == "serve"
    named = {each.split()[0] for each in body["plugins"]}
    carriers = {"muniment.notifiers:apprise", "muniment.notifiers:webhook"}
    assert named == {"muniment.storage:disk", "muniment.keyrings:local_file", *carriers}


def test_other_settings_have_another_digest(tmp_path: Path) -> None:
    """A changed setting shows in the record of the start, and a secret does not."""
    with house_in(tmp_path / "a") as one, house_in(tmp_path / "a", **{"server.port": 1}) as two:
        assert one.settings.digest() != two.settings.digest()


def test_a_build_has_one_digest() -> None:
    """The same code has the same digest each time."""
    assert build_digest() == build_digest()
    assert build_digest().startswith("sha256:")


def test_no_start_on_another_schema(tmp_path: Path) -> None:
    """Without this version's schema nothing is recorded, and the command to run is named."""
    loaded = load(
        environment={}, overrides={"data.dir": tmp_path, "unlock.folder": tmp_path / "unlock"}
    )
    house = build_house(loaded, role="serve", create=True)
    try:
        with pytest.raises(ConflictError, match="muniment migrate"):
            record_start(house, "serve")
    finally:
        house.close()
