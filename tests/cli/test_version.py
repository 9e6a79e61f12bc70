"""`muniment version`."""

from __future__ import annotations

import json

import pytest

from muniment import __version__
from muniment.cli.version import require_platform
from muniment.core.errors import InvalidError
from tests.server.running import command


def test_says_which_product_and_build() -> None:
    """People and programs learn the version, the build and what it runs on."""
    told = json.loads(command("version", "--json").stdout)
    assert told["version"] == __version__
    assert told["build"].startswith("sha256:")
    assert set(told) == {"version", "build", "python", "sqlite", "platform"}
    assert __version__ in command("version").stdout


@pytest.mark.parametrize("name", ["Linux", "Darwin", "linux"])
def test_runs_where_it_is_tested(name: str) -> None:
    """Linux and macOS are fine."""
    require_platform(name)


@pytest.mark.parametrize("name", ["Windows", "Java", ""])
def test_refuses_to_run_elsewhere(name: str) -> None:
    """On Windows the way out is named: WSL."""
    with pytest.raises(InvalidError, match="WSL"):
        require_platform(name)
