"""Which words of a text are looked at, all of them at once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from muniment.detect.detectors.names.candidates import COUNTS, HEAVY, STRONG, WEAK
from muniment.detect.detectors.names.looks import looked_at, to_look_at


def test_neighbours_are_looked_at_too() -> None:
    """What stands beside a strong word may belong to its name."""
    strong = np.array([False, False, True, False, False])
    assert looked_at(strong).tolist() == [False, True, True, True, False]


def _told(weights: list[int]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    told = {0: 0, WEAK: COUNTS, STRONG: COUNTS | HEAVY}
    return np.array([told[each] for each in weights], dtype=np.uint8)


def test_weak_words_count_beside_others() -> None:
    """Two of them side by side may be a name, and so may one beside a strong word."""
    looked = to_look_at(_told([WEAK, 0, WEAK, WEAK, 0, STRONG, WEAK, 0]))
    assert looked.strong.tolist() == [False, False, True, True, False, True, True, False]


@given(st.lists(st.sampled_from([0, 0, WEAK, STRONG]), max_size=40))
def test_words_are_chosen_all_at_once_as_one_by_one(weights: list[int]) -> None:
    """The words looked at are the strong, the weak beside one that counts, and their neighbours."""
    around = [0, *weights, 0]
    strong = [
        here == STRONG or (here == WEAK and bool(around[at] or around[at + 2]))
        for at, here in enumerate(weights)
    ]
    looked = to_look_at(_told(weights))
    assert looked.places.tolist() == np.flatnonzero(looked_at(np.array(strong, bool))).tolist()
    assert not len(looked.places) or looked.strong.tolist() == strong
