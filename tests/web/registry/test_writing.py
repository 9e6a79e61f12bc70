"""A version is written and a change drafted by forms; what cannot be meant stands at its field."""

from __future__ import annotations

from tests.server.office import words
from tests.server.registered import Registered


def test_a_change_begins_by_two_forms(there: Registered) -> None:
    """The part shows the version, the draft names it, and its page says what it answers for."""
    system = there.live()
    here = f"/systems/{system.id}"
    assert "Draft a change" in words(there.page("builder", here))
    assert "Write a version" in words(there.page("builder", f"{here}/write"))
    done = there.send("builder", f"{here}/write", part="prompt/main", text="Be kind.", ticket="T-1")
    assert done.headers["location"].endswith("/parts/prompt/main?version=1")
    routing = there.send(
        "builder", f"{here}/write", part="routing/main", document='{"routes": [1]}'
    )
    assert routing.status == 303
    assert b"prompt/main=1" in there.page("builder", f"{here}/draft").body
    given = {"title": "First", "reason": "as asked", "versions": "prompt/main=1", "commit": "0f3a"}
    made = there.send("builder", f"{here}/draft", **given)
    assert made.status == 303
    page = words(there.page("builder", made.headers["location"].removeprefix("/console/registry")))
    assert "First" in page
    assert there.send("operator", f"{here}/draft", **given).status == 403


def test_what_cannot_be_meant_stands_at_its_field(there: Registered) -> None:
    """Neither text nor document, both, no JSON, no version, another sort: nothing is written."""
    here = f"/systems/{there.live().id}"
    for typed, says in (
        ({}, "One of both is wanted"),
        ({"text": "x", "document": "{}"}, "One of both is wanted"),
        ({"document": "{"}, "Is not JSON"),
        ({"document": "[]"}, "Is not an object"),
        ({"text": "x", "part": "wish/main"}, "wish"),
    ):
        refused = there.send("builder", f"{here}/write", **{"part": "prompt/main", **typed})
        assert refused.status == 422
        assert says in words(refused)
    given = {"title": "First", "reason": "as asked"}
    for typed, says in (
        ({"versions": "prompt/main"}, "names no version"),
        ({"versions": "prompt/main=1\nprompt/main=2"}, "names no version"),
        ({"versions": "prompt/main=1", "sort": "wish"}, "Is not known"),
    ):
        refused = there.send("builder", f"{here}/draft", **given, **typed)
        assert refused.status == 422
        assert says in words(refused)
