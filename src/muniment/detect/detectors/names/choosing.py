"""Chooses, by their scores, the words that may be of a name."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.detect.detectors.names.labels import begin_of, inside_of
from muniment.detect.detectors.names.spans import Piece

UNSURE = -2.0
"""A word whose best name is this far behind "no name" may still belong to a name beside it."""

SO_SHORT = tuple(
    label(kind) for kind in ("ORGANIZATION", "LOCATION") for label in (begin_of, inside_of)
)
"""Firms and places may be of one or two letters that stand alone, and no other names."""

TWICE = 0.6932
"""By so much a label may be behind another, and both of its type together be likelier."""


def named(pieces: Sequence[Piece]) -> list[Piece]:
    """Choose of all words that are unsure or better, by their place: runs need a sure one."""
    kept: list[Piece] = []
    first, last, is_sure = 0, -2, False
    for number, piece in enumerate(pieces):
        if piece.place != last + 1:
            if is_sure:
                kept += pieces[first:number]
            first, is_sure = number, False
        last = piece.place
        is_sure = is_sure or piece.lead > 0
    if is_sure:
        kept += pieces[first:]
    return kept


def not_too_short(pieces: list[Piece]) -> list[Piece]:
    """Leave out what stands alone and is too short to be a name."""
    short = [piece.place for piece in pieces if piece.short]
    if not short:
        return pieces
    places = {piece.place for piece in pieces}
    alone = {at for at in short if at - 1 not in places and at + 1 not in places}
    return [piece for piece in pieces if piece.place not in alone]


def doubted(pieces: Sequence[Piece]) -> list[Piece]:
    """Choose sure words, and unsure ones that stand side by side."""
    unsure = {piece.place for piece in pieces}
    return [
        piece
        for piece in pieces
        if piece.lead > 0 or piece.place - 1 in unsure or piece.place + 1 in unsure
    ]
