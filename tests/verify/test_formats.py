"""Signed notes, keys, checkpoints, tile paths, bundles, proof files: what is read and refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.ledger.rules import format_bundle, format_note, format_proof
from muniment.verify import (
    COSIGNATURE,
    ML_DSA_44,
    Checkpoint,
    FormatError,
    Note,
    Proof,
    Signature,
    cosigned_at,
    edge_tiles,
    format_checkpoint,
    make_key,
    open_checkpoint,
    parse_bundle,
    parse_checkpoint,
    parse_note,
    parse_proof,
    parse_tile_path,
    parse_vkey,
    signature_holds,
    tile_path,
)
from tests.verify.log_maker import Log, entries, signer, witness

DATA = Path(__file__).parents[1] / "data/ledger"
NOTES = json.loads((DATA / "notes.json").read_text(encoding="utf-8"))
PATHS = json.loads((DATA / "tile_paths.json").read_text(encoding="utf-8"))
GOOD_NOTE = (NOTES["text"] + "\n" + "".join(NOTES["lines"])).encode()
ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="


def test_the_published_note_is_read_checked_and_written_back() -> None:
    """Go's own note opens, both signatures hold under its keys, and it is written back the same."""
    note = parse_note(GOOD_NOTE)
    keys = [parse_vkey(one) for one in NOTES["keys"]]
    assert [key.vkey for key in keys] == NOTES["keys"]
    for key, signature in zip(keys, note.signatures, strict=True):
        assert (key.name, key.id) == (signature.name, signature.key_id)
        assert signature_holds(key, note.text, signature)
        assert not signature_holds(key, note.text + ".\n", signature)
    assert format_note(note) == GOOD_NOTE


@pytest.mark.parametrize("vkey", NOTES["bad_keys"])
def test_mangled_keys_are_refused(vkey: str) -> None:
    """A key with another length, type, id or name is refused, not guessed."""
    with pytest.raises(FormatError):
        parse_vkey(vkey)


def test_no_part_of_a_key_is_a_key() -> None:
    """Every true substring of a key and every key with one letter moved on is refused."""
    vkey = NOTES["keys"][0]
    for start in range(len(vkey)):
        for end in range(start + 1, len(vkey) + 1):
            if (start, end) != (0, len(vkey)):
                with pytest.raises(FormatError):
                    parse_vkey(vkey[start:end])
    for k in range(len(vkey)):
        with pytest.raises(FormatError):
            parse_vkey(vkey[:k] + chr(ord(vkey[k]) + 1) + vkey[k + 1 :])


def test_a_post_quantum_key_is_read_and_its_signatures_left_alone() -> None:
    """An ML-DSA-44 key is a key, but nothing is said to hold under it."""
    key = make_key("pq.example/w", bytes(1312), ML_DSA_44)
    assert parse_vkey(key.vkey) == key
    assert not signature_holds(key, "text\n", Signature(key.name, key.id, bytes(2428)))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "signature lines"),
        (b"text only\n", "signature lines"),
        (b"text\n\n", "signature lines"),
        (GOOD_NOTE[:-1], "signature lines"),
        (GOOD_NOTE.replace("\u2014".encode(), b"-", 1), "line 4"),
        (GOOD_NOTE.replace(b"x08go", b"x0!go"), "line 4"),
        (GOOD_NOTE.replace(b"nAM=", b"nAN="), "line 4"),
        (GOOD_NOTE.replace(b"nAM=", b"nAM"), "line 4"),
        (GOOD_NOTE.replace(b"think", b"th\x00nk"), "line 1 of the note holds a control"),
        (GOOD_NOTE.replace(b"think", b"th\xffnk"), "line 1 of the note is not UTF-8"),
        (GOOD_NOTE.replace(b"\n", b"\r\n"), "control"),
        (b"text\n\n" + "\u2014 name AAAA\n".encode(), "too short"),
        (b"text\n\n" + "\u2014 na+me AAAAAAA=\n".encode(), "line 3"),
        (b"text\n\n" + "\u2014 na\u00a0me AAAAAAA=\n".encode(), "line 3"),
        (b"text\n\n" + "\u2014  AAAAAAA=\n".encode(), "line 3"),
        (b"text\n\n" + "\u2014 a AAAAAAA=\n".encode() * 101, "at most 100"),
        (b"x" * 3_000_000, "at most"),
    ],
)
def test_malformed_notes_are_refused_by_line(data: bytes, said: str) -> None:
    """A note that is not one is refused, and the line is named where there is one."""
    with pytest.raises(FormatError, match=said):
        parse_note(data)


