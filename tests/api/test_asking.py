"""What every endpoint is handed: once only, from the right version, with no field too many."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from muniment.api.asking import Given, cut, matched
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError
from tests.server.asking import Answer
from tests.server.office import Office, office_in


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office."""
    with office_in(tmp_path_factory.mktemp("asking")) as opened:
        yield opened


def team(office: Office, name: str, key: str, **more: str) -> Answer:
    """Make a team under an idempotency key."""
    return office.api("POST", "/teams", {"name": name, **more}, headers={"idempotency-key": key})


def test_the_same_request_again_is_done_once(office: Office) -> None:
    """The second answer is the first, says that it is, and nothing more was made."""
    first, second = team(office, "Once", "k1"), team(office, "Once", "k1")
    assert (first.status, second.status) == (201, 201)
    assert first.json == second.json
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert second.headers["etag"] == first.headers["etag"]


def test_the_same_key_for_another_request_is_refused(office: Office) -> None:
    """Another body, or another address, under a key that was used is 422 with the header's name."""
    team(office, "Mine", "k2")
    other = team(office, "Other", "k2")
    assert (other.status, other.json["field"]) == (422, "Idempotency-Key")
    elsewhere = office.api(
        "POST",
        "/people",
        {"name": "A", "email": "a@example.org"},
        headers={"idempotency-key": "k2"},
    )
    assert elsewhere.status == 422


def test_what_failed_is_tried_again(office: Office) -> None:
    """Of a refusal nothing is kept, so the same key works once the obstacle is gone."""
    team(office, "Taken", "k3")
    assert team(office, "Taken", "k4").status == 409
    taken = next(
        each for each in office.api("GET", "/teams").json["rows"] if each["name"] == "Taken"
    )
    end = {"if-match": f'"{taken["version"]}"'}
    assert office.api("POST", f"/teams/{taken['id']}/end", headers=end).status == 200
    assert team(office, "Taken", "k4").status in {201, 409}


def test_requests_at_once_are_done_once(office: Office) -> None:
    """Of four that come together under one key one is done, and all are told the same."""
    answers: list[Answer] = []
    threads = [
        threading.Thread(target=lambda: answers.append(team(office, "Together", "k5")))
        for _ in range(4)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert {each.status for each in answers} == {201}
    assert len({each.json["id"] for each in answers}) == 1


def test_keys_of_two_callers_do_not_meet(office: Office) -> None:
    """Nobody is given the answer of another caller who used the same key."""
    team(office, "Ada's", "k6")
    body = {"name": "Sec's"}
    other = office.api(
        "POST", "/teams", body, by=office.who("security"), headers={"idempotency-key": "k6"}
    )
    assert other.status == 403


class Form(Given):
    """A form."""

    name: str


@pytest.mark.parametrize("text", ["a\x00b", "a\u202eb", "\ud800", "a\x1b[31m"])
def test_text_that_cannot_be_read_is_refused(text: str) -> None:
    """Control characters, turned text and broken characters never enter."""
    with pytest.raises(ValidationError):
        Form.model_validate({"name": text})
    assert Form.model_validate({"name": " two\nlines "}).name == "two\nlines"


def test_a_list_is_cut_into_pages() -> None:
    """Every row comes once; a cursor from elsewhere is refused."""
    rows, cursor, seen = list(range(7)), None, list[int]()
    while True:
        page = cut(rows, cursor, 3)
        seen += page.rows
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == rows
    for wrong in ("x", "WyJyb3ciLC0xXQ", "WyJyb3ciLCJ4Il0"):
        with pytest.raises(InvalidError):
            cut(rows, wrong, 3)


def test_a_conflict_is_told_apart_from_an_old_version() -> None:
    """Only where the version moved on is it 412; who may not read it learns no version."""

    def conflict() -> int:
        raise ConflictError("in the way")

    def hidden() -> int:
        raise ForbiddenError

    assert matched(1, lambda: 1, lambda: 5) == 5
    for current in (lambda: 1, hidden):
        with pytest.raises(ConflictError):
            matched(1, current, conflict)
    with pytest.raises(Exception, match="412"):
        matched(1, lambda: 2, conflict)
