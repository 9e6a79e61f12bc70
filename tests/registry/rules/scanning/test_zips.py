"""Tests of reading archives strictly."""

from __future__ import annotations

import io
import pickle
import stat
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.registry.rules.scanning.files import Evil, archive, rules_of, scanned, torch_file

GOOD = torch_file({"a": 1})


@given(
    st.dictionaries(
        st.text("abcxyz/._-", min_size=1, max_size=12).filter(
            lambda name: not name.startswith("/") and ".." not in name
        ),
        st.text(max_size=40).map(str.encode),
        max_size=5,
    ),
    st.booleans(),
)
@settings(max_examples=30, deadline=None)
def test_honest_archives_are_read_whole(entries: dict[str, bytes], packed: bool) -> None:  # noqa: FBT001 given by hypothesis
    """What Python's own writer makes is never accused."""
    assert not scanned(archive(entries, packed=packed)).dangers


def test_a_torch_file_is_clean_and_one_with_a_call_is_not() -> None:
    """The pickle inside is read; the numbers of tensors are left alone."""
    assert (scanned(GOOD).format, scanned(GOOD).verdict) == ("torch", "met")
    assert rules_of(torch_file(Evil())) == {"pickle.dangerous_import"}


def test_a_pickle_hidden_under_another_name_or_packed_is_found() -> None:
    """Every entry is looked at by what it holds, however deep it lies."""
    inner = archive({"a.txt": pickle.dumps(Evil())}, packed=True)
    assert "pickle.dangerous_import" in rules_of(archive({"deep.dat": inner}))


def test_archives_inside_each_other_end_somewhere() -> None:
    """More than a few deep is told as a danger, not followed for ever."""
    data = archive({"a": b"x"})
    for _ in range(8):
        data = archive({"a.zip": data})
    assert "archive.nested" in rules_of(data)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    """A hundred megabytes of nothing do not fill the memory; lying about the size does not help."""
    bomb = archive({"a": bytes(100_000_000)}, packed=True)
    assert rules_of(bomb) == {"zip.bomb"}
    size = (2_000_000).to_bytes(4, "little")
    liar = archive({"a": bytes(2_000_000)}, packed=True).replace(size, (900).to_bytes(4, "little"))
    assert rules_of(liar) == {"zip.bomb"}


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "C:\\evil", "a/../../b", "..\\b"])
def test_a_name_that_leads_out_is_told(name: str) -> None:
    """A path that would be written outside of the folder is a danger."""
    assert "zip.traversal" in rules_of(archive({name: b"x"}))


def test_links_and_names_used_twice_are_told() -> None:
    """A link in an archive, or two entries of one name, deceive whoever unpacks it."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "target")
        made.writestr("one", "x")
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("one", "y")
    assert rules_of(kept.getvalue()) == {"zip.link", "zip.name"}


@pytest.mark.parametrize(
    "data", [b"xx" + GOOD, GOOD + b"xx", pickle.dumps(1) + GOOD], ids=["before", "after", "pickle"]
)
def test_a_file_that_is_two_things_is_told(data: bytes) -> None:
    """Bytes before or after an archive make it something else to another reader."""
    assert "zip.polyglot" in rules_of(data)


def test_a_list_that_differs_from_the_entries_is_told() -> None:
    """One reader goes by the list, another by the entries; both must see the same."""
    at = GOOD.index(b"model/version")
    assert "zip.differs" in rules_of(GOOD[:at] + b"model/vxrsion" + GOOD[at + 13 :])


def test_an_encrypted_entry_is_not_clean() -> None:
    """What cannot be opened cannot be told."""
    data = bytearray(archive({"a": b"x"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert scanned(bytes(data)).verdict == "could_not_tell"


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
@settings(max_examples=150, deadline=None)
def test_no_change_of_a_byte_breaks_the_reader(place: int, change: int) -> None:
    """A damaged archive gets an answer."""
    data = bytearray(GOOD)
    data[place] ^= change
    assert scanned(bytes(data)).verdict in ("met", "not_met", "could_not_tell")


@given(st.integers(3, len(GOOD) - 1))
@settings(max_examples=40, deadline=None)
def test_an_archive_that_is_cut_off_is_never_clean(length: int) -> None:
    """Half an upload is not a clean file."""
    assert scanned(GOOD[:length]).verdict != "met"
