"""A stream that is shut says why, and what to do."""

from __future__ import annotations

import pytest

from muniment.core.errors import BlockedError, UnavailableError
from muniment.detect import Action, ActionRule, Policy, Scanner
from muniment.detect.models import Scan
from muniment.detect.rules.actions import Means
from muniment.detect.service.stream import Stream

STOPS = Policy("stops", (ActionRule(Action.BLOCK, types=("EMAIL_ADDRESS",)),), default=Action.ALLOW)


def _breaks(_text: str, _after: int) -> Scan:
    raise ValueError("it broke")


def test_each_way_of_being_shut_has_its_words() -> None:
    """What the policy stopped, what is over and what broke are told apart."""
    scanner = Scanner(layers="patterns")
    stopped = scanner.stream(STOPS)
    stopped.finish("write to maria@example.com, please")
    with pytest.raises(BlockedError, match="nothing more of this text") as caught:
        stopped.feed("more")
    assert caught.value.reasons
    over = scanner.stream(STOPS)
    over.finish("so it is")
    with pytest.raises(UnavailableError, match="is over"):
        over.feed("more")
    broken = Stream(_breaks, STOPS, Means())
    with pytest.raises(ValueError, match="broke"):
        broken.finish("Maria wrote")
    with pytest.raises(UnavailableError, match="failed"):
        broken.feed("more")
