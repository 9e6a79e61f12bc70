"""Texts that come again are not read again, and never remembered themselves."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from muniment.core.errors import InvalidError
from muniment.detect import Scanner
from muniment.detect.models import Coverage, Finding, Scan
from muniment.detect.service.remembering import Remembering


class Broken:
    """A detector that fails."""

    build = "broken"

    def scan(self, _text: str) -> Sequence[Finding]:
        """Fail."""
        raise OSError("it is gone")


TEXT = "Write to anna@example.org about it."


def test_a_text_that_comes_again_is_found_the_same_in() -> None:
    """The second time gives what the first gave; the name it stands under is a part of it."""
    scanner = Scanner(layers="patterns")
    first = scanner.inspect_once(TEXT)
    assert [each.type for each in first.findings] == ["EMAIL_ADDRESS"]
    assert scanner.inspect_once(TEXT) is first
    assert scanner.inspect_once(TEXT) == scanner.inspect(TEXT)
    assert scanner.inspect_once("4111111111111111", "order") is not scanner.inspect_once(
        "4111111111111111", "card"
    )
    with pytest.raises(InvalidError):
        scanner.inspect_once(b"bytes")  # type: ignore[arg-type]  # this is what is tested


def test_nothing_of_a_text_is_kept_and_no_gap_is_remembered() -> None:
    """Keys are digests under a secret; what could not be inspected is inspected the next time."""
    one, other = Remembering[Scan](2), Remembering[Scan](2)
    key = one.key(TEXT, "")
    assert TEXT.encode() not in key
    assert key != other.key(TEXT, "")
    assert one.key("b", "a") != one.key("a b", "")
    whole = Scan((), Coverage(1, 1, ("patterns",), ()), "build")
    for name in ("x", "y", "z"):
        one.put(one.key(name, ""), whole, 0)
    assert [one.get(one.key(name, "")) for name in ("x", "y", "z")] == [None, whole, whole]
    broken = Scanner(layers="patterns", detectors=(Broken(),))
    assert not broken.inspect_once(TEXT).coverage.whole
    assert broken.inspect_once(TEXT) is not broken.inspect_once(TEXT)


def test_what_is_remembered_is_bounded_by_what_was_found() -> None:
    """A text full of values drives others out, and one with too many is not kept at all."""
    memory = Remembering[str](10, 6)
    for name, findings in (("a", 3), ("b", 3), ("b", 2), ("c", 2), ("d", 7)):
        memory.put(name.encode(), name, findings)
    assert [memory.get(name) for name in (b"a", b"b", b"c", b"d")] == [None, "b", "c", None]
