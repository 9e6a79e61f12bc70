"""What is no text, and what is no layer, is refused with what to do instead."""

from __future__ import annotations

import pytest

from muniment.core.errors import InvalidError
from muniment.detect.service.requiring import NAMES, PATTERNS, require_layers, require_text


def test_only_text_is_scanned() -> None:
    """Bytes are to be decoded first, in a way that loses nothing."""
    require_text("")
    with pytest.raises(InvalidError) as caught:
        require_text(b"text")
    assert "surrogateescape" in str(caught.value.remedy)


@pytest.mark.parametrize(
    ("layers", "said"), [((PATTERNS, "nomes"), "nomes"), ((NAMES,), "switched off"), ((), "off")]
)
def test_layers_are_known_and_patterns_among_them(layers: tuple[str, ...], said: str) -> None:
    """A layer that there is not is named, and nothing is scanned without patterns."""
    require_layers((PATTERNS, NAMES))
    with pytest.raises(InvalidError, match=said):
        require_layers(layers)
