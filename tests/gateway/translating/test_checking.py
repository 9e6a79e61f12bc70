"""Fields are taken as what they must be, or refused by where they stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from muniment.core.errors import InvalidError, UnavailableError
from muniment.gateway.translating import checking
from muniment.gateway.translating.said import Picture


@pytest.mark.parametrize(
    ("take", "value"),
    [
        (checking.an_object, []),
        (checking.a_list, {}),
        (checking.a_text, 5),
        (checking.optional_text, 5),
        (checking.a_flag, 1),
        (checking.a_number, True),
        (checking.texts, 5),
        (checking.arguments_in, "[]"),
        (checking.arguments_in, "{"),
        (checking.picture_at, "data:image/png,abc"),
        (checking.picture_at, "file:///etc/passwd"),
    ],
)
def test_what_is_something_else_is_refused(take: Callable[[Any, str], Any], value: object) -> None:
    """The error names the field, for whoever has to mend the request."""
    with pytest.raises(InvalidError) as refused:
        take(value, "some.field")
    assert refused.value.field == "some.field"


def test_what_is_right_is_taken() -> None:
    """Null is nothing said."""
    assert checking.texts(None, "a") == ()
    assert checking.texts("x", "a") == ("x",)
    assert checking.a_number(None, "a") is None
    assert not checking.a_flag(None, "a")
    assert checking.arguments_in("", "a") == {}
    assert checking.picture_at("data:image/png;base64,abc", "a") == Picture("image/png", "abc")
    assert checking.place("", "a") + checking.place("a", 0) + checking.place("a", "b") == "aa[0]a.b"
    checking.require_known({"a": None, "n": 1}, (), usual={"n": (1,)})


@pytest.mark.parametrize("value", ["[]", "{", 5])
def test_arguments_of_an_answer_must_be_an_object(value: object) -> None:
    """A provider that sends anything else broke its promise; the caller did not."""
    with pytest.raises(UnavailableError):
        checking.heard_arguments(value)
    with pytest.raises(UnavailableError):
        checking.objects(value, "content")
