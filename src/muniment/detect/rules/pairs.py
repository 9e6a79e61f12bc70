"""Which mask stands for which value within one exchange, and how an answer is turned back.

A mask reads `[EMAIL_1]`: a label and a number, the same for the same value. Where a text already
holds something like a mask, its number is left out, or it is masked itself, so that turning back
always gives the text that was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from msgspec import Struct

LABELS: Final[Mapping[str, str]] = {
    "EMAIL_ADDRESS": "EMAIL",
    "PHONE_NUMBER": "PHONE",
    "CREDIT_CARD": "CARD",
    "IBAN_CODE": "IBAN",
    "IP_ADDRESS": "IP",
    "DATE_TIME": "DATE",
    "MAC_ADDRESS": "MAC",
    "STREET_ADDRESS": "ADDRESS",
}
LITERAL: Final = "TEXT"
LITERAL_SHAPE: Final = re.compile(r"\[([A-Za-z][A-Za-z0-9]*(?:\\?_[A-Za-z0-9]+)*)\\?_[0-9]+\]")
_LONG_ENOUGH: Final = 8
_MASK: Final = re.compile(r"\[[A-Z][A-Z0-9_]*_[0-9]+\]\Z")


def label_of(type_name: str) -> str:
    """Give the word that stands in the mask of a type."""
    return LABELS.get(type_name, type_name)


class Pair(Struct, frozen=True, gc=False):
    """A value, what stands for it, and whether an answer may turn it back."""

    placed: str
    value: str
    restore: bool = True


class Pairs:
    """The values of one exchange and what stands for each; it grows as texts are protected."""

    def __init__(self) -> None:
        self._by_value: dict[tuple[str, str, bool], Pair] = {}
        self._by_placed: dict[str, Pair] = {}
        self._numbers: dict[str, int] = {}
        self._pattern: re.Pattern[str] | None = None
        self._first: frozenset[str] | None = None
        self._starts: frozenset[str] | None = None
        self._number_masks: set[str] = set()
        self._taken: set[str] = set()

    def __len__(self) -> int:
        return len(self._by_placed)

    def __iter__(self) -> Iterator[Pair]:
        return iter(self._by_placed.values())

    def mask(self, value: str, label: str, *, restore: bool = True) -> str:
        """Give the mask of a value, making one when it is new."""
        known = self._by_value.get((label, value, restore))
        if known is not None:
            return known.placed
        numbers, taken = self._numbers, self._taken
        number = numbers.get(label, 0) + 1
        while (placed := f"[{label}_{number}]") in taken:  # the text itself holds it
            number += 1
        numbers[label] = number
        pair = self._by_value[label, value, restore] = Pair(placed, value, restore)
        self._keep(pair)
        return placed

    def keep(self, placed: str, value: str, *, restore: bool = True) -> None:
        """Remember what stands for a value when somebody else made it, such as the vault."""
        self._keep(Pair(placed, value, restore))

    def pass_literal(self, text: str, label: str) -> str:
        """Give what stands for a text that only looks like a mask: itself, or a mask of its own."""
        if label.upper() in self._numbers:
            return self.mask(text, LITERAL)
        self._taken.add(written_plainly(text))
        return text

    def note_number(self, placed: str) -> None:
        """Remember that this stands where JSON had a number."""
        self._number_masks.add(placed)

    def was_number(self, placed: str) -> bool:
        """Tell whether this stands where JSON had a number."""
        return written_plainly(placed) in self._number_masks

    def as_map(self) -> dict[str, str]:
        """Give what stands for what, for all that an answer may turn back."""
        return {pair.placed: pair.value for pair in self._by_placed.values() if pair.restore}

    def turn_back(self) -> bool:
        """Tell whether an answer may turn anything back."""
        return any(pair.restore for pair in self._by_placed.values())

    def longest(self) -> int:
        """Give the length of the longest thing that stands for a value."""
        return max((len(pair.placed) for pair in self if pair.restore), default=0)

    def restore(self, text: str, *, in_json: bool = False) -> str:
        """Put the values back, spelled as JSON wants them when the text is JSON."""
        if not any(letter in text for letter in self._begins()):
            return text  # as most are: nothing that could be turned back begins in it
        pattern = self.pattern()
        if pattern is None:
            return text
        return pattern.sub(lambda match: self.value_of(match.group(), in_json=in_json), text)

    def value_of(self, placed: str, *, in_json: bool = False) -> str:
        """Give the value that something stands for; what is unknown stays as it is."""
        pair = self._by_placed.get(placed) or self._by_placed.get(written_plainly(placed))
        if pair is None or not pair.restore:
            return placed
        return json.dumps(pair.value)[1:-1] if in_json else pair.value

    def pattern(self) -> re.Pattern[str] | None:
        """Give the pattern that finds everything which can be turned back, the longest first."""
        if self._pattern is None:
            placed = sorted((p.placed for p in self if p.restore), key=len, reverse=True)
            if not placed:
                return None
            self._pattern = re.compile("|".join(_shape_of(each) for each in placed))
        return self._pattern

    def may_stand_in(self, written: bytes) -> bool:
        """Tell whether something that can be turned back may stand in JSON as it was written."""
        is_looked = False
        for pair in self._by_placed.values():
            if pair.restore:
                placed = pair.placed
                if not is_looked and b"\\u00" in written:
                    return True  # it may be spelled in another way
                is_looked = True
                if not _is_mask(placed) or placed[placed.rindex("_") :].encode() in written:
                    return True
        return False

    def _begins(self) -> frozenset[str]:
        """Give the first letter of each thing that can be turned back; of a mask it is `[`."""
        if self._starts is None:
            self._starts = frozenset(pair.placed[:1] for pair in self if pair.restore)
        return self._starts

    def first_letters(self) -> frozenset[str]:
        """Give the letters with which something may begin that can be turned back."""
        if self._first is None:
            placed = [pair.placed[:1] for pair in self if pair.restore]
            either = (form for each in placed for form in (each, each.lower(), each.upper()))
            self._first = frozenset({"\\", *either})
        return self._first

    def may_go_on(self, tail: str) -> bool:
        """Tell whether a tail could be the beginning of something that can be turned back."""
        plain = tail.replace("\\", "")
        return any(
            pair.placed.startswith(plain)
            or (_is_mask(pair.placed) and pair.placed.startswith(plain.upper()))
            for pair in self
            if pair.restore
        )

    def _keep(self, pair: Pair) -> None:
        self._by_placed[pair.placed] = pair
        self._pattern = self._first = self._starts = None


def written_plainly(placed: str) -> str:
    r"""Undo what models do to a mask: `[email\_1]` becomes `[EMAIL_1]`."""
    return placed.replace("\\", "").upper()


@lru_cache(maxsize=1_024)
def _is_mask(placed: str) -> bool:
    return bool(_MASK.match(placed))


def _shape_of(placed: str) -> str:
    """Find a mask however a model writes it, and a short token only where it stands alone."""
    if _is_mask(placed):
        return "(?i:" + re.escape(placed).replace("_", r"\\?_") + ")"
    if len(placed) >= _LONG_ENOUGH:
        return re.escape(placed)
    return r"(?<![0-9A-Za-z])" + re.escape(placed) + r"(?![0-9A-Za-z])"