def test_sixteen_and_more_signatures_are_read() -> None:
    """A note with many signatures, as witnesses make it, is read."""
    line = "\u2014 a AAAAAAA=\n".encode()
    assert len(parse_note(b"text\n\n" + line * 64).signatures) == 64


def test_the_text_of_a_note_may_hold_empty_lines() -> None:
    """The last empty line parts text from signatures; the others belong to the text."""
    data = b"one\n\ntwo\n\n" + "\u2014 a AAAAAAA=\n".encode()
    assert parse_note(data).text == "one\n\ntwo\n"


@given(st.binary(max_size=300))
def test_noise_is_a_note_or_a_clear_refusal(data: bytes) -> None:
    """Whatever the bytes, opening them ends in a checkpoint or a FormatError."""
    try:
        open_checkpoint(data)
    except FormatError:
        return


def test_a_checkpoint_is_written_and_read_back() -> None:
    """The text of a checkpoint is three lines; extension lines are kept."""
    text = f"example.com/behind-the-sofa\n20852163\n{ROOT}\n"
    assert format_checkpoint(parse_checkpoint(text)) == text
    longer = parse_checkpoint(text + "extension\n")
    assert longer == Checkpoint(
        "example.com/behind-the-sofa", 20852163, longer.root, ("extension",)
    )


@pytest.mark.parametrize(
    "text",
    [
        f"o\n1\n{ROOT}",
        f"o\n01\n{ROOT}\n",
        f"o\n-1\n{ROOT}\n",
        f"o\n+1\n{ROOT}\n",
        f"o\n 1\n{ROOT}\n",
        f"o\n1.0\n{ROOT}\n",
        f"o\n\u0661\n{ROOT}\n",
        f"o\n99999999999999999999\n{ROOT}\n",
        f"o\n9223372036854775808\n{ROOT}\n",
        "o\n" + "9" * 5000 + f"\n{ROOT}\n",
        f"\n1\n{ROOT}\n",
        f"o\n1\n{ROOT}\n\n",
        "o\n1\n\n",
        "o\n1\nAAAA\n",
        f"o\n1\n{ROOT[:-2]}J=\n",
        "o\n1\n",
    ],
)
def test_malformed_checkpoints_are_refused(text: str) -> None:
    """A size or root in any second spelling, and any empty line, is refused."""
    with pytest.raises(FormatError):
        parse_checkpoint(text)


def test_a_cosignature_holds_for_its_time_only(tmp_path: Path) -> None:
    """A witness signs the time with the checkpoint: another time breaks it."""
    one = witness("w.example/1")
    note, _ = open_checkpoint(Log(tmp_path, witnesses=[one]).append(entries(3)))
    signature = note.signatures[1]
    assert signature_holds(one.key, note.text, signature)
    later = (cosigned_at(signature) + 1).to_bytes(8, "big") + signature.blob[8:]
    assert not signature_holds(one.key, note.text, Signature(one.key.name, one.key.id, later))
    assert one.key.type == COSIGNATURE
    assert one.key.id != signer("w.example/1").key.id


@pytest.mark.parametrize(("path", "level", "number", "width"), PATHS["good"])
def test_tile_paths_are_those_of_the_table(
    path: str, level: int | str, number: int, width: int
) -> None:
    """Each path of the table is written and read back."""
    assert tile_path(level, number, width) == path
    assert parse_tile_path(path) == (level, number, width)


