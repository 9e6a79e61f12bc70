"""A disputed text on its page."""

from __future__ import annotations

from tests.access.recorded import records
from tests.exchanges.calling import TEXT, Calling
from tests.server.asking import Answer, ask
from tests.server.office import words


def send_file(calls: Calling, content: bytes, **typed: str) -> Answer:
    """Send the form with a file."""
    lines = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in typed.items()
    ]
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="t.txt"\r\n\r\n'
    body = b"".join([*lines, head, content, b"\r\n--x--\r\n"])
    headers = {
        "accept": "text/html",
        "content-type": "multipart/form-data; boundary=x",
        "sec-fetch-site": "same-origin",
        **calls.who("security").headers,
    }
    where = "/console/exchanges/exc_1/match"
    return ask(calls.there.app, where, method="POST", headers=headers, chunks=[body])


def test_three_answers_and_nothing_kept(calls: Calling) -> None:
    """The text itself matches, another does not, by field or file; what was asked is on record."""
    here, given = "/exc_1/match", {"direction": "prompt", "reason": "a complaint"}
    assert "The text is not kept" in words(calls.page("security", here))
    assert "It matches" in words(calls.send("security", here, text=TEXT.decode(), **given))
    other = calls.send("security", here, text="Refund 4000 EUR", **given)
    assert "It does not match" in words(other)
    assert "It matches" in words(send_file(calls, TEXT + b"\r\n", **given))
    answer = calls.send("security", here, text="x", direction="answer", reason="a complaint")
    assert "Could not tell" in words(answer)  # the vault knows no such key
    for wrong in ({"text": ""}, {"text": "x", "reason": ""}, {"text": "x", "direction": "up"}):
        assert calls.send("security", here, **{**given, **wrong}).status == 422
    assert calls.send("operator", here, text="x", **given).status == 403
    told = str(records(calls.house.database))
    assert "does_not_match" in told
    assert "Refund 4000" not in told
    assert "refund 40" not in told
