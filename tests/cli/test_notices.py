"""`muniment notices`."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from muniment.cli import run
from muniment.main import open_house
from muniment.server import House
from muniment.testing.notifiers import webhook_receiver
from tests.server.asking import house_in
from tests.server.people import found_admin


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An installation with its first admin."""
    with house_in(tmp_path / "data") as house:
        house.log.begin()
        found_admin(house)
    return tmp_path / "data"


def left_with(folder: Path, *words: str) -> int:
    """Run a command on an installation and give its exit code."""

    def opened(file: Path | None, overrides: dict[str, object], **options: object) -> House:
        given = {
            **overrides,
            "data.dir": folder,
            "unlock.folder": folder.parent / "unlock",
            "network.reach_plain_loopback": True,
        }
        return open_house(file, given, environment={}, **options)  # type: ignore[arg-type]  # as State

    with pytest.raises(SystemExit) as caught:
        run(open_house=opened, arguments=["notices", *words])
    return int(caught.value.code or 0)


def test_a_channel_is_made_tried_turned_and_switched_off(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The address is asked for, the secret is shown once, and a test says how it fared."""
    with webhook_receiver() as receiver:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{receiver.url}\n"))
        assert left_with(folder, "channels", "add", "Hook", "--via", "webhook") == 0
        made, secret = capsys.readouterr().out.split()[:2]
        assert secret.startswith("whsec_")
        assert left_with(folder, "test", made) == 0
        assert "delivered: it answered 204" in capsys.readouterr().out
        receiver.answers = [500]
        assert left_with(folder, "test", made) == 1
    assert left_with(folder, "channels", "role", made, "security", "--from", "look") == 0
    assert left_with(folder, "channels", "secret", made) == 0
    assert "whsec_" in capsys.readouterr().out
    assert left_with(folder, "channels", "off", made) == 0
    capsys.readouterr()
    assert left_with(folder, "channels", "list", "--json") == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["active"] is False
    assert "127.0.0.1" not in str(told)
    assert left_with(folder, "test", "chn_none") == 4


def test_a_persons_addresses_are_erased(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Named by address or id; somebody unknown is told in a line."""
    assert left_with(folder, "erase-addresses", "ada@example.org") == 0
    assert "Addresses erased: 0." in capsys.readouterr().out
    assert left_with(folder, "erase-addresses", "nobody@example.org") == 2


def test_lists_are_empty_tables_and_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every list prints for people and for programs, also when it is empty."""
    for words in (("list",), ("messages",), ("routes",), ("channels", "list")):
        assert left_with(folder, *words) == 0
        assert left_with(folder, *words, "--json") == 0
    assert "approval-asked" in capsys.readouterr().out
