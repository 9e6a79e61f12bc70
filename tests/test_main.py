"""Building everything from settings, and being the command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from muniment.core.errors import InvalidError, UnavailableError
from muniment.main import open_house
from tests.server.running import clean_environment

_LATE = (
    *("alembic", "boto3", "opentelemetry.sdk", "requests", "fastapi", "uvicorn", "jinja2"),
    *("webauthn", "cedarpy", "muniment.registry", "muniment.detect", "muniment.policy"),
)


def opened(data: Path, create: bool = True, /, **overrides: object) -> None:  # noqa: FBT001, FBT002
    """Open a house and close it again."""
    given = {"data.dir": data, "unlock.folder": data.parent / "unlock", **overrides}
    open_house(None, given, create=create, environment={}).close()


def test_opens_and_closes(tmp_path: Path) -> None:
    """A house opens twice on the same folder, the second time without making anything."""
    opened(tmp_path / "data")
    opened(tmp_path / "data", False)


def test_takes_any_lawful_path(tmp_path: Path) -> None:
    """Spaces and letters of any script in the path of the data folder do no harm."""
    opened(tmp_path / "unsere Daten 名 'x' \"y\" %20 #1?")


def test_says_which_folder_cannot_be_used(tmp_path: Path) -> None:
    """A data folder that cannot be made is named, with what to do."""
    (tmp_path / "file").write_text("")
    for data in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises((UnavailableError, InvalidError)) as caught:
            opened(data)
        assert str(tmp_path / "file") in str(caught.value)
        assert caught.value.remedy


def test_makes_nothing_unless_told(tmp_path: Path) -> None:
    """Only `create` makes a database; otherwise the command that does is named."""
    with pytest.raises(UnavailableError, match="muniment migrate"):
        opened(tmp_path / "data", False)


def test_a_plug_in_that_fails_stops_the_start(tmp_path: Path) -> None:
    """A storage that is not there stops everything: it is never replaced by another."""
    with pytest.raises(InvalidError):
        opened(tmp_path / "data", **{"blobs.storage": "no-such-thing"})
    with pytest.raises(InvalidError):
        opened(tmp_path / "data", **{"plugins.allow": ("someone-else",)})


def test_loads_slow_libraries_only_when_used() -> None:
    """Commands that serve nothing load no web framework, no S3, and no room they do not use."""
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import muniment.main, sys; print([m for m in {_LATE} if m in sys.modules])",
        ],
        check=True,
        capture_output=True,
        text=True,
        env=clean_environment(),
    )
    assert told.stdout.strip() == "[]"
