"""Keys of more than 120 providers, by the shapes in `secrets_keys.jsonl`.

Most have a beginning of their own and are told by it. The rest are told by the provider's name,
with an assignment between the name and the value. What looks like a placeholder is no key.
"""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path
from typing import Any, Final

from muniment.detect.models import Checked, Family, Pattern, Sheet
from muniment.detect.rules.entropy import is_placeholder, kinds

# Between a provider's name and its key: the rest of a variable's name, then a sign for "is" or a
# blank, as people write it.
_BETWEEN: Final = (
    r"[A-Za-z0-9_.\- ]{0,32}(?:key|token|secret|auth|pass|pat|credential|password|sid)"
    r"[A-Za-z0-9_.\- ]{0,16}[\"'\]]{0,2} {0,3}(?:(?:=>|:=|==?|:|,|is) {0,3}| )[\"'`]?"
)
_LEAST_LETTERS: Final = 6
_UUID: Final = "[0-9a-f]{8}-"
# Beginnings of real keys that hold a word which elsewhere says that a key is none.
_OWN_WORDS: Final = re.compile(r"FLW(?:SECK|PUBK)_TEST-|AGE-SECRET-KEY-")


def key(value: str) -> Checked:
    """A key has different letters, digits or both cases, and is no placeholder."""
    tail = value[-20:]
    if len(set(tail)) < _LEAST_LETTERS:
        return Checked(False, "too few different letters")
    if kinds(tail.replace("_", "").replace("-", "")) < 2 and not tail.isalnum():
        return Checked(False, "words, not a key")
    own = _OWN_WORDS.match(value)
    if is_placeholder(value[own.end() if own else 8 :]) or not any(
        x.isdigit() or x.isupper() for x in value[3:]
    ):
        return Checked(False, "a placeholder")
    return Checked(True, "letters and digits as in a key")


def _pattern(row: dict[str, Any]) -> Pattern:
    make = partial(
        Pattern,
        id=f"key-{row['id']}",
        type="API_KEY",
        family=Family.SECRETS,
        score=1.0,
        validator=key,
        firm=True,
    )
    if "word" in row:
        value = f"(?:{row['word']}){_BETWEEN}({row['value']})(?![A-Za-z0-9_\\-])"
        score = 1.0 if row["value"].startswith(_UUID) else 0.9  # then it is more than an id
        return make(
            trigger=row["trigger"], regex=value, group=1, joins="", ignore_case=True, score=score
        )
    return make(
        trigger=row["trigger"],
        regex=row["regex"],
        group=row.get("group", 0),
        reach=row.get("reach", 0),
        joins="",
    )


def rows() -> list[dict[str, Any]]:
    """Read the table of shapes."""
    text = Path(__file__).with_name("secrets_keys.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


PATTERNS: Final = tuple(_pattern(row) for row in rows())
SHEETS: Final = (
    Sheet(
        type="API_KEY",
        family=Family.SECRETS,
        title="Keys and tokens of providers",
        finds="Keys of more than 120 providers by their beginning and length, and by the provider's"
        " name where a key has no beginning of its own.",
        limits="A provider that is not in the table is found only as a value beside a word such as"
        " *secret*. Whether a key is still valid is never tried.",
        examples=("AKIAIOSFODNN7EXAMPLE",),
        near_misses=("sk-learn-contrib-package",),
        control="CC6.1",
    ),
)
