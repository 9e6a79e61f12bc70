"""Chooses, by their scores, the words that may be of a name."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.detect.detectors.names.labels import begin_of, inside_of
from muniment.detect.detectors.names.spans import Piece

UNSURE = -2.0
"""A word whose best name is this far behind "no name" may still belong to a name beside it."""

_FIRM, _IN_FIRM = begin_of("ORGANIZATION"), inside_of("ORGANIZATION")
_PLACE, _IN_PLACE = begin_of("LOCATION"), inside_of("LOCATION")
_TWICE = 0.6932


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
    """Leave out what stands alone and is too short to be a name, but of a firm or a place."""
    short = [piece for piece in pieces if piece.short]
    if not short:
        return pieces
    places = {piece.place for piece in pieces}
    too_short = {
        piece.place
        for piece in short
        if piece.place - 1 not in places
        and piece.place + 1 not in places
        and not _may_be_so_short(piece.scores)
    }
    return [piece for piece in pieces if piece.place not in too_short]


def _may_be_so_short(scores: Sequence[float]) -> bool:
    """Tell whether both labels of a firm or a place together may be likelier than another label."""
    best = max(scores[1:])
    return (
        scores[_FIRM] + _TWICE >= best
        or scores[_PLACE] + _TWICE >= best
        or scores[_IN_FIRM] + _TWICE >= best
        or scores[_IN_PLACE] + _TWICE >= best
    )


def doubted(pieces: Sequence[Piece]) -> list[Piece]:
    """Choose sure words, and unsure ones that stand side by side."""
    unsure = {piece.place for piece in pieces}
    return [
        piece
        for piece in pieces
        if piece.lead > 0 or piece.place - 1 in unsure or piece.place + 1 in unsure
    ]
