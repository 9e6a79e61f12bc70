"""Training, on a few texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.train import HELD_OUT, LEARNED, Recipe, compared, train


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    for name in (*LEARNED, *HELD_OUT):
        (tmp_path / name).write_text("Anna\tB-PER\nBerg\tI-PER\nleft\tO\n.\tO\n")
    return tmp_path


@pytest.mark.slow
def test_the_same_recipe_gives_the_same_artefact(folder: Path) -> None:
    """Trained twice on one machine, the digest is the same; another seed gives another."""
    recipe = Recipe(folder, seed=3, texts=60, epochs=1)
    one, two = (train(recipe, folder / name) for name in ("a.bin", "b.bin"))
    assert one == two
    assert train(Recipe(folder, seed=4, texts=60, epochs=1), folder / "c.bin") != one


def test_a_figure_that_fell_is_told() -> None:
    """Half a point less is told; more, or a little less, is not."""
    old = {"f1": {"hand": {"PERSON": 0.9, "NRP": 0.9}}}
    assert compared({"f1": {"hand": {"PERSON": 0.896, "NRP": 0.95}}}, old) == []
    assert len(compared({"f1": {"hand": {"PERSON": 0.894, "NRP": 0.9}}}, old)) == 1
