"""An unlock key tells what it protects, and never itself."""

from __future__ import annotations

import pytest

from muniment.core.errors import InvalidError
from muniment.vault import Held, Unlock, UnlockSource


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


@pytest.mark.parametrize(
    "change",
    [
        {"kid": ""},
        {"commit": "x" * 64},
        {"ct_sha256": "A" * 64},
        {"ct_sha256": None},
        {"ct_len": "12"},
        {"ct_len": True},
    ],
)
def test_a_reference_is_read_as_it_stands_in_an_entry(change: dict[str, object]) -> None:
    """Its own form comes back; any other shape is refused with its field."""
    held = Held("vk_1", "0" * 64, "a" * 64, 12)
    assert Held.from_reference(held.as_reference()) == held
    for wrong in (held.as_reference() | change, {}):
        with pytest.raises(InvalidError) as caught:
            Held.from_reference(wrong)
        assert caught.value.field == "content"
