"""What is found, and in which order it is shown."""

from __future__ import annotations

from muniment.web.find.hits import Hit, matching, ranked

HITS = (
    Hit("Reviews of keys", "/1", "page"),
    Hit("Make a key", "/2", "act", also="token"),
    Hit("Keys", "/3", "page"),
    Hit("Monkey", "/4", "system"),
    Hit("Scorer", "/5", "system", "key-value scorer"),
)


def test_every_word_must_be_in_the_name_or_beside_it() -> None:
    """Words narrow, in any order and any case; what a room matched itself stays."""
    assert [each.href for each in matching(HITS, "KEY make")] == ["/2"]
    assert [each.href for each in matching(HITS, "token")] == ["/2"]
    assert matching(HITS, "") == HITS
    assert matching(HITS, "keys policies") == ()
    assert matching((Hit("Other", "/", "system", found=True),), "keys") != ()


def test_what_is_called_so_comes_first() -> None:
    """First the very name, then how it begins, how a word begins, what holds it, what is beside."""
    assert [each.href for each in ranked(matching(HITS, "keys"), "keys", 9)] == ["/3", "/1"]
    found = ranked(matching(HITS, "key"), "key", 9)
    assert [each.href for each in found] == ["/3", "/1", "/2", "/4", "/5"]
    assert [each.href for each in ranked(matching(HITS, "key"), "key", 2)] == ["/3", "/1"]


def test_an_address_stands_once() -> None:
    """What two rooms found is one line, at its better place."""
    twice = (Hit("Scorer beta", "/5", "system"), Hit("Scorer", "/5", "id"))
    assert [each.label for each in ranked(twice, "scorer", 9)] == ["Scorer"]
