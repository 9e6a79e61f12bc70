"""Compares what the scanner finds with what is right: exact spans by type, and characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from muniment.detect.models import Finding
from training.corpora import UNSURE, Labelled


@dataclass(slots=True)
class Tally:
    """Counts of right, wrong and missed names by type, and of characters over all types."""

    hit: Counter[str] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    characters: Counter[str] = field(default_factory=Counter)

    def figures(self, kind: str) -> tuple[float, float, float]:
        """Give precision, recall and F1 of a type."""
        hit = self.hit[kind]
        precision = hit / max(1, hit + self.extra[kind])
        recall = hit / max(1, hit + self.missed[kind])
        return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)

    def masked(self) -> tuple[float, float]:
        """Give recall and precision of characters, organisations and titles apart."""
        hit = self.characters["hit"]
        return (
            hit / max(1, hit + self.characters["missed"]),
            hit / max(1, hit + self.characters["extra"]),
        )


_APART = frozenset({"ORGANIZATION", "JOB_TITLE"})


def measure(
    texts: Iterable[Labelled],
    scan: Callable[[str], Sequence[Finding]],
    loose: bool = False,
) -> Tally:
    """Count over all texts; `loose` lets an overlapping name of the type count as a hit."""
    tally = Tally()
    for labelled in texts:
        found = scan(labelled.text)
        _count(tally, labelled, [(each.start, each.end, each.type) for each in found], loose)
    return tally


def _count(
    tally: Tally,
    labelled: Labelled,
    found: list[tuple[int, int, str]],
    loose: bool,
) -> None:
    unsure = [span for span in labelled.spans if span[2] == UNSURE]
    right = [span for span in labelled.spans if span[2] != UNSURE]
    taken: set[int] = set()
    for start, end, kind in found:
        match = next(
            (
                number
                for number, (begin, finish, other) in enumerate(right)
                if number not in taken
                and other == kind
                and ((begin, finish) == (start, end) or (loose and begin < end and start < finish))
            ),
            None,
        )
        if match is not None:
            taken.add(match)
            tally.hit[kind] += 1
        elif kind not in labelled.silent and not any(s < end and start < e for s, e, _ in unsure):
            tally.extra[kind] += 1
    for number, (_, _, kind) in enumerate(right):
        if number not in taken:
            tally.missed[kind] += 1
    _characters(tally, labelled, found)


def _characters(tally: Tally, labelled: Labelled, found: list[tuple[int, int, str]]) -> None:
    skipped = {at for s, e, kind in labelled.spans if kind == UNSURE for at in range(s, e)}
    skipped |= {at for s, e, kind in found if kind in labelled.silent for at in range(s, e)}
    gold = {at for s, e, kind in labelled.spans if kind != UNSURE for at in range(s, e)}
    must = {
        at for s, e, kind in labelled.spans if kind not in _APART | {UNSURE} for at in range(s, e)
    }
    said = {at for s, e, _ in found for at in range(s, e)}
    strict = {at for s, e, kind in found if kind not in _APART for at in range(s, e)}
    tally.characters["hit"] += len(said & must - skipped)
    tally.characters["missed"] += len(must - said - skipped)
    tally.characters["extra"] += len(strict - gold - skipped)


def table(tallies: Mapping[str, Tally], kinds: Sequence[str]) -> str:
    """Print the figures, a line for each set of texts."""
    lines = []
    for name, tally in tallies.items():
        cells = [
            f"{kind[:6]} P{p:.3f} R{r:.3f} F{f:.3f}"
            for kind in kinds
            for p, r, f in [tally.figures(kind)]
            if tally.hit[kind] + tally.missed[kind]
        ]
        recall, precision = tally.masked()
        lines.append(f"{name:<14} {' | '.join(cells)} | mask R{recall:.3f} P{precision:.3f}")
    return "\n".join(lines)
