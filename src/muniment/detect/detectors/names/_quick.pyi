from array import array
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Grid: TypeAlias = array[Any]
Told: TypeAlias = tuple[int, int, int, int, float, bool, bool, int, tuple[float, ...]]

class Reader:
    def __init__(
        self,
        words: bytes,
        row: Grid,
        known: Grid,
        parts: Grid,
        rows: Grid,
        shape: Grid,
        before: Grid,
        after: Grid,
        known_share: Grid,
        multipliers: Grid,
        first: Grid,
        second: Grid,
        bias: Grid,
        label_bias: Grid,
        marks: Mapping[str, int],
        meant: Mapping[str, int],
        constants: Sequence[int],
        wholes: Sequence[int],
        numbers: Sequence[float],
        sizes: tuple[int, int, int, int],
        touching: tuple[str, ...],
        joining: str,
        apart: str,
        /,
    ) -> None: ...
    def read(
        self, text: str, after: int, cut: bool, /
    ) -> tuple[
        bool, list[tuple[int, int, int, int, float, bool, bool, int, tuple[float, ...]]]
    ]: ...
    def names(
        self, text: str, after: int, /
    ) -> tuple[bool, list[tuple[int, int, int, float, bool, int]]]: ...
    def settled(self, text: str, /) -> int: ...
