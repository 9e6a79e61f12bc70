"""What the commands of detection share."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from muniment import detect
from muniment.cli.detect.asking import configuration_in, policy_in, read_text, scanner_from
from muniment.core.errors import InvalidError
from tests.cli.detect.running import MAIL


def test_a_scanner_is_as_the_options_say(tmp_path: Path) -> None:
    """Layers and a configuration file come together."""
    config = tmp_path / "d.toml"
    config.write_text("threshold = 0.4")
    assert configuration_in(config).threshold == 0.4
    scanner = scanner_from("patterns", config)
    assert [each.type for each in scanner.scan(f"to {MAIL}")] == ["EMAIL_ADDRESS"]


@pytest.mark.parametrize("text", ["= 1", "{", "[1", '{"threshold": "x"}'])
def test_configurations_that_cannot_be_read(tmp_path: Path, text: str) -> None:
    """What is no TOML, no JSON or no configuration is refused with what to write."""
    config = tmp_path / "d.toml"
    config.write_text(text)
    with pytest.raises(InvalidError):
        configuration_in(config)


def test_a_policy_names_types_that_nothing_finds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped type is told, for it would never fit; without a file the standard holds."""
    assert policy_in(None) == detect.STANDARD
    path = tmp_path / "p.toml"
    path.write_text('default = "mask"\n[[rules]]\naction = "redact"\ntypes = ["EMIAL"]\n')
    assert policy_in(path).rules[0].types == ("EMIAL",)
    assert "EMIAL" in capsys.readouterr().err


def test_texts_come_from_files_and_from_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are read as UTF-8, with what is none marked; a missing file is said."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"caf\xe9")
    assert read_text(str(path)) == "caf\ufffd"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"piped")))
    assert read_text("-") == "piped"
    with pytest.raises(InvalidError, match="cannot be read"):
        read_text(str(tmp_path / "none"))
