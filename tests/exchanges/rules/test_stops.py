"""Which stop a call runs into."""

from __future__ import annotations

import pytest

from muniment.core.errors import InvalidError
from muniment.exchanges import Stop, StopKind
from muniment.exchanges.rules import require_reason, require_stop, stop_met
from tests.exchanges.making import NOON


def made(number: int, kind: StopKind, name: str = "") -> Stop:
    """Make a stop."""
    return Stop(f"stp_{number}", kind, name, "because", "per_1", NOON)


def test_the_gravest_stop_is_told() -> None:
    """Of several stops a call runs into, that of everything is told; of others none."""
    stops = [made(1, StopKind.MODEL, "m"), made(2, StopKind.EVERYTHING), made(3, StopKind.KEY, "k")]
    names = {StopKind.MODEL: frozenset({"m"})}
    assert stop_met(stops, names) == stops[1]
    assert stop_met(stops[:1], names) == stops[0]
    assert stop_met(stops[2:], names) is None


@pytest.mark.parametrize(
    ("kind", "name", "reason", "field"),
    [
        (StopKind.EVERYTHING, "x", "r", "name"),
        (StopKind.MODEL, "", "r", "name"),
        (StopKind.MODEL, "a\x00", "r", "name"),
        (StopKind.MODEL, "x" * 121, "r", "name"),
        (StopKind.MODEL, "m", "", "reason"),
    ],
)
def test_what_cannot_be_stopped(kind: StopKind, name: str, reason: str, field: str) -> None:
    """Each wrong member is named."""
    with pytest.raises(InvalidError) as caught:
        require_stop(kind, name, reason)
    assert caught.value.field == field


def test_a_reason_is_not_a_book() -> None:
    """What people write as a reason is short."""
    require_reason("r" * 500)
    with pytest.raises(InvalidError):
        require_reason("r" * 501)
