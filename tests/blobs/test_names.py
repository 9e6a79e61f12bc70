"""What objects may be called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.blobs.names import is_lawful_name, require_name, require_prefix
from muniment.core.errors import InvalidError


@given(st.text(max_size=300))
def test_a_lawful_name_cannot_climb_hide_or_surprise(name: str) -> None:
    """Whatever text is accepted is ASCII, relative, without empty or dotted parts."""
    if not is_lawful_name(name):
        return
    assert name.isascii()
    assert not name.startswith("/")
    assert all(part and not part.startswith(".") for part in name.split("/"))
    assert not set(name) & set('\\\0\n\r\t :*?"<>|')


@given(
    st.from_regex(r"[a-zA-Z0-9_=+@~-][a-zA-Z0-9._=+@~-]{0,20}(/[a-z0-9]{1,9}){0,5}", fullmatch=True)
)
def test_lawful_names_are_accepted_with_each_of_their_folders(name: str) -> None:
    """A lawful name is accepted, and so is every folder of it as a prefix."""
    assert require_name(name) == name
    parts = name.split("/")
    for count in range(1, len(parts)):
        assert require_prefix("/".join(parts[:count]) + "/")


def test_a_refusal_names_the_field_the_reason_and_the_remedy() -> None:
    """A bad name is refused in a sentence that says which, why and what to use instead."""
    with pytest.raises(InvalidError, match=r"^name: 'a/\.\./b' cannot be .* Use parts of ASCII"):
        require_name("a/../b")
