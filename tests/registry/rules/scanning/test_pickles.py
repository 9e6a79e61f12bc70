"""Tests of reading pickles without running them."""

from __future__ import annotations

import pickle
import pickletools
from collections import OrderedDict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.registry.rules.scanning.reading import MAX_PIECE
from tests.registry.rules.scanning.files import Evil, rules_of, scanned

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
    max_leaves=12,
)


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_that_runs_a_command_is_found_in_every_protocol(protocol: int) -> None:
    """A call of os.system is critical, however the pickle is written."""
    assert rules_of(pickle.dumps({"weights": Evil()}, protocol)) == {"pickle.dangerous_import"}


@given(JSON, st.integers(2, 5))
@settings(max_examples=40, deadline=None)
def test_plain_data_is_clean(value: object, protocol: int) -> None:
    """No pickle of plain values is accused, and each is read to its end."""
    assert scanned(pickle.dumps(value, protocol)).verdict == "met"


def test_known_containers_are_clean_and_unknown_classes_are_not() -> None:
    """What only makes data is harmless; of a class nobody knows, one cannot tell."""
    assert scanned(pickle.dumps(OrderedDict(a=1))).verdict == "met"
    unknown = scanned(b"\x80\x02csklearn.svm\nSVC\n.")
    assert unknown.verdict == "could_not_tell"
    assert unknown.dangers[0].why.startswith("loading it imports sklearn.svm.SVC")


def test_a_name_put_together_while_loading_is_not_missed() -> None:
    """A module name that comes out of the memo is followed; one that is computed is critical."""
    by_memo = b"\x80\x04\x8c\x02os\x94\x8c\x01x\x940h\x00\x8c\x06system\x93)R."
    assert rules_of(by_memo) == {"pickle.dangerous_import"}
    computed = b"\x80\x04K\x01\x8c\x06system\x93)R."
    assert rules_of(computed) == {"pickle.hidden_import"}


def test_what_runs_before_a_pickle_breaks_is_still_told() -> None:
    """The payload comes first and rubbish after it: the loader would have run it by then."""
    broken = scanned(b"\x80\x02cos\nsystem\nX\x02\0\0\0id\x85R\xff\xff\xff")
    assert broken.verdict == "not_met"
    assert broken.unread


def test_an_old_pickle_among_texts_is_found() -> None:
    """Protocol 0 looks like a text; a text without such a call is a text."""
    assert scanned(b"cos\nsystem\n(S'id'\ntR.", "notes.txt").verdict == "not_met"
    assert scanned(b"cosine similarity\nof two texts\n", "notes.txt").verdict == "met"


def test_the_second_pickle_of_a_file_is_read_too() -> None:
    """A harmless pickle before it does not hide one that is not."""
    assert "pickle.dangerous_import" in rules_of(pickle.dumps(1) + pickle.dumps(Evil()))


def test_old_torch_files_end_in_numbers_that_nothing_runs() -> None:
    """After five pickles of torch's old form the numbers follow; they are not taken for gaps."""
    head = [0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}, OrderedDict(), ["0"]]
    data = b"".join(pickle.dumps(each, 2) for each in head)
    assert scanned(data + b"\xff\x80\x01" * 30).verdict == "met"
    data = b"".join(pickle.dumps(each, 2) for each in [*head[:3], Evil(), ["0"]])
    assert scanned(data + b"\xff" * 30).verdict == "not_met"


def test_a_value_that_claims_to_be_huge_is_not_read_whole() -> None:
    """A length of many gigabytes costs no memory and is told as unread."""
    found = scanned(b"\x80\x04\x8e" + (MAX_PIECE * 1000).to_bytes(8, "little") + b"x")
    assert found.verdict == "could_not_tell"
    assert "too large" in found.unread[0].why


@given(st.binary(max_size=60))
@settings(max_examples=150, deadline=None)
def test_no_bytes_break_the_reader(data: bytes) -> None:
    """Whatever follows the mark of a pickle, there is an answer, and rubbish is never clean."""
    found = scanned(b"\x80\x04" + data)
    if found.verdict == "met":
        list(pickletools.genops(b"\x80\x04" + data))
