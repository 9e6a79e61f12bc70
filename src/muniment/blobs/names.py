"""How objects may be called: one rule for every storage, so that a name means the same in each.

Parts of ASCII letters, digits and `. _ = + @ ~ -`, separated by `/`; no part begins with a dot, so
`..` cannot climb and a storage may keep its own files under dotted names.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from muniment.core.errors import InvalidError

MAX_NAME_CHARACTERS: Final = 700
MAX_PART_CHARACTERS: Final = 200
_PART: Final = re.compile(rf"(?!\.)[A-Za-z0-9._=+@~-]{{1,{MAX_PART_CHARACTERS}}}\Z")
_REMEDY: Final = (
    "Use parts of ASCII letters, digits and ._=+@~- separated by /, none beginning with a dot, "
    f"{MAX_PART_CHARACTERS} characters a part and {MAX_NAME_CHARACTERS} in all at most."
)


def require_name(name: str, *, field: str = "name") -> str:
    """Give an object's name back if it is lawful; say what is wrong if not."""
    if not is_lawful_name(name):
        raise InvalidError(
            f"{name[:80]!a} cannot be the name of an object", field=field, remedy=_REMEDY
        )
    return name


def is_lawful_name(name: str) -> bool:
    """Tell whether an object may be called so."""
    return len(name) <= MAX_NAME_CHARACTERS and all(map(is_lawful_part, name.split("/")))


def is_lawful_part(part: str) -> bool:
    """Tell whether this may stand between two slashes; foreign files in our folders may not."""
    return _PART.match(part) is not None


def require_prefix(prefix: str, *, field: str = "prefix") -> str:
    """Give the start of names back if any lawful name could begin so."""
    if prefix and not prefix.endswith("/"):
        require_name(prefix, field=field)
    elif prefix:
        require_name(prefix[:-1], field=field)
    return prefix


def require_floor(written_before: datetime, *, field: str = "written_before") -> datetime:
    """Give the time below which an object may go, in UTC, refusing one that is not exact."""
    if written_before.tzinfo is None:
        raise InvalidError(
            "a time without a zone says nothing", field=field, remedy="Give it in UTC."
        )
    return written_before.astimezone(UTC)
