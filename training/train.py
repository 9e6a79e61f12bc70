"""Trains the names layer: `make train-names ARGS="--corpora FOLDER"`.

The same seed, corpora and class of machine give the same artefact, whose digest `record.json`
holds. Elsewhere the last bits of sums differ, so `--check` trains anew and compares the figures.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from muniment.detect.detectors.names import artefact
from muniment.detect.detectors.names.features import features
from muniment.detect.detectors.names.grids import as_grid
from muniment.detect.detectors.names.known import KNOWN
from muniment.detect.detectors.names.labels import TYPES
from muniment.detect.detectors.names.scan import Names
from muniment.detect.detectors.names.tokens import chunks
from training import corpora, lexicon
from training.corpora import Labelled
from training.encode import encode
from training.generate import Writer
from training.measure import Tally, measure, table
from training.network import Network, Task
from training.quantise import quantise

RECORD = Path(__file__).with_name("record.json")
HAND_WRITTEN = Path(__file__).parents[1] / "tests" / "data" / "detectors" / "names_heldout.jsonl"
LEARNED = ("sec_train.txt", "btc_a.conll", "btc_b.conll", "btc_e.conll", "wnut17_train.conll")
HELD_OUT = ("btc_g.conll", "wnut17_dev.conll")
SEED, TEXTS, EPOCHS = 20260101, 80_000, 5
CLOSE = 0.005
"""How far a figure may be from the recorded one on another machine."""

_FREQUENT = 4000
_NAMELIKE = ("given", "family", "city", "organisation", "country", "region")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides what comes out."""

    corpora: Path
    seed: int = SEED
    texts: int = TEXTS
    epochs: int = EPOCHS
    rate: float = 0.004
    repeats: int = 3
    which: str = "all"


def texts_to_learn(recipe: Recipe) -> list[Labelled]:
    """Write the generated texts and read the corpora."""
    writer = Writer(recipe.seed, recipe.which)
    texts = []
    for _ in range(recipe.texts):
        written = writer.document()
        texts.append(Labelled(written.text, tuple(written.spans or ())))
    for name in LEARNED:
        texts.extend(list(corpora.read(recipe.corpora / name)) * recipe.repeats)
    return texts


def train(recipe: Recipe, out: Path) -> str:
    """Train an artefact, write it, and give its digest."""
    texts = texts_to_learn(recipe)
    words = Counter(word for each in texts for word in _words(each.text))
    rows = lexicon.lexicon(words, lexicon.bits_of_lists(recipe.which))
    encoded = encode(texts, rows)
    numbered = features(encoded.vocabulary, rows)
    namelike = sum(1 << KNOWN.index(name) for name in _NAMELIKE)
    forget = np.where((numbered.known & namelike) != 0, 0.4, 0.2).astype(np.float32)
    task = Task(numbered, encoded.ids, encoded.right, encoded.places, forget)
    network = Network(1 + max(row for row, _ in rows.values()), recipe.seed)
    for number, loss in enumerate(network.learn(task, recipe.epochs, recipe.rate), start=1):
        print(
            f"round {number} of {recipe.epochs}: loss {loss:.4f}, {time.process_time():.0f} s",
            flush=True,
        )
    tables = {name: as_grid(table) for name, table in quantise(network.tables).items()}
    return artefact.write(out, rows, _frequent(texts), tables)


def _words(text: str) -> Iterator[str]:
    return (match[0].lower() for match in re.finditer(r"[^\W_]+", text))


def _frequent(texts: Sequence[Labelled]) -> tuple[str, ...]:
    """Give the chunks that are worth knowing from the start."""
    counted = Counter(chunk for each in texts for chunk in chunks(each.text))
    wanted = (
        chunk
        for chunk, _ in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
        if "\t" not in chunk and len(chunk) < 20
    )
    return tuple(chunk for chunk, _ in zip(wanted, range(_FREQUENT), strict=False))


def hand_written() -> list[Labelled]:
    """Read the sentences written by hand, which no training sees."""
    lines = HAND_WRITTEN.read_text(encoding="utf-8").splitlines()
    return [
        Labelled(row["text"], tuple((start, end, kind) for start, end, kind in row["spans"]))
        for row in map(json.loads, lines)
    ]


def figures(path: Path, corpora_folder: Path, *, loose: bool = False) -> dict[str, Tally]:
    """Measure an artefact on everything it did not learn from."""
    scan = Names(path).scan
    writer = Writer(99, "measuring")
    generated = [writer.document() for _ in range(1500)]
    sets = {
        "generated": [Labelled(each.text, tuple(each.spans or ())) for each in generated],
        **{name: list(corpora.read(corpora_folder / name)) for name in HELD_OUT},
        "hand-written": hand_written(),
    }
    return {name: measure(texts, scan, loose) for name, texts in sets.items()}


def as_record(digest: str, recipe: Recipe, measured: dict[str, Tally]) -> dict[str, object]:
    """Put a training on record."""
    return {
        "digest": digest,
        "machine": f"{platform.machine()}, NumPy {np.__version__}",
        "seed": recipe.seed,
        "texts": recipe.texts,
        "epochs": recipe.epochs,
        "lists": recipe.which,
        "f1": {
            name: {kind: round(tally.figures(kind)[2], 4) for kind in TYPES}
            for name, tally in measured.items()
        },
        "masked": {name: [round(x, 4) for x in tally.masked()] for name, tally in measured.items()},
    }


def compared(new: Mapping[str, object], old: Mapping[str, object]) -> list[str]:
    """Tell which figures are not close to the recorded ones."""
    told = []
    for name, recorded in _table(old).items():
        for kind, value in recorded.items():
            now = _table(new)[name][kind]
            if now < value - CLOSE:
                told.append(f"{name} {kind}: {now} was {value}")
    return told


def _table(record: Mapping[str, object]) -> dict[str, dict[str, float]]:
    found = record["f1"]
    if not isinstance(found, dict):
        raise TypeError("the record has no figures")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, measure and record, or check what is recorded."""
    parser = argparse.ArgumentParser(description="Train the names layer.")
    parser.add_argument("--corpora", type=Path, required=True, help="folder with the corpora")
    parser.add_argument("--out", type=Path, default=artefact.PATH)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--texts", type=int, default=TEXTS)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--held-out", action="store_true", help="learn without the held-out lists")
    parser.add_argument("--measure", action="store_true", help="measure the artefact as it is")
    parser.add_argument("--check", action="store_true", help="train anew and compare")
    given = parser.parse_args(arguments)
    which = "learning" if given.held_out else "all"
    recipe = Recipe(given.corpora, given.seed, given.texts, given.epochs, which=which)
    out = given.out.with_suffix(".check") if given.check else given.out
    digest = artefact.read(out).digest if given.measure else train(recipe, out)
    measured = figures(out, given.corpora)
    print(f"digest {digest}\n{table(measured, TYPES)}")
    print(f"with overlap\n{table(figures(out, given.corpora, loose=True), TYPES)}")
    record = as_record(digest, recipe, measured)
    if given.check:
        out.unlink()
        old = json.loads(RECORD.read_text(encoding="utf-8"))
        worse = compared(record, old)
        print("the same digest" if old["digest"] == digest else "another digest")
        print("\n".join(worse) or "all figures are as recorded, or better")
        return 1 if worse else 0
    if given.out == artefact.PATH:
        RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
