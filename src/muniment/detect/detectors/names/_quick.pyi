from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Table: TypeAlias = npt.NDArray[np.generic]

class Reader:
    def __init__(
        self,
        words: bytes,
        row: Table,
        known: Table,
        parts: Table,
        rows: Table,
        shape: Table,
        before: Table,
        after: Table,
        known_share: Table,
        multipliers: Table,
        first: Table,
        second: Table,
        bias: Table,
        label_bias: Table,
        marks: Mapping[str, int],
        meant: Mapping[str, int],
        constants: Sequence[int],
        wholes: Sequence[int],
        numbers: Sequence[float],
        sizes: tuple[int, int, int, int],
        /,
    ) -> None: ...
    def read(
        self, text: str, after: int, cut: bool, /
    ) -> tuple[bool, list[tuple[int, int, int, int, float, bool, bool, tuple[float, ...]]]]: ...
    def settled(self, text: str, /) -> int: ...
