"""Distributions installed for the length of a test."""

import importlib
import importlib.metadata
import sys
from pathlib import Path

import pytest

from muniment.testing.plugins import installed_distribution


def test_it_is_there_and_then_gone(tmp_path: Path) -> None:
    """Inside, metadata and modules are found; afterwards nothing of it is left."""
    path = list(sys.path)
    with installed_distribution(
        tmp_path,
        "acme-things",
        version="3.2",
        entry_points={"acme.group": {"one": "acme_things:ONE"}},
        modules={"acme_things": "ONE = 1"},
        requires=("other>=1 ; extra == 'more'",),
    ):
        (entry,) = importlib.metadata.entry_points(group="acme.group")
        assert entry.load() == 1
        assert importlib.metadata.version("acme-things") == "3.2"
        assert importlib.metadata.requires("acme-things") == ["other>=1 ; extra == 'more'"]
    assert sys.path == path
    assert "acme_things" not in sys.modules
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("acme_things")
    assert not importlib.metadata.entry_points(group="acme.group")
