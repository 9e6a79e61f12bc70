"""What a stop says of itself."""

from __future__ import annotations

from muniment.exchanges import Stop, StopKind
from tests.exchanges.making import NOON


def test_it_is_said_in_words() -> None:
    """A caller reads what was stopped, with its name if it has one."""
    assert Stop("s", StopKind.MODEL, "m", "r", "p", NOON).says() == "the model m is stopped"
    assert Stop("s", StopKind.EVERYTHING, "", "r", "p", NOON).says() == "everything is stopped"
