"""Chooses, by their scores, the words that may be of a name."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from muniment.detect.detectors.names.candidates import LEFT
from muniment.detect.detectors.names.labels import begin_of
from muniment.detect.detectors.names.reading import Read

_UNSURE = -2.0
"""A word whose best name is this far behind "no name" may still belong to a name beside it."""

_FIRM, _PLACE, _TWICE = begin_of("ORGANIZATION"), begin_of("LOCATION"), 0.6932


def named(places: list[int], leads: list[float]) -> tuple[list[int], int]:
    """Give the words that may be of a name, by their order: runs of unsure ones need a sure one.

    Also give the place of the last unsure one.
    """
    kept: list[int] = []
    first, last, is_sure = 0, -2, False
    unsure = [number for number, lead in enumerate(leads) if lead > _UNSURE]
    for count, number in enumerate(unsure):
        if places[number] != last + 1:
            if is_sure:
                kept += unsure[first:count]
            first, is_sure = count, False
        last = places[number]
        is_sure = is_sure or leads[number] > 0
    if is_sure:
        kept += unsure[first:]
    return kept, last


def not_too_short(
    read: Read, chosen: list[int], places: list[int], scores: npt.NDArray[np.float32]
) -> list[int]:
    """Leave out what stands alone and is too short to be a name, but of a firm or a place."""
    told, word, kept, ends = read.memory.told, read.word, [], len(chosen) - 1
    for at, number in enumerate(chosen):
        place = places[number]
        short = (
            told[word[place + LEFT]][3]
            and (at == 0 or places[chosen[at - 1]] != place - 1)
            and (at == ends or places[chosen[at + 1]] != place + 1)
        )
        if not short or _may_be_so_short(scores[:, number].tolist()):
            kept.append(number)
    return kept


def _may_be_so_short(scores: list[float]) -> bool:
    """Tell whether both labels of a firm or a place together may be likelier than another label."""
    so_short = max(*scores[_FIRM : _FIRM + 2], *scores[_PLACE : _PLACE + 2])
    return so_short + _TWICE >= max(scores[1:])


def doubted(places: list[int], leads: list[float]) -> list[int]:
    """Give the places of sure words, and of unsure ones that stand side by side."""
    unsure = {place: lead for place, lead in zip(places, leads, strict=True) if lead > _UNSURE}
    return [
        place
        for place, lead in unsure.items()
        if lead > 0 or place - 1 in unsure or place + 1 in unsure
    ]
