"""JSON that is walked by value: each text in it is given to somebody, the rest stays as written.

Numbers are given as well, for a card number may come as one. Their spelling is kept otherwise, so
that large and long ones do not change. What is written back is always valid JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from muniment.core.errors import InvalidError

MOST_LEVELS: Final = 100
_LEAST_DIGITS: Final = 6

Change = Callable[[str, str], str]  # the text, and the key it stands under


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was written."""

    text: str


def parse(text: str) -> Any:  # noqa: ANN401 JSON is any shape
    """Read JSON, keeping each number as it was written; NaN and the like are refused."""
    try:
        return json.loads(text, parse_int=Number, parse_float=Number, parse_constant=_refuse)
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        raise InvalidError(
            f"this is not JSON: {str(error)[:120]}", field="json", remedy="Mend it, or send text."
        ) from error


def write(value: object) -> str:
    """Write JSON with each number as it was."""
    if isinstance(value, Number):
        return value.text
    if isinstance(value, dict):
        inner = ", ".join(f"{json.dumps(key)}: {write(each)}" for key, each in value.items())
        return "{" + inner + "}"
    if isinstance(value, list):
        return "[" + ", ".join(write(each) for each in value) + "]"
    try:
        return json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InvalidError(str(error)[:120], field="json", remedy="Give plain values.") from error


@dataclass(frozen=True, slots=True)
class Walker:
    """Gives every text of a value to `change` and puts back what it gives, keys too.

    `was_number` is told each text that now stands where a number stood.
    """

    change: Change
    was_number: Callable[[str], None]

    def walk(self, value: object, key: str = "", level: int = 0) -> Any:  # noqa: ANN401
        """Walk a value and everything in it."""
        if level > MOST_LEVELS:
            raise _too_deep()
        if isinstance(value, str):
            return self.change(value, key)
        if isinstance(value, dict):
            return self._keys(value, level)
        if isinstance(value, list | tuple):
            return [self.walk(each, key, level + 1) for each in value]
        return self._number(value, key)

    def _keys(self, value: dict[Any, Any], level: int) -> dict[str, Any]:
        """Change keys that hold data; two keys that become one stay two."""
        found: dict[str, Any] = {}
        for key, each in value.items():
            name = changed = self.change(str(key), "")
            turn = 2
            while name in found:
                name, turn = f"{changed} {turn}", turn + 1
            found[name] = self.walk(each, str(key), level + 1)
        return found

    def _number(self, value: object, key: str) -> Any:  # noqa: ANN401
        """Look at a long number as at a text; one that is changed becomes a text if it must."""
        if value is None or isinstance(value, bool):
            return value
        if not isinstance(value, Number | int | float):
            raise InvalidError(
                f"a {type(value).__name__} is no part of JSON",
                field="json",
                remedy="Give plain values.",
            )
        text = value.text if isinstance(value, Number) else json.dumps(value)
        if sum(map(str.isdigit, text)) < _LEAST_DIGITS:
            return value
        changed = self.change(text, key)
        if changed == text:
            return value
        if not _is_number(changed):
            self.was_number(changed)
            return changed
        return Number(changed) if isinstance(value, Number) else json.loads(changed)


def restored(value: object, back: Callable[[str], object], level: int = 0) -> Any:  # noqa: ANN401
    """Put values back; what was a number before it was masked may become a number again."""
    if level > MOST_LEVELS:
        raise _too_deep()
    if isinstance(value, dict):
        return {_as_key(back(key)): restored(each, back, level + 1) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [restored(each, back, level + 1) for each in value]
    if isinstance(value, Number):
        whole = str(back(value.text))
        return Number(whole) if _is_number(whole) else whole
    return back(value) if isinstance(value, str) else value


def _as_key(value: object) -> str:
    return value.text if isinstance(value, Number) else str(value)


def _is_number(text: str) -> bool:
    try:
        found = json.loads(text, parse_int=Number, parse_float=Number, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, Number)


def _refuse(text: str) -> object:
    raise ValueError(f"{text} is no number of JSON")


def _too_deep() -> InvalidError:
    return InvalidError(
        f"this JSON is nested deeper than {MOST_LEVELS} levels",
        field="json",
        remedy="It cannot be inspected, so it does not go on.",
    )
