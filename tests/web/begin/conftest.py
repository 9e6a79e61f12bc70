"""An installation in which a call was answered and made safe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.exchanges.calling import Calling, calling_in
from tests.exchanges.making import JUDGED, outcome


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calling]:
    """One system, and one call that was changed before it left."""
    with calling_in(tmp_path_factory.mktemp("steps")) as made:
        made.leave()
        made.end(outcome(judged=JUDGED, answer="hmac-sha256:ee", answer_key="vk_1"))
        made.settle()
        yield made
