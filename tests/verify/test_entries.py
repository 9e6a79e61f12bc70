"""What entries must look like, and what their order and times tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.core.canonical import canonical_bytes
from muniment.ledger.rules import format_bundle
from muniment.verify import (
    ENTRY_REQUIRED,
    FastReader,
    FormatError,
    Options,
    Report,
    Trust,
    cut_entries,
    entry_problem,
    parse_at,
    parse_entry,
    verify_folder,
)
from tests.verify.log_maker import Log, began, entry, signer

TRUST = Trust((signer().key,))


def check(folder: Path, *rows: object, options: Options | None = None) -> Report:
    """Write a log of these entries and check it."""
    log = Log(folder)
    log.append(row if isinstance(row, bytes) else canonical_bytes(row) for row in rows)
    return verify_folder(folder, TRUST, options)


def said(report: Report, *codes: str) -> list[str]:
    """The messages of findings of these codes."""
    return [one.message for one in report.findings if one.code in codes]


GOOD = canonical_bytes(entry(1))
NOT_CANONICAL = {
    "a space": GOOD.replace(b'"v":1', b'"v": 1'),
    "a space at the end": GOOD + b" ",
    "keys out of order": b'{"v":1,' + GOOD[1:-7] + b"}",
    "a key twice": GOOD.replace(b'"v":1', b'"v":1,"v":1'),
    "a needless escape": GOOD.replace(b"psn_ada", b"psn_\\u0061da"),
    "a solidus escaped": GOOD.replace(b"psn_ada", b"psn\\/ada"),
    "a float": GOOD.replace(b'"tier":1', b'"tier":1.5'),
    "an exponent": GOOD.replace(b'"tier":1', b'"tier":1e2'),
    "minus zero": GOOD.replace(b'"tier":1', b'"tier":-0'),
    "not a number": GOOD.replace(b'"tier":1', b'"tier":NaN'),
    "a number too large": GOOD.replace(b'"tier":1', b'"tier":9007199254740992'),
    "a number too small": GOOD.replace(b'"tier":1', b'"tier":-9007199254740992'),
    "an enormous number": GOOD.replace(b'"tier":1', b'"tier":' + b"9" * 6000),
    "half a surrogate": GOOD.replace(b"psn_ada", b"\\ud800"),
    "broken UTF-8": GOOD.replace(b"psn_ada", b"\xff"),
    "a surrogate in UTF-8": GOOD.replace(b"psn_ada", b"\xed\xa0\x80"),
    "a byte order mark": b"\xef\xbb\xbf" + GOOD,
    "a key that is not ASCII": GOOD.replace(b'"tier"', '"ti\u00e9r"'.encode()),
    "a list": b"[1]",
    "a number alone": b"1",
    "nothing": b"",
    "two objects": GOOD + GOOD,
    "a control character": GOOD.replace(b"psn_ada", b"\n"),
    "depth without end": b'{"a":' + b"[" * 30_000,
}


@pytest.mark.parametrize("data", NOT_CANONICAL.values(), ids=NOT_CANONICAL.keys())
def test_what_is_not_canonical_is_refused(data: bytes) -> None:
    """One value has one text: every second spelling is refused."""
    with pytest.raises(FormatError):
        parse_entry(data)


def test_the_largest_integers_are_accepted() -> None:
    """The limits themselves lie inside."""
    for number in (2**53 - 1, -(2**53) + 1, 0):
        assert parse_entry(canonical_bytes({"a": number})) == {"a": number}


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)
OBJECTS = st.dictionaries(
    st.text(st.characters(max_codepoint=127), max_size=5), JSON_VALUES, max_size=5
)


@settings(max_examples=200, deadline=None)
@given(OBJECTS)
def test_what_the_writer_and_the_standard_write_is_read(value: dict[str, object]) -> None:
    """Canonical text by our writer equals RFC 8785's, and is accepted."""
    data = canonical_bytes(value)
    assert data == rfc8785.dumps(cast(Any, value))
    assert parse_entry(data) == value


PLAIN_TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=6)
PLAIN_OBJECTS = st.dictionaries(
    PLAIN_TEXT, st.none() | st.booleans() | st.integers(-99, 2**53 - 1) | PLAIN_TEXT, max_size=4
)


KEPT = {"commit": "00ff", "ct_len": 568_060, "ct_sha256": "9a", "kid": "vk_1"}


@pytest.mark.parametrize("count", [0, 1, 3])
def test_entries_that_name_content_are_read_fast(count: int) -> None:
    """Most entries of a gateway name what the vault keeps: they are read at full speed."""
    fast, named = FastReader(), entry(1) | {"content": [KEPT] * count}
    fast.learn(entry(1))
    data = canonical_bytes(named)
    assert alone(fast, data) == [exactly(data)]
    for wrong in (b'"}{"commit"', b'"},,{"commit"', b'"},]', b'"content":[,'):
        right = {b'"}{"commit"': b'"},{"commit"', b'"},]': b'"}]', b'"content":[,': b'"content":['}
        broken = data.replace(right.get(wrong, b'"},{"commit"'), wrong)
        assert broken == data or alone(fast, broken) is None


