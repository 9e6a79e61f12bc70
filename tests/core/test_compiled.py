"""Compiled code is there wherever a compiler was, and has all that is asked of it."""

from __future__ import annotations

from muniment.core.compiled import compiled, compiled_part
from tests.detect.compiling import CAN_COMPILE


def test_compiled_code_is_there_where_a_compiler_is() -> None:
    """Whoever can have it does; what it is asked for, it knows."""
    assert (compiled is not None) is CAN_COMPILE
    names = ("plain", "filled", "stamped", "born")
    assert compiled is None or all(callable(getattr(compiled, name)) for name in names)


def test_what_was_not_compiled_is_not_missed() -> None:
    """Python does the same then; whoever asks is told so instead of failing."""
    assert compiled_part("muniment.core._never_made") is None
