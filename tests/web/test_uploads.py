"""A form with a file is read as it arrives, however it is cut into pieces."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from muniment.core.errors import InvalidError
from muniment.web.uploads import read_upload
from tests.web.multipart import HEADERS, field, file, form


def taken(
    body: bytes, cuts: tuple[int, ...] = (), kind: str = HEADERS["content-type"]
) -> tuple[Mapping[str, str], str, bytes]:
    """Read a form that arrives in pieces."""
    places = sorted({0, *(each % (len(body) + 1) for each in cuts), len(body)})
    pieces = [body[first:last] for first, last in pairwise(places)]

    async def receive() -> dict[str, Any]:
        piece = pieces.pop(0) if pieces else b""
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def read() -> tuple[Mapping[str, str], str, bytes]:
        scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}
        found = await read_upload(Request(scope, receive), "file")
        data = b"".join([piece async for piece in found.pieces])
        return found.typed, found.file_name, data

    return asyncio.run(read())


@given(st.binary(max_size=300), st.tuples(st.integers(0, 900), st.integers(0, 900)))
def test_the_file_arrives_whole_however_it_is_cut(data: bytes, cuts: tuple[int, ...]) -> None:
    """Fields before it are read, the token is left out, what comes after it is not looked at."""
    parts = (field("csrf", "t"), field("name", "größer"), file("file", data), field("late", "x"))
    assert taken(form(*parts), cuts) == ({"name": "größer"}, "m.bin", data)


def test_a_line_that_looks_like_an_end_is_content() -> None:
    """Only the boundary of the form ends the file."""
    data = b"\r\n--a--\r\n\r\n--\r\n--"
    assert taken(form(file("file", data, "x.bin")), (5, 90, 95))[1:] == ("x.bin", data)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (form(field("name", "x")), "no file"),
        (form(file("other", b"x")), "no file"),
        (b"", "no file"),
        (form(file("file", b"x" * 50))[:-30], "broke off"),
        (form(field("name", "x" * 20_001), file("file", b"x")), "too long"),
        (form(*(field(f"n{each}", "x") for each in range(30)), file("file", b"")), "too long"),
        (b"no form at all", "no form"),
    ],
)
def test_what_is_no_whole_form_is_refused(body: bytes, says: str) -> None:
    """No file, another field, broken off, a flood of fields, no form."""
    with pytest.raises(InvalidError, match=says):
        taken(body)
