"""What these tests share: one small demonstration for the whole run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.demo.asking import Shown, built_in, shown_in


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """A small demonstration, built once and looked at by all."""
    folder = tmp_path_factory.mktemp("demo") / "demo-data"
    built_in(folder)
    with shown_in(folder) as opened:
        yield opened