@pytest.mark.parametrize("more", [{}, {"credential": "key_1"}, {"grant": "grt_1"}])
def test_entries_that_name_a_credential_and_a_grant_are_read_fast(more: dict[str, str]) -> None:
    """Who calls a gateway is recorded with key and grant; what stands twice or elsewhere is not."""
    fast, plain = FastReader(), entry(1)
    fast.learn(plain)
    actor = cast(dict[str, str], plain["actor"])
    data = canonical_bytes(plain | {"actor": actor | {"grant": "grt_2"} | more})
    assert alone(fast, data) == [exactly(data)]
    named = b'"grant":"' + (actor | {"grant": "grt_2"} | more)["grant"].encode() + b'",'
    assert named in data
    for broken in (
        data.replace(named, named + named),
        data.replace(named, named + b'"credential":"key_2",'),
        data.replace(named, b'"granted":"",'),
    ):
        assert alone(fast, broken) is None


def alone(fast: FastReader, data: bytes) -> object:
    """What the fast way reads from a bundle of one entry."""
    return fast.rows(format_bundle([data]), [data])


def exactly(data: bytes) -> tuple[bytes, ...] | None:
    """What the exact way reads from a sound entry: its bytes, when, whose, which number."""
    try:
        value = parse_entry(data)
    except FormatError:
        return None
    if entry_problem(value) or value["v"] != 1:
        return None
    place = canonical_bytes({name: value[name] for name in ("producer", "seq")})[1:-1]
    return data, value["at"].encode(), place


@settings(max_examples=500, deadline=None)
@given(st.lists(OBJECTS | PLAIN_OBJECTS, min_size=1, max_size=4), st.data())
def test_fast_reading_never_differs_from_exact_reading(
    bodies: list[dict[str, object]], data: st.DataObject
) -> None:
    """Change any byte of entries whose shape is known: read fast, they say the same or nothing."""
    fast, rows = FastReader(), [entry(n, body=body) for n, body in enumerate(bodies)]
    rows = [row | ({"content": [KEPT] * n} if n else {}) for n, row in enumerate(rows)]
    for row in rows:
        fast.learn(row)
    texts = [bytearray(canonical_bytes(row)) for row in rows]
    for _ in range(data.draw(st.integers(0, 2))):
        text = data.draw(st.sampled_from(texts))
        place = data.draw(st.integers(0, len(text) - 1))
        text[place] = data.draw(st.sampled_from([*b'"{}[],:\\0e-.\n\x00\x7f\xc3', *text]))
    whole = fast.rows(format_bundle(map(bytes, texts)), [*map(bytes, texts)])
    if whole is not None:
        assert whole == [exactly(bytes(text)) for text in texts]
    for text in texts:
        one = alone(fast, bytes(text))
        assert one is None or one == [exactly(bytes(text))]


@pytest.mark.parametrize("data", NOT_CANONICAL.values(), ids=NOT_CANONICAL.keys())
def test_fast_reading_leaves_what_is_not_canonical_to_exact_reading(data: bytes) -> None:
    """Nothing that the exact way refuses passes the fast one, alone or among sound entries."""
    fast = FastReader()
    fast.learn(entry(1))
    assert alone(fast, data) is None
    assert fast.rows(format_bundle([GOOD, data, GOOD]), [GOOD, data, GOOD]) is None
    assert fast.rows(format_bundle([GOOD, GOOD]), [GOOD, GOOD]) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"at": "2026-02-30T14:27:03.118000Z"},
        {"at": "2026-11-20T24:00:00.000001Z"},
        {"at": "0000-11-20T14:27:03.118000Z"},
        {"kind": "a.b.c"},
        {"kind": "registered"},
        {"seq": 0},
        {"v": 2},
        {"producer": ""},
        {"actor": {"kind": "person", "id": ""}},
        {"changes": {"systems": {"sys_1": "XY"}}},
        {"colour": "red"},
        {"content": [KEPT | {"kid": ""}]},
        {"content": [KEPT | {"ct_len": "1"}]},
        {"content": [KEPT | {"place": "abroad"}]},
        {"content": [{}]},
        {"flags": ["clock_back"]},
    ],
)
def test_fast_reading_leaves_what_is_odd_to_exact_reading(changes: dict[str, object]) -> None:
    """A date that no calendar has, a wrong kind, another version: none of it is passed quickly."""
    fast = FastReader()
    fast.learn(entry(1))
    odd = canonical_bytes(entry(1) | changes)
    assert alone(fast, GOOD) is not None
    assert alone(fast, odd) is None
    assert fast.rows(format_bundle([GOOD, odd]), [GOOD, odd]) is None


