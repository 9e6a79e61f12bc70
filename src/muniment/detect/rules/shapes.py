"""How shapes are written: digits in groups, and validators made of a rule and what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from muniment.detect.models import NO, Checked, Validator

# What may split the groups of a number: one space, dot, hyphen or line end.
GAP: Final = r"[ .\-\n]?"
_NOT_ALNUM: Final = re.compile(r"[^0-9A-Za-z]")
_GROUP: Final = re.compile(r"\d+")


def digits(*groups: int, gap: str = GAP) -> str:
    r"""Write a number in groups, as `digits(3, 2, 4)` for 123-45-6789, together or split."""
    return r"\b" + gap.join(rf"\d{{{size}}}" if size > 1 else r"\d" for size in groups) + r"\b"


def bare(value: str) -> str:
    """Give the letters and digits of a value, in capitals."""
    return _NOT_ALNUM.sub("", value).upper()


def checked(
    rule: Callable[[str], bool], says: str, *, together: float | None = None, gaps: int = 0
) -> Validator:
    """Make a validator of a rule on bare letters and digits.

    `together` is what a value is worth that is written without any separator, where the form
    alone says little. With `gaps` a value is written together or with that many equal separators.
    """

    def validate(value: str) -> Checked:
        plain = bare(value)
        if not rule(plain):
            return Checked(False, f"not so: {says}")
        if gaps and not _is_even(value, gaps):
            return Checked(False, "split unevenly")
        return Checked(True, says, score=together if len(plain) == len(value) else None)

    validate.__qualname__ = f"checked({says}, {together}, {gaps})"
    return validate


def _is_even(value: str, gaps: int) -> bool:
    """Tell whether there is no separator or as many as asked for, all alike but for line ends."""
    signs = _NOT_ALNUM.findall(value)
    return not signs or (len(signs) == gaps and len({each for each in signs if each != "\n"}) <= 1)


def windows(value: str, most: int) -> Iterator[tuple[int, int, str, tuple[int, ...]]]:
    """Give every run of whole digit groups from the start of a value, with the groups' sizes.

    Runs that begin later are not given: the engine sees each of them as a match of its own.
    """
    taken, last = "", 0
    sizes: list[int] = []
    gaps: set[str] = set()
    for found in _GROUP.finditer(value):
        left, right = found.span()
        if sizes:
            gaps.add(value[last:left].replace("\n", " "))
        last = right
        taken += found[0]
        sizes.append(right - left)
        if len(taken) > most or len(gaps) > 1:
            return
        yield 0, right, taken, tuple(sizes)


def is_date(year: int, month: int, day: int) -> bool:
    """Tell whether there is such a day between 1850 and 2100."""
    if not (1850 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31):
        return False
    if month == 2:
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        return day <= 28 + leap
    return day <= 30 or month not in {4, 6, 9, 11}


def is_short_date(month: str, day: str) -> bool:
    """Tell whether there can be such a day in some year."""
    return is_date(2000, int(month), int(day))


__all__ = ["GAP", "NO", "bare", "checked", "digits", "is_date", "is_short_date", "windows"]
