"""The session's cookie, its token, and who looks at a page."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import Response

from muniment.access import Visitor
from muniment.core.actor import Actor, ActorKind
from muniment.core.errors import UnauthenticatedError
from muniment.web.callers import (
    clear_session,
    csrf_token,
    form_token,
    is_token,
    require_visitor,
    set_session,
    visitor_of,
)


@pytest.mark.parametrize("secure", [True, False])
def test_the_cookie_is_for_this_host_and_no_script(secure: bool) -> None:  # noqa: FBT001
    """HttpOnly, SameSite, at the root; behind TLS Secure and bound to the host by its name."""
    answer = Response()
    set_session(answer, "s3cret", secure=secure)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-muniment=s3cret" if secure else "muniment=s3cret")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert ("Secure" in cookie) is secure
    assert "Domain" not in cookie
    clear_session(answer, secure=secure)
    assert "Max-Age=0" in answer.headers.getlist("set-cookie")[1]


def test_a_token_is_of_one_session_and_does_not_tell_its_secret() -> None:
    """Another session's token is refused, and a token is not the secret."""
    assert is_token(csrf_token("one"), "one")
    assert not is_token(csrf_token("two"), "one")
    assert not is_token("", "one")
    assert "one" not in csrf_token("one")


def test_who_looks_is_told_by_the_edge_only() -> None:
    """Without the edge's word nobody is there, and what needs somebody refuses."""
    empty = Request({"type": "http", "headers": []})
    assert visitor_of(empty) is None
    assert form_token(empty) == ""
    with pytest.raises(UnauthenticatedError):
        require_visitor(empty)
    ines = Visitor(Actor(ActorKind.PERSON, "per_1"))
    known = Request({"type": "http", "headers": [], "state": {"visitor": ines}})
    assert require_visitor(known) is ines
