"""Chooses, by their scores, the words that may be of a name."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.detect.detectors.names.labels import begin_of
from muniment.detect.detectors.names.spans import Piece

UNSURE = -2.0
"""A word whose best name is this far behind "no name" may still belong to a name beside it."""

_FIRM, _PLACE, _TWICE = begin_of("ORGANIZATION"), begin_of("LOCATION"), 0.6932


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
    short = [at for at, piece in enumerate(pieces) if piece.short]
    alone = {at for at in short if _is_alone(pieces, at) and not _may_be_so_short(pieces[at])}
    return [piece for at, piece in enumerate(pieces) if at not in alone] if alone else pieces


def _is_alone(pieces: list[Piece], at: int) -> bool:
    place, behind = pieces[at].place, at + 1
    return not (at and pieces[at - 1].place == place - 1) and not (
        behind < len(pieces) and pieces[behind].place == place + 1
    )


def _may_be_so_short(piece: Piece) -> bool:
    """Tell whether both labels of a firm or a place together may be likelier than another label."""
    scores = piece.scores
    best = max(scores[1:]) - _TWICE
    return max(scores[_FIRM : _FIRM + 2]) >= best or max(scores[_PLACE : _PLACE + 2]) >= best


def doubted(pieces: Sequence[Piece]) -> list[Piece]:
    """Choose sure words, and unsure ones that stand side by side."""
    unsure = {piece.place for piece in pieces}
    return [
        piece
        for piece in pieces
        if piece.lead > 0 or piece.place - 1 in unsure or piece.place + 1 in unsure
    ]
