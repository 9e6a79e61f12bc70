"""Errors: what happened, where, why, and what to do next, in that order."""

from __future__ import annotations

import pickle

import pytest

from muniment.core import errors
from muniment.core.errors import CorruptError, InvalidError, MunimentError

FAMILY = [
    each
    for each in vars(errors).values()
    if isinstance(each, type) and issubclass(each, MunimentError)
]


def test_the_text_has_field_message_reasons_and_remedy() -> None:
    """A person reads the place, the fault, the reasons and the way out in one line."""
    error = InvalidError(
        "cannot be used",
        field="server.port",
        reasons=("too low", "taken"),
        remedy="Choose another.",
    )
    assert str(error) == "server.port: cannot be used (too low; taken) Choose another."


@pytest.mark.parametrize("kind", FAMILY)
def test_every_error_has_a_default_message_and_a_code(kind: type[MunimentError]) -> None:
    """An error raised without words still says something, and doors can tell it by its code."""
    assert str(kind()) == (kind.__doc__ or "").strip()
    assert kind.code
    assert kind.__name__.endswith("Error")


def test_codes_differ_and_only_corruption_is_fatal() -> None:
    """No two errors look alike to a program; only an unknown state of the world stops it."""
    assert len({kind.code for kind in FAMILY}) == len(FAMILY)
    assert [kind for kind in FAMILY if kind.fatal] == [CorruptError]


def test_an_error_survives_the_way_between_processes() -> None:
    """A worker process can hand its error to another without losing a part."""
    error = InvalidError("bad", field="a", subject="sys_1", remedy="Mend it.", reasons=("x",))
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.subject, again.reasons) == (str(error), "sys_1", ("x",))
