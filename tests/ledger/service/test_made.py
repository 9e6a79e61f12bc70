"""Bundles that were made in this process are known again, as they were made."""

from __future__ import annotations

from muniment.ledger.service.made import Made


def test_bundles_are_known_once_and_only_as_they_were_made() -> None:
    """A byte that was changed makes another bundle of it; the oldest of many is forgotten."""
    made = Made(2)
    assert made.note(b"one") == b"one"
    assert not made.knows(b"onf")
    assert made.knows(b"one")
    assert not made.knows(b"one"), "it is sealed once"
    for each in (b"a", b"b", b"c"):
        made.note(each)
    assert [made.knows(each) for each in (b"a", b"b", b"c")] == [False, True, True]
