"""What the doctor finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment import access
from muniment.core.actor import system_actor
from muniment.db import migrate
from muniment.ledger import record
from muniment.ledger.kinds import Heartbeat
from muniment.main import open_house
from muniment.server.doctor import examine
from muniment.server.health import Verdict
from muniment.server.house import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A small installation that has recorded something."""
    overrides = {"data.dir": tmp_path / "data", "unlock.folder": tmp_path / "keys"}
    opened = open_house(None, overrides, create=True, environment={})
    migrate(opened.database)
    opened.log.begin()
    with opened.database.work(system_actor("test")) as work:
        record(work, Heartbeat("test", 60))
    opened.log.seal()
    yield opened
    opened.close()


def found(house: House) -> dict[str, tuple[Verdict, str]]:
    """Examine a house, by name of what was looked at."""
    return {each.name: (each.verdict, each.says) for each in examine(house)}


def test_a_sound_installation_is_sound(house: House) -> None:
    """With somebody who manages it all is met but the witness, who cannot be told to exist."""
    with house.database.work(system_actor("test")) as work:
        access.found(work, "Ada Admin", "ada@example.org")
    verdicts = {name: verdict for name, (verdict, _) in found(house).items()}
    assert verdicts.pop("witness") is Verdict.COULD_NOT_TELL
    assert set(verdicts.values()) == {Verdict.MET}


def test_it_says_what_the_unlock_key_protects(house: House) -> None:
    """A key made on this host protects copies of the data and not the host."""
    assert "copies of the data, not this host" in found(house)["keys"][1]


def test_others_who_may_read_are_named(house: House) -> None:
    """A data folder that is open to others is found, with the command that closes it."""
    house.settings.data.dir.chmod(0o755)
    verdict, says = found(house)["permissions"]
    assert verdict is Verdict.NOT_MET
    assert "chmod 700" in says


def test_a_damaged_log_is_found(house: House) -> None:
    """One changed byte in the log is found and named."""
    bundle = next((house.log.tiles.root / "tile" / "entries").rglob("2"))
    bundle.write_bytes(bundle.read_bytes().replace(b"heartbeat", b"heartbeet"))
    verdict, says = found(house)["log"]
    assert verdict is Verdict.NOT_MET
    assert "entry 1" in says


def test_a_lost_key_is_found(house: House) -> None:
    """Without its unlock key the keys stay shut, and the doctor says where it was looked for."""
    for key in house.settings.unlock.folder.iterdir():
        key.unlink()
    again = open_house(
        None,
        {"data.dir": house.settings.data.dir, "unlock.folder": house.settings.unlock.folder},
        environment={},
    )
    try:
        verdict, says = found(again)["keys"]
    finally:
        again.close()
    assert verdict is Verdict.NOT_MET
    assert "unlock" in says


def test_an_old_schema_is_found(tmp_path: Path) -> None:
    """A database that was never migrated is told with the command to run."""
    overrides = {"data.dir": tmp_path / "data", "unlock.folder": tmp_path / "keys"}
    house = open_house(None, overrides, create=True, environment={})
    try:
        verdict, says = found(house)["schema"]
    finally:
        house.close()
    assert verdict is Verdict.NOT_MET
    assert "muniment migrate" in says
