"""Compiled code is there wherever a compiler was, and has all that is asked of it."""

from __future__ import annotations

from muniment.core.compiled import compiled
from tests.detect.compiling import CAN_COMPILE


def test_compiled_code_is_there_where_a_compiler_is() -> None:
    """Whoever can have it does; what it is asked for, it knows."""
    assert (compiled is not None) is CAN_COMPILE
    names = ("plain", "filled", "stamped", "born")
    assert compiled is None or all(callable(getattr(compiled, name)) for name in names)
