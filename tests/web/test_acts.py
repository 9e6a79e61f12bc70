"""Something that can be done: offered, confirmed, done, or told what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from muniment.core.errors import ConflictError, InvalidError
from muniment.web.acts import read_day, said, status_of
from tests.server.asking import ask
from tests.server.office import PAGES, Office, words


def test_a_day_ends_when_it_is_over() -> None:
    """A grant until the 31st holds on the 31st; an exact time is taken as it is; no day is told."""
    at = read_day({"d": "2027-01-31"}, "d")
    assert at == datetime(2027, 1, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    assert read_day({"d": "2027-01-31T10:00"}, "d") == datetime(2027, 1, 31, 10, tzinfo=UTC)
    assert read_day({}, "d", required=False) is None
    for text in ("", "soon", "31.1.2027"):
        with pytest.raises(InvalidError):
            read_day({"d": text}, "d")


def test_an_error_is_said_once() -> None:
    """Reasons that are the message are not said again."""
    error = ConflictError("a; b", reasons=("a", "b", "c"), remedy="Wait.")
    assert said(error) == "A; b. C. Wait."
    assert status_of(error) == 409
    assert status_of(InvalidError()) == 422


def test_a_form_that_is_not_offered_is_not_done(office: Office) -> None:
    """Who may not see a form may not send it, whatever is in it."""
    builder = office.who("builder")
    assert office.page("/people/invite", builder).status == 403
    assert office.send("/people/invite", builder, name="x", email="x@example.org").status == 403


def test_a_file_that_is_no_text_is_refused(office: Office) -> None:
    """A picture instead of a table is told at its field; a huge one too."""
    security = office.who("security")
    for content, word in ((b"\xff\xfe\x00", "not text"), (b"a" * (5 * 1024 * 1024 + 1), "large")):
        body = (
            b'--b\r\ncontent-disposition: form-data; name="place"\r\n\r\ngrafana\r\n'
            b'--b\r\ncontent-disposition: form-data; name="file"; filename="x.csv"\r\n\r\n'
            + content
            + b"\r\n--b--\r\n"
        )
        headers = {
            **security.headers,
            "accept": "text/html",
            "content-type": "multipart/form-data; boundary=b",
        }
        answer = ask(
            office.app, f"{PAGES}/outside/bring-in", method="POST", headers=headers, chunks=[body]
        )
        assert answer.status == 422
        assert word in words(answer)


def test_a_text_with_a_nought_in_it_is_refused(office: Office) -> None:
    """A character that a database cannot keep is told, not broken on."""
    answer = office.send("/people/invite", name="a\0b", email="x@example.org")
    assert answer.status == 422
