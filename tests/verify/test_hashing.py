"""Hashes, roots, inclusion and consistency, against published vectors and plain RFC 6962."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.ledger.rules import consistency_proof, inclusion_proof, prove_many
from muniment.verify import (
    FolderSource,
    FormatError,
    TileTree,
    leaf_hash,
    perfect_root,
    range_root,
    verify_consistency,
    verify_inclusion,
)
from tests.verify.log_maker import Log, entries, root_of

VECTORS = json.loads(
    (Path(__file__).parents[1] / "data/ledger/rfc6962.json").read_text(encoding="utf-8")
)
LEAVES = [leaf_hash(bytes.fromhex(one)) for one in VECTORS["leaves"]]
ROOTS = [bytes.fromhex(one) for one in VECTORS["roots"]]


def plain_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + plain_root(leaves[:k]) + plain_root(leaves[k:])).digest()


class Leaves:
    """Reads nodes straight from a list of leaf hashes."""

    def __init__(self, count: int) -> None:
        self.hashes = [leaf_hash(str(i).encode()) for i in range(count)]

    def node(self, level: int, index: int) -> bytes:
        return perfect_root(self.hashes[index << level : (index + 1) << level])


MANY = Leaves(3000)


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_reference_tests(size: int) -> None:
    """The root of the eight reference leaves is the published one at every size."""
    assert root_of(LEAVES[:size]) == ROOTS[size] == plain_root(LEAVES[:size])


@pytest.mark.parametrize("vector", VECTORS["inclusion"])
def test_inclusion_paths_are_those_of_the_reference_tests(vector: dict[str, object]) -> None:
    """The published inclusion paths are made and accepted."""
    index, size, path = vector["index"], vector["size"], vector["path"]
    assert isinstance(index, int)
    assert isinstance(size, int)
    assert isinstance(path, list)
    leaves = LEAVES[:size]
    proof = inclusion_proof(lambda lv, i: perfect_root(leaves[i << lv : i + 1 << lv]), index, size)
    assert [one.hex() for one in proof] == path
    assert verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])


@pytest.mark.parametrize("vector", VECTORS["consistency"])
def test_consistency_paths_are_those_of_the_reference_tests(vector: dict[str, object]) -> None:
    """The published consistency paths are made and accepted."""
    old, new, path = vector["old"], vector["new"], vector["path"]
    assert isinstance(old, int)
    assert isinstance(new, int)
    assert isinstance(path, list)
    proof = consistency_proof(lambda lv, i: perfect_root(LEAVES[i << lv : i + 1 << lv]), old, new)
    assert [one.hex() for one in proof] == path
    assert verify_consistency(old, new, ROOTS[old], ROOTS[new], proof)


def test_every_entry_of_every_small_tree_can_be_proved() -> None:
    """Up to 70 entries, each has a proof that holds for it and for no neighbour."""
    for size in range(1, 71):
        root = plain_root(MANY.hashes[:size])
        assert range_root(MANY.node, 0, size) == root
        for index in range(size):
            proof = inclusion_proof(MANY.node, index, size)
            leaf = MANY.hashes[index]
            assert verify_inclusion(leaf, index, size, proof, root)
            assert not verify_inclusion(leaf, index + 1, size, proof, root)
            assert not verify_inclusion(MANY.hashes[index + 1], index, size, proof, root)


def test_every_small_tree_continues_every_smaller_one() -> None:
    """Up to 70 entries, each size has a proof that it begins with each smaller one, not empty."""
    roots = [plain_root(MANY.hashes[:size]) for size in range(72)]
    for new in range(71):
        for old in range(1, new + 1):
            proof = consistency_proof(MANY.node, old, new)
            assert verify_consistency(old, new, roots[old], roots[new], proof)
            assert not verify_consistency(old, new, roots[old], roots[new + 1], proof)
            assert not verify_consistency(old, new, roots[old + 1], roots[new], proof)
            assert not verify_consistency(old, new, roots[old], roots[new], [*proof, roots[1]])
            if proof:
                assert not verify_consistency(old, new, roots[old], roots[new], proof[:-1])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_proofs_hold_at_any_size_and_break_with_any_bit(data: st.DataObject) -> None:
    """A proof of any entry in any tree holds, and not with one bit of it changed."""
    size = data.draw(st.integers(1, len(MANY.hashes)))
    index = data.draw(st.integers(0, size - 1))
    root = range_root(MANY.node, 0, size)
    assert root == plain_root(MANY.hashes[:size])
    proof = inclusion_proof(MANY.node, index, size)
    assert verify_inclusion(MANY.hashes[index], index, size, proof, root)
    if proof:
        k, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
        proof[k] = (int.from_bytes(proof[k], "big") ^ 1 << bit).to_bytes(32, "big")
        assert not verify_inclusion(MANY.hashes[index], index, size, proof, root)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 600), st.data())
def test_what_earlier_proofs_have_shown_changes_no_answer(size: int, data: st.DataObject) -> None:
    """Many proofs of one root, true and false ones mixed: each is judged as it is alone."""
    root, known = range_root(MANY.node, 0, size), dict[int, bytes]()
    for _ in range(data.draw(st.integers(1, 30))):
        index = data.draw(st.integers(0, size - 1))
        said = data.draw(st.sampled_from([index, index, index ^ 1, size - 1]))
        proof = inclusion_proof(MANY.node, index, size)
        alone = verify_inclusion(MANY.hashes[said], index, size, proof, root)
        assert verify_inclusion(MANY.hashes[said], index, size, proof, root, known) == alone
        assert alone == (said == index)
    assert all(
        node == range_root(MANY.node, n >> 6 << (n & 63), min(((n >> 6) + 1) << (n & 63), size))
        for n, node in known.items()
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3000), st.integers(0, 3000))
def test_any_two_sizes_are_consistent_with_their_own_roots_only(one: int, two: int) -> None:
    """Consistency holds between any two sizes, and not with a root of another size."""
    old, new = sorted((one, two))
    old_root, new_root = range_root(MANY.node, 0, old), range_root(MANY.node, 0, new)
    proof = consistency_proof(MANY.node, old, new)
    assert verify_consistency(old, new, old_root, new_root, proof)
    assert not verify_consistency(old, new, leaf_hash(old_root), new_root, proof)


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0), (2**70, 3)])
def test_no_proof_for_an_entry_that_is_not_there(index: int, size: int) -> None:
    """Asking for an entry outside the tree is refused when proving and when checking."""
    with pytest.raises(FormatError):
        inclusion_proof(MANY.node, index, size)
    assert not verify_inclusion(MANY.hashes[0], index, size, [], MANY.hashes[0])


@pytest.mark.parametrize("size", [1, 255, 256, 257, 511, 512, 1_000])
def test_many_proofs_at_once_are_those_made_one_by_one(tmp_path: Path, size: int) -> None:
    """Grouping the work by tile gives the same bytes, at every width of the edge."""
    Log(tmp_path).append(entries(1_000))
    tree = TileTree(FolderSource(str(tmp_path)), 1_000)
    many = prove_many(tree, [*range(size - 1, -1, -3), 0, 0], size)
    assert set(many) == {*range(size - 1, -1, -3), 0}
    assert many == {index: inclusion_proof(tree.node, index, size) for index in many}
    with pytest.raises(FormatError):
        prove_many(tree, [0, size], size)


def test_a_tree_cannot_continue_a_larger_one() -> None:
    """Backwards is refused when proving and when checking."""
    with pytest.raises(FormatError):
        consistency_proof(MANY.node, 5, 4)
    assert not verify_consistency(5, 4, MANY.hashes[0], MANY.hashes[0], [])
