"""`muniment up` and `muniment serve`, before anything listens."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.running import command


@pytest.mark.slow
def test_an_open_address_is_refused_before_anything_is_recorded(tmp_path: Path) -> None:
    """0.0.0.0 without TLS leaves with 2 and one line that names both ways out."""
    ended = command("up", "--data", str(tmp_path / "data"), "--host", "0.0.0.0", "--port", "0")
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert "--tls-cert" in ended.stderr
    assert "--behind-proxy" in ended.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("MUNIMENT_BLOBS_STORAGE", "no-such", "there is no plug-in"),
        ("MUNIMENT_PLUGINS_ALLOW", "someone-else", "allow-list"),
        ("MUNIMENT_SERVER_PORT", "-1", "server.port"),
    ],
)
def test_what_cannot_be_used_stops_the_start(
    tmp_path: Path, variable: str, value: str, says: str
) -> None:
    """A plug-in that does not load or a setting that makes no sense: exit code 2, one line."""
    ended = command("up", "--data", str(tmp_path / "data"), environment={variable: value})
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert says in ended.stderr


@pytest.mark.slow
def test_a_data_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    """A file where the folder should be: one line that names it."""
    (tmp_path / "file").write_text("")
    ended = command("up", "--data", str(tmp_path / "file" / "data"), "--port", "0")
    assert ended.returncode in (2, 8)
    assert ended.stderr.count("\n") == 1
    assert str(tmp_path / "file") in ended.stderr
