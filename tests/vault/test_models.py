"""An unlock key tells what it protects, and never itself."""

from __future__ import annotations

from muniment.vault import Unlock, UnlockSource


def test_each_source_says_plainly_what_it_protects() -> None:
    """Every source has its own words, and a key of our own does not claim to protect this host."""
    words = {source: Unlock(source, "there", b"secret").protects for source in UnlockSource}
    assert len(set(words.values())) == len(UnlockSource)
    assert words[UnlockSource.GENERATED] == "copies of the data, not this host"
    assert "unlock file" in words[UnlockSource.FILE]
    assert "command" in words[UnlockSource.COMMAND]
    assert "passphrase" in words[UnlockSource.PROMPT]


def test_a_secret_never_shows_itself() -> None:
    """Neither its text nor its bytes stand in what is printed."""
    assert "hush" not in repr(Unlock(UnlockSource.FILE, "there", b"hush-hush"))
