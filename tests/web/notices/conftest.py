"""What tests of the pages of notices share: an installation, a guard, a builder, an admin."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.notices.asking import Console, opened


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """One installation for the tests of a file."""
    with opened(tmp_path_factory.mktemp("notices")) as made:
        yield made
