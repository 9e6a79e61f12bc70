"""The writer's rules: entries that are right, a tree that grows in any steps, signed notes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.core.canonical import canonical_bytes
from muniment.core.errors import InvalidError
from muniment.ledger.rules import (
    Frontier,
    TileWrite,
    append_leaves,
    cosign,
    format_note,
    load_frontier,
    pack_bundles,
    read_entry,
    read_sound_entry,
    sign_checkpoint,
    validate_entry,
    with_signatures,
)
from muniment.verify import (
    EMPTY_ROOT,
    HASH_BYTES,
    Checkpoint,
    FormatError,
    edge_tiles,
    entry_problem,
    leaf_hash,
    open_checkpoint,
    parse_bundle,
    parse_entry,
    signature_holds,
    tile_path,
)
from tests.verify.log_maker import entry, root_of, signer, witness
from tests.verify.test_entries import OBJECTS

LEAVES = [leaf_hash(b"%d" % i) for i in range(70_000)]
LOG = signer()


NAMED = st.dictionaries(
    st.sampled_from(["id", "kind", "credential", "more"]),
    st.one_of(st.text(max_size=3), st.just(7)),
)
MEMBERS = st.fixed_dictionaries(
    {},
    optional={
        "actor": NAMED,
        "subject": st.one_of(st.none(), NAMED),
        "at": st.sampled_from(["2026-02-30T14:27:03.118000Z", "2026-11-20T14:27:03Z", "", 5]),
        "kind": st.sampled_from(["room.done", "room.done\n", "Room.done", "room", 5]),
        "id": st.sampled_from(["", "rec_1", 5]),
        "producer": st.sampled_from(["", "gate", "gäte", None]),
        "seq": st.sampled_from([-1, 0, 1, True, 2**53 - 1, "1"]),
        "v": st.sampled_from([-1, 0, 1, 2, True]),
        "flags": st.lists(st.sampled_from(["", "clock_back"])),
        "more": st.integers(0, 3),
    },
)
"""Members of an entry, most of them sound, some of the wrong shape."""


def store(kept: dict[str, bytes], tiles: tuple[TileWrite, ...]) -> None:
    """Keep tiles by their path, never one that says something else than before."""
    for tile in tiles:
        path = tile_path(tile.level, tile.number, tile.width)
        assert kept.setdefault(path, tile.data) == tile.data
        assert len(tile.data) == tile.width * HASH_BYTES


def test_a_valid_entry_becomes_the_bytes_a_verifier_reads() -> None:
    """What the writer lets through is what the verifier accepts."""
    assert parse_entry(validate_entry(entry(4))) == entry(4)


@settings(max_examples=300, deadline=None)
@given(OBJECTS, st.data())
def test_the_faster_reading_gives_the_verifiers_answer(
    value: dict[str, object], data: st.DataObject
) -> None:
    """Change a byte anywhere: the writer's reading and the verifier's agree on what it then is."""
    text = bytearray(canonical_bytes(value))
    place = data.draw(st.integers(0, len(text) - 1))
    text[place] = data.draw(st.integers(0, 255))

    def verdict(read: Callable[[bytes], object]) -> object:
        try:
            return read(bytes(text))
        except FormatError:
            return "refused"

    assert read_entry(canonical_bytes(value)) == value
    assert verdict(read_entry) == verdict(parse_entry)


@settings(max_examples=500, deadline=None)
@given(OBJECTS, st.data())
def test_reading_by_shape_gives_the_verifiers_answer(
    body: dict[str, object], data: st.DataObject
) -> None:
    """Change a member or a byte anywhere: who reads by shape finds what the verifier finds."""
    whole = {**entry(4), "body": body, **data.draw(MEMBERS)}
    for name in data.draw(st.sets(st.sampled_from(sorted(whole)), max_size=1)):
        del whole[name]
    text = bytearray(canonical_bytes(whole))
    for place in data.draw(st.lists(st.integers(0, len(text) - 1), max_size=1)):
        text[place] = data.draw(st.integers(0, 255))

    def exactly(given: bytes) -> object:
        value = parse_entry(given)
        if entry_problem(value):
            raise FormatError
        return value

    def verdict(read: Callable[[bytes], object]) -> object:
        try:
            return read(bytes(text))
        except FormatError:
            return "refused"

    assert verdict(read_sound_entry) == verdict(exactly)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "nonsense"}, "kind"),
        ({"at": "today"}, "at"),
        ({"seq": 0}, "seq"),
        ({"v": 2}, "v"),
        ({"colour": "red"}, "colour"),
        ({"subject": {"kind": "system"}}, "subject"),
        ({"body": {"price": 1.5}}, "$.body.price"),
        ({"body": {"big": 2**53}}, "$.body.big"),
        ({"body": {"text": "x" * 70_000}}, "body"),
        ({"body": {"text": "\ud800"}}, "$.body.text"),
        ({"flags": [""]}, "flags"),
    ],
)
def test_an_invalid_entry_is_refused_by_field(changes: dict[str, object], field: str) -> None:
    """The field that is wrong is named, with a reason."""
    with pytest.raises(InvalidError) as refused:
        validate_entry(entry(1) | changes)
    assert refused.value.field == field
    assert refused.value.message


def test_a_missing_member_is_refused_by_name() -> None:
    """A writer that forgets the producer is told so."""
    with pytest.raises(InvalidError, match="producer: is missing"):
        validate_entry({k: v for k, v in entry(1).items() if k != "producer"})


def test_the_root_of_nothing_and_of_one() -> None:
    """An empty tree has its own root, and a tree of one is its leaf."""
    assert Frontier().root() == EMPTY_ROOT
    assert append_leaves(Frontier(), LEAVES[:1]).frontier.root() == LEAVES[0]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 700), max_size=6))
def test_a_tree_may_grow_in_any_steps(steps: list[int]) -> None:
    """Roots and tiles depend on the entries alone and not on how they came."""
    frontier, kept, size = Frontier(), dict[str, bytes](), 0
    for step in steps:
        growth = append_leaves(frontier, LEAVES[size : size + step])
        frontier, size = growth.frontier, size + step
        store(kept, growth.tiles)
        assert (frontier.size, frontier.root()) == (size, root_of(LEAVES[:size]))
        for level, number, width in edge_tiles(size):
            assert tile_path(level, number, width) in kept
    at_once = append_leaves(Frontier(), LEAVES[:size])
    assert at_once.frontier.root() == frontier.root()
    for tile in at_once.tiles:
        assert kept[tile_path(tile.level, tile.number, tile.width)] == tile.data


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000])
def test_a_frontier_is_rebuilt_from_its_tiles(size: int) -> None:
    """After a restart the edge comes back from the partial tiles, and growing goes on the same."""
    kept = dict[str, bytes]()
    whole = append_leaves(Frontier(), LEAVES[:size])
    store(kept, whole.tiles)
    loaded = load_frontier(size, lambda lv, n, w: kept[tile_path(lv, n, w)])
    assert loaded.root() == whole.frontier.root() == root_of(LEAVES[:size])
    more = LEAVES[:600]
    one, other = append_leaves(loaded, more), append_leaves(whole.frontier, more)
    assert (one.tiles, one.frontier.root()) == (other.tiles, other.frontier.root())


def test_the_tiles_of_the_specifications_example() -> None:
    """70,000 entries make 273 full tiles and partial ones of 112, 17 and 1."""
    tiles = append_leaves(Frontier(), LEAVES).tiles
    full = [one for one in tiles if one.width == 256]
    assert len([one for one in full if one.level == 0]) == 273
    assert len([one for one in full if one.level == 1]) == 1
    partial = [(t.level, t.number, t.width) for t in tiles if t.width < 256]
    assert partial == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]


def test_a_tile_too_short_is_not_built_upon() -> None:
    """A damaged edge is refused before anything is signed over it."""
    with pytest.raises(InvalidError, match="fewer than 3 hashes"):
        load_frontier(3, lambda *_: bytes(64))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 600), max_size=5))
def test_entries_are_cut_into_bundles_however_they_come(steps: list[int]) -> None:
    """The bundles of every step hold the entries in order, and the last ones are those of all."""
    size, rest, bundles = 0, b"", dict[int, TileWrite]()
    for step in steps:
        packed = pack_bundles(size, rest, [b"%d" % i for i in range(size, size + step)])
        size, rest = size + step, packed.rest
        bundles |= {one.number: one for one in packed.bundles}
    found = [one for n in sorted(bundles) for one in parse_bundle(bundles[n].data)]
    assert found == [b"%d" % i for i in range(size)]
    assert all(one.level == "entries" for one in bundles.values())
    assert len(parse_bundle(rest)) == size % 256


def test_a_bundle_that_does_not_fit_the_size_is_refused() -> None:
    """The partial bundle in hand must be the one the size says."""
    with pytest.raises(InvalidError, match="holds 5 entries"):
        pack_bundles(5, b"", [b"x"])


def test_a_signed_checkpoint_opens_and_holds(tmp_path: Path) -> None:
    """Signing and opening a checkpoint are each other's reverse, with witnesses added."""
    head = Checkpoint(LOG.key.name, 3, root_of(LEAVES[:3]))
    note = sign_checkpoint(head, LOG.key, LOG.sign)
    one = witness("w.example/1")
    full = with_signatures(note, [cosign(note, one.key, 1_763_640_000, one.sign)])
    opened, read = open_checkpoint(format_note(full))
    assert read == head
    for key, signature in zip((LOG.key, one.key), opened.signatures, strict=True):
        assert signature_holds(key, opened.text, signature)


def test_a_newer_signature_takes_the_place_of_the_older() -> None:
    """A witness that cosigns again has one line, the newer."""
    one = witness("w.example/1")
    note = sign_checkpoint(Checkpoint(LOG.key.name, 1, LEAVES[0]), LOG.key, LOG.sign)
    first, second = (cosign(note, one.key, at, one.sign) for at in (1, 2))
    both = with_signatures(with_signatures(note, [first]), [second])
    assert both.signatures == (note.signatures[0], second)


def test_keys_sign_only_in_their_own_role() -> None:
    """A witness's key signs no head, a log's key cosigns nothing, and no key signs for another."""
    one = witness("w.example/1")
    head = Checkpoint(LOG.key.name, 1, LEAVES[0])
    note = sign_checkpoint(head, LOG.key, LOG.sign)
    with pytest.raises(InvalidError):
        sign_checkpoint(head, witness(LOG.key.name).key, LOG.sign)
    with pytest.raises(InvalidError):
        sign_checkpoint(Checkpoint("other", 1, LEAVES[0]), LOG.key, LOG.sign)
    with pytest.raises(InvalidError):
        cosign(note, LOG.key, 1, LOG.sign)
    with pytest.raises(InvalidError):
        cosign(note, one.key, -1, one.sign)
