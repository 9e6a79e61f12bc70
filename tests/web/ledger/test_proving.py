"""The proof as it is drawn: the same walk a verifier makes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from muniment import ledger
from muniment.core.clock import stamp
from muniment.ledger.kinds import CheckpointSigned
from muniment.ledger.rules import inclusion_proof
from muniment.server import House
from muniment.verify import leaf_hash, range_root
from muniment.web.ledger.proving import bounds, path, proof_of
from tests.server.asking import house_in
from tests.verify.log_maker import root_of
from tests.web.ledger.recorded import Swept, put


@given(st.integers(1, 70), st.data())
def test_every_path_drawn_ends_at_the_root(size: int, data: st.DataObject) -> None:
    """For any entry of any log, joining the hashes on the sides drawn gives the root."""
    index = data.draw(st.integers(0, size - 1))
    leaves = [leaf_hash(bytes([number])) for number in range(size)]

    def node(level: int, number: int) -> bytes:
        return root_of(leaves[number << level : (number + 1) << level])

    steps = path(leaves[index], index, size, inclusion_proof(node, index, size))
    assert range_root(node, 0, size) == root_of(leaves)
    assert (steps[-1].joined if steps else leaves[index].hex()) == root_of(leaves).hex()


def test_the_server_says_what_its_own_check_found(ledger_house: House) -> None:
    """A proof of a sound log holds, with the leaf and the root of that log."""
    entry = ledger.entry(ledger_house.log, 60)
    found = proof_of(ledger_house.log, entry)
    assert found is not None
    assert found.answer == "met"
    assert found.leaf == leaf_hash(entry.data).hex()
    assert found.steps[-1].joined == found.head.root
    assert found.head.witnesses == 0


def test_an_entry_lies_between_two_heads(tmp_path: Path) -> None:
    """The heads that the log notes of itself bound the time of what stands between them."""
    with house_in(tmp_path / "data") as house:
        house.log.begin()
        house.log.seal()
        first = house.log.status().signed_at
        put(house, [CheckpointSigned(1, "00", stamp(first)), Swept()])
        put(house, [CheckpointSigned(3, "00", stamp(first + timedelta(seconds=9)))])
        house.log.seal()
        now = house.log.status().signed_at
        assert bounds(house.log, 0, now).after is None
        assert bounds(house.log, 0, now).before == first
        between = bounds(house.log, 2, now)
        assert (between.after, between.before) == (first, first + timedelta(seconds=9))
        assert bounds(house.log, 3, now).before == now