@pytest.mark.parametrize("path", PATHS["bad"])
def test_other_paths_are_refused(path: str) -> None:
    """A path in any second spelling is no tile path."""
    with pytest.raises(FormatError):
        parse_tile_path(path)


@given(st.integers(0, 63), st.integers(0, 10**15), st.integers(1, 256))
def test_every_tile_path_is_read_back(level: int, number: int, width: int) -> None:
    """Writing and reading a path are each other's reverse."""
    assert parse_tile_path(tile_path(level, number, width)) == (level, number, width)


def test_the_edge_of_the_specifications_example() -> None:
    """70,000 entries leave partial tiles of 112, 17 and 1; 256 entries leave one of 1."""
    assert edge_tiles(70_000) == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
    assert edge_tiles(256) == [(1, 0, 1)]
    assert edge_tiles(0) == []


@given(st.lists(st.binary(max_size=400), max_size=256))
def test_bundles_are_read_back(some: list[bytes]) -> None:
    """Entries of any length, also empty ones, come back from a bundle."""
    assert parse_bundle(format_bundle(some)) == some


@pytest.mark.parametrize("data", [b"\0", b"\0\2a", b"\0\1ab", b"\xff\xff", b"\0\0" * 257])
def test_broken_bundles_are_refused(data: bytes) -> None:
    """A bundle that ends early, late or after too many entries is refused."""
    with pytest.raises(FormatError):
        parse_bundle(data)


def test_an_entry_too_long_for_a_bundle_is_refused() -> None:
    """65,535 bytes fit, one more does not."""
    assert parse_bundle(format_bundle([b"a" * 65_535])) == [b"a" * 65_535]
    with pytest.raises(FormatError):
        format_bundle([b"a" * 65_536])


@given(
    st.integers(0, 2**63 - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63),
    st.none() | st.binary(),
)
def test_proof_files_are_read_back(index: int, hashes: list[bytes], extra: bytes | None) -> None:
    """Writing and reading a proof file are each other's reverse."""
    proof = Proof(index, tuple(hashes), GOOD_NOTE, extra)
    assert parse_proof(format_proof(proof)) == proof


PROOF = format_proof(Proof(7, (bytes(32),), GOOD_NOTE, b"extra"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        PROOF.replace(b"@v1", b"@v2"),
        PROOF.replace(b"index 7", b"index 07"),
        PROOF.replace(b"index 7", b"index -7"),
        PROOF.replace(b"index 7\n", b""),
        PROOF.replace(b"AAAA=", b"AAA=", 1),
        PROOF.replace(b"AAAA=", b"AAAB=", 1),
        PROOF.replace(b"extra ", b"extra  "),
        PROOF.replace(b"index 7\n", b"index 7\n" + b"A" * 43 + b"=\n" * 1 + b"QUFB\n"),
        PROOF.replace(b"index 7\n", b"index 7\n" + (b"A" * 43 + b"=\n") * 64),
        PROOF.replace(b"index", b"ind\xffex"),
        PROOF.split(b"\n\n", 1)[0],
        b"c2sp.org/tlog-proof@v1\n\n",
        b"c2sp.org/tlog-proof@v1\nextra AAAA\n\n",
    ],
)
def test_malformed_proofs_are_refused(data: bytes) -> None:
    """A proof file in any second spelling is refused."""
    with pytest.raises(FormatError):
        parse_proof(data)


def test_a_note_is_written_with_its_signatures_in_order() -> None:
    """Signature lines follow one empty line, in the order given."""
    lines = (Signature("a", b"1234", b"x"), Signature("b", b"5678", b"y"))
    data = format_note(Note("text\n", lines))
    assert data == "text\n\n\u2014 a MTIzNHg=\n\u2014 b NTY3OHk=\n".encode()
