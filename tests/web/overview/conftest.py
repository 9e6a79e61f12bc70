"""What these tests share: an installation with a system, calls, and people who wait."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from muniment.exchanges import Refusal
from tests.exchanges.calling import Calling, calling_in
from tests.exchanges.making import JUDGED, intent, origin, outcome


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calling]:
    """An installation with a live system, an answered, an open and a refused call."""
    with calling_in(tmp_path_factory.mktemp("overview")) as made:
        for role in ("owner", "operator", "releaser", "builder", "compliance"):
            made.there.people[role] = made.who(role)
        made.there.live()
        made.leave()
        made.end(outcome(judged=JUDGED, answer="hmac-sha256:ee", answer_key="vk_1"))
        made.leave(intent("exc_open"))
        made.refuse(Refusal(origin("exc_no"), "gpt-test", "decide", "blocked", 403, JUDGED))
        made.settle()
        yield made