def test_a_bundle_cut_elsewhere_is_not_read_fast() -> None:
    """Lengths that do not fit the entries between them are left to the exact way."""
    fast = FastReader()
    fast.learn(entry(1))
    good = format_bundle([GOOD, GOOD])
    assert fast.rows(good, [GOOD, GOOD]) is not None
    inside = b"\0\0" + good[2:]
    for data in (b"\0\1" + good[2:], inside, b"\xff\xff" + good[2:], good + b"\0\0", b""):
        entries, _ = cut_entries(data)
        assert entries != [GOOD, GOOD]
        assert fast.rows(data, entries) is None
    assert fast.rows(good, [GOOD, GOOD[:-1]]) is None
    assert fast.rows(good, [GOOD, GOOD, GOOD]) is None


@pytest.mark.parametrize("name", sorted(ENTRY_REQUIRED))
def test_a_missing_member_is_named(name: str) -> None:
    """Each required member is missed by name."""
    assert entry_problem({k: v for k, v in entry(1).items() if k != name}) == (name, "is missing")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("v", 0),
        ("v", True),
        ("v", "1"),
        ("kind", "registered"),
        ("kind", "Registry.done"),
        ("kind", "a.b.c"),
        ("kind", "a.b\n"),
        ("kind", None),
        ("id", ""),
        ("id", 7),
        ("at", "2026-11-20T14:27:03Z"),
        ("at", "2026-11-20T14:27:03.118000+"),
        ("at", "2026-13-20T14:27:03.118000Z"),
        ("at", "2026-W47-5T14:27:03.118000Z"),
        ("at", "2026-11-20 14:27:03.118000Z"),
        ("at", "2026-11-20T14:27:03,118000Z"),
        ("at", 1),
        ("actor", None),
        ("actor", {"kind": "person"}),
        ("actor", {"kind": "person", "id": ""}),
        ("actor", {"kind": 1, "id": "x"}),
        ("subject", "sys_1"),
        ("subject", {}),
        ("body", []),
        ("body", None),
        ("producer", ""),
        ("seq", 0),
        ("seq", True),
        ("seq", "1"),
        ("changes", []),
        ("changes", {"systems": []}),
        ("changes", {"systems": {"sys_1": "XYZ"}}),
        ("changes", {"systems": {"sys_1": 1}}),
        ("content", {}),
        ("content", [{}]),
        ("content", [{"kid": "k", "commit": "c", "ct_sha256": "d", "ct_len": "5"}]),
        ("flags", "late"),
        ("flags", [1]),
    ],
)
def test_a_member_of_the_wrong_shape_is_named(name: str, value: object) -> None:
    """Each member has one shape, and the first that has not is named."""
    problem = entry_problem(entry(1) | {name: value})
    assert problem is not None
    assert problem[0] == name


def test_an_entry_with_every_optional_member_is_sound(tmp_path: Path) -> None:
    """Changes, content and flags in their right shape are accepted; a flag is worth a look."""
    full = entry(
        1,
        subject=None,
        changes={"systems": {"sys_1": "ab12", "sys_2": None}},
        content=[{"kid": "k", "commit": "c", "ct_sha256": "d", "ct_len": 5}],
        flags=["clock_back"],
        body={},
    )
    assert entry_problem(full) is None
    report = check(tmp_path, began(), full)
    assert report.answer == "met"
    assert said(report, "flag") == ["1 entries carry the flag 'clock_back'"]


def test_malformed_entries_are_named_and_not_met(tmp_path: Path) -> None:
    """An entry that hashes right but is no entry is found by the deep check alone."""
    rows = (began(), b"not json", canonical_bytes({"v": 1}), entry(3, seq=2))
    report = check(tmp_path, *rows)
    assert report.answer == "not met"
    assert said(report, "form") == [
        "entry 1 is malformed: it is not JSON",
        "entry 2 is malformed: actor is missing",
    ]
    assert check(tmp_path / "two", *rows, options=Options(hashes_only=True)).answer == "met"


def test_unknown_members_are_reported_and_not_refused(tmp_path: Path) -> None:
    """A member this verifier does not know is told once and held against nobody."""
    report = check(tmp_path, began(), entry(1, colour="red"), entry(2, colour="red"))
    assert report.answer == "met"
    assert said(report, "extra") == ["entry 1 has an unknown member 'colour'"]


def test_entries_of_a_newer_version_leave_the_answer_open(tmp_path: Path) -> None:
    """What a newer writer wrote is not called broken; it could not be told."""
    report = check(tmp_path, began(), entry(1, v=2, colour="red"), entry(2))
    assert (report.answer, report.exit_code) == ("could not tell", 3)
    assert said(report, "form") == ["entry 1 is of a version newer than this verifier"]


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_not(text: str) -> None:
    """Reading a time never fails, whatever the text."""
    assert parse_at(text) is None or len(text) == 27
