"""The front door of access."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path
from types import ModuleType


def hidden(offered: list[str], door: ModuleType) -> list[str]:
    """Name what is offered and is a file instead of a noun or a verb."""
    return [name for name in offered if isinstance(getattr(door, name), ModuleType)]


def test_the_front_door_offers_nouns_and_verbs() -> None:
    """No verb is hidden behind a file of the same name, and every noun is offered."""
    access = import_module("muniment.access")
    assert hidden(access.__all__, access) == []
    assert len(set(access.__all__)) == len(access.__all__)
    assert set(import_module("muniment.access.models").__all__) <= set(access.__all__)


def test_the_front_door_says_each_name() -> None:
    """Whoever reads it sees everything that is offered; nothing comes in by a star."""
    door = import_module("muniment.access").__file__
    assert door is not None
    tree = ast.parse(Path(door).read_text(encoding="utf-8"))
    named = {
        one.name for each in tree.body if isinstance(each, ast.ImportFrom) for one in each.names
    }
    assert named == set(import_module("muniment.access").__all__)


def test_no_door_lets_anybody_activate_a_person() -> None:
    """Making somebody active has no permission: it only follows their own coming in."""
    assert not hasattr(import_module("muniment.access"), "activate")
    source = Path(import_module("muniment").__file__ or "").parent
    askers = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if re.search(r"\bactivate\(", path.read_text(encoding="utf-8"))
    }
    assert askers == {f"access/service/{name}.py" for name in ("links", "people", "sso")}


def test_the_memory_offers_no_files_either() -> None:
    """A question to the memory is not hidden behind the file that answers it."""
    store = import_module("muniment.access.store")
    assert hidden(store.__all__, store) == []
