"""What these tests share: installations with and without calls."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.exchanges import Refusal
from tests.exchanges.calling import calling_in
from tests.exchanges.making import JUDGED, origin, outcome


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of an installation with an answered and a refused call."""
    made = tmp_path_factory.mktemp("calls")
    with calling_in(made) as calls:
        calls.leave()
        calls.end(outcome(judged=JUDGED))
        calls.refuse(Refusal(origin("exc_no"), "gpt-test", "decide", "blocked", 403, JUDGED))
        calls.settle()
    return made / "data"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of an installation without a call."""
    made = tmp_path_factory.mktemp("none")
    with calling_in(made):
        return made / "data"
