"""The network and how it learns, in NumPy alone.

Each word is the sum of learned rows: its own, its parts', its shape's, its marks'. Nine words in
a row give one hidden layer, and that gives a score for each label. Learning is Adam on batches.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from muniment.detect.detectors.names.candidates import LEFT, WINDOW
from muniment.detect.detectors.names.features import (
    KNOWN_COUNT,
    MARK_COUNT,
    SHAPE_COUNT,
    Features,
)
from muniment.detect.detectors.names.known import PART_BUCKETS
from muniment.detect.detectors.names.labels import LABELS

Floats = npt.NDArray[np.floating]
Ints = npt.NDArray[np.signedinteger]
DIM, HIDDEN = 32, 96
BATCH = 4096
_DROP_HIDDEN = 0.2
_DROP_KNOWN = 0.5
_DROP_PLACE = 0.12
_SMALL = 64


@dataclass(frozen=True, slots=True)
class Task:
    """What there is to learn: places in a row of words, and the answers that count as right."""

    features: Features
    ids: Ints
    right: Ints
    places: Ints
    forget: Floats


class Network:
    """The learned tables and one step of learning."""

    def __init__(self, rows: int, seed: int) -> None:
        self.chance = np.random.Generator(np.random.PCG64(seed))
        sizes = {
            "row": (rows, DIM), "parts": (PART_BUCKETS, DIM), "shape": (SHAPE_COUNT, DIM),
            "before": (MARK_COUNT, DIM), "after": (MARK_COUNT, DIM), "known": (KNOWN_COUNT, DIM),
            "first": (WINDOW * DIM, HIDDEN), "first_bias": (HIDDEN,),
            "second": (HIDDEN, LABELS), "second_bias": (LABELS,),
        }  # fmt: skip
        scales = {"first": 0.08, "second": 0.15, "first_bias": 0.0, "second_bias": 0.0}
        self.tables: dict[str, Floats] = {
            name: (self.chance.standard_normal(size) * scales.get(name, 0.12)).astype(np.float32)
            for name, size in sizes.items()
        }
        self._mean = {name: np.zeros_like(table) for name, table in self.tables.items()}
        self._spread = {name: np.zeros_like(table) for name, table in self.tables.items()}
        self._step = 0

    def learn(self, task: Task, epochs: int, rate: float) -> Iterator[float]:
        """Go through the places so many times; give the mean loss of each round."""
        total = epochs * ((len(task.places) + BATCH - 1) // BATCH)
        done = 0
        for _ in range(epochs):
            order = self.chance.permutation(task.places)
            losses = []
            for start in range(0, len(order), BATCH):
                done += 1
                now = rate * min(1.0, done / 50) * max(0.02, 1 - done / total)
                losses.append(self._batch(task, order[start : start + BATCH], now))
            yield float(np.mean(losses))

    def _batch(self, task: Task, places: Ints, rate: float) -> float:
        window = task.ids[places[:, None] + np.arange(-LEFT, WINDOW - LEFT, dtype=np.int32)]
        unique, index = np.unique(window, return_inverse=True)
        index = index.reshape(window.shape)
        chosen = self._partly_forgotten(task, unique)
        words = self.words(chosen)
        seen = self.chance.random((*index.shape, 1), dtype=np.float32) > _DROP_PLACE
        seen[:, LEFT] = True
        inputs = (words[index] * seen).reshape(len(places), -1)
        raw = inputs @ self.tables["first"] + self.tables["first_bias"]
        kept = (self.chance.random(raw.shape, dtype=np.float32) > _DROP_HIDDEN) & (raw > 0)
        hidden = raw * kept / np.float32(1 - _DROP_HIDDEN)
        logits = hidden @ self.tables["second"] + self.tables["second_bias"]
        loss, slope = _loss(logits, task.right[places])
        grads = {"second": hidden.T @ slope, "second_bias": slope.sum(0)}
        back = (slope @ self.tables["second"].T) * kept / np.float32(1 - _DROP_HIDDEN)
        grads["first"], grads["first_bias"] = inputs.T @ back, back.sum(0)
        to_inputs = (back @ self.tables["first"].T).reshape(-1, DIM)
        to_inputs *= seen.reshape(-1, 1)
        to_words = _summed(index.ravel(), to_inputs, len(unique))
        self._to_tables(chosen, to_words, grads)
        self._adam(grads, rate)
        return loss

    def _partly_forgotten(self, task: Task, unique: Ints) -> Features:
        whole = task.features
        forget = self.chance.random(len(unique)) < task.forget[unique]
        also_known = forget & (self.chance.random(len(unique)) < _DROP_KNOWN)
        return Features(
            np.where(forget, 0, whole.row[unique]), whole.parts[unique], whole.shape[unique],
            whole.before[unique], whole.after[unique], np.where(also_known, 0, whole.known[unique]),
        )  # fmt: skip

    def words(self, chosen: Features) -> Floats:
        """Add up the rows of each word."""
        tables = self.tables
        total = tables["row"][chosen.row] + tables["shape"][chosen.shape]
        total += tables["before"][chosen.before] + tables["after"][chosen.after]
        total += known_bits(chosen.known) @ tables["known"]
        for column in range(chosen.parts.shape[1]):
            total += tables["parts"][chosen.parts[:, column]]
        return total

    def logits(self, task: Task, places: Ints) -> Floats:
        """Give the scores of the labels at some places, with nothing forgotten."""
        words = self.words(task.features)
        window = task.ids[places[:, None] + np.arange(-LEFT, WINDOW - LEFT, dtype=np.int32)]
        inputs = words[window].reshape(len(places), -1)
        hidden = np.maximum(inputs @ self.tables["first"] + self.tables["first_bias"], 0)
        scores: Floats = hidden @ self.tables["second"] + self.tables["second_bias"]
        return scores

    def _to_tables(self, chosen: Features, slope: Floats, grads: dict[str, Floats]) -> None:
        for name in ("row", "shape", "before", "after"):
            size = len(self.tables[name])
            grads[name] = _summed(getattr(chosen, name), slope, size)
        grads["known"] = known_bits(chosen.known).T @ slope
        columns = chosen.parts.shape[1]
        grads["parts"] = _summed(
            chosen.parts.ravel(), np.repeat(slope, columns, axis=0), PART_BUCKETS
        )

    def _adam(self, grads: dict[str, Floats], rate: float) -> None:
        self._step += 1
        correct = np.float32(rate * np.sqrt(1 - 0.99**self._step) / (1 - 0.9**self._step))
        for name, grad in grads.items():
            mean, spread = self._mean[name], self._spread[name]
            mean *= np.float32(0.9)
            mean += np.float32(0.1) * grad
            spread *= np.float32(0.99)
            spread += np.float32(0.01) * grad * grad
            self.tables[name] -= correct * mean / (np.sqrt(spread) + np.float32(1e-8))


def known_bits(known: Ints) -> Floats:
    """Unfold the bits of what is known into ones and zeros."""
    return ((known[:, None] >> np.arange(KNOWN_COUNT, dtype=np.int32)) & 1).astype(np.float32)


def _summed(index: Ints, values: Floats, size: int) -> Floats:
    """Add up the rows of values that have the same index."""
    width = values.shape[1]
    if size <= _SMALL:
        small: Floats = (index[:, None] == np.arange(size)).astype(np.float32).T @ values
        return small
    cells = (index.astype(np.int64)[:, None] * width + np.arange(width)).ravel()
    total = np.bincount(cells, weights=values.ravel(), minlength=size * width)
    return total.astype(np.float32).reshape(size, width)


def _loss(logits: Floats, right: Ints) -> tuple[float, Floats]:
    allowed = ((right[:, None] >> np.arange(LABELS, dtype=np.int32)) & 1).astype(bool)
    shifted = logits - logits.max(1, keepdims=True)
    likely = np.exp(shifted)
    likely /= likely.sum(1, keepdims=True)
    inside = np.where(allowed, likely, 0)
    mass = np.maximum(inside.sum(1, keepdims=True), 1e-9)
    slope = (likely - inside / mass) / np.float32(len(logits))
    return float(-np.log(mass).mean()), slope.astype(np.float32)
