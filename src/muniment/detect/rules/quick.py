"""Compiled code for what every text is asked, where there is some; Python does the same."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType


def _compiled() -> ModuleType | None:
    try:
        return import_module("muniment.detect.rules._marks")
    except ImportError:
        return None  # there was no C compiler when Muniment was installed


compiled = _compiled()
