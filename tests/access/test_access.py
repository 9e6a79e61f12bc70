"""The front door of access."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType


def hidden(offered: list[str], door: ModuleType) -> list[str]:
    """Name what is offered and is a file instead of a noun or a verb."""
    return [name for name in offered if isinstance(getattr(door, name), ModuleType)]


def test_the_front_door_offers_nouns_and_verbs() -> None:
    """No verb is hidden behind a file of the same name."""
    access = import_module("muniment.access")
    for part in (import_module(f"muniment.access.{name}") for name in ("models", "service")):
        assert hidden(part.__all__, access) == []
        assert hidden(part.__all__, part) == []


def test_the_memory_offers_no_files_either() -> None:
    """A question to the memory is not hidden behind the file that answers it."""
    store = import_module("muniment.access.store")
    assert hidden(store.__all__, store) == []
