"""The compiled code of this room, if there was a C compiler when Muniment was installed."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Final


def _compiled() -> ModuleType | None:
    try:
        return import_module("muniment.core._plain")
    except ImportError:
        return None


compiled: Final = _compiled()
