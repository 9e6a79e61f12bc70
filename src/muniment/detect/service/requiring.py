"""What a scanner requires of a text, and of the layers that it is asked to have."""

from __future__ import annotations

from typing import Final

from muniment.core.errors import InvalidError

PATTERNS: Final = "patterns"
NAMES: Final = "names"


def require_text(text: object) -> None:
    """Refuse what is no text."""
    if not isinstance(text, str):
        raise InvalidError(
            f"a {type(text).__name__} cannot be scanned",
            field="text",
            remedy="Give text; decode bytes with errors='surrogateescape', which loses nothing.",
        )


def require_layers(layers: tuple[str, ...]) -> None:
    """Refuse a layer that there is not, and to be without patterns."""
    for each in layers:
        if each not in {PATTERNS, NAMES}:
            raise InvalidError(
                f"there is no layer {each[:40]!r}",
                field="layers",
                remedy="Layers are: patterns, names.",
            )
    if PATTERNS not in layers:
        raise InvalidError(
            "the patterns cannot be switched off", field="layers", remedy="Name them too."
        )
