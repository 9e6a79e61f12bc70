"""Compiled code, which is there if there was a C compiler when Muniment was installed."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Final


def compiled_part(name: str) -> ModuleType | None:
    """Give a module of compiled code, or nothing where there was no compiler."""
    try:
        return import_module(name)
    except ImportError:
        return None


compiled: Final = compiled_part("muniment.core._plain")
