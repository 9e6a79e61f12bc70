"""A form with one file that is read as it arrives: fields first, then the file, piece by piece.

Nothing of the file stands in memory as a whole or on a disk unencrypted; where it goes is decided
by whoever takes the pieces. Fields that come after the file are not read.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from anyio import from_thread
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from muniment.core.errors import InvalidError
from muniment.web.callers import CSRF_FIELD

_MOST_FIELD_BYTES: Final = 20_000
_MOST_FIELDS: Final = 20
_REMEDY: Final = "Choose the file on the page and send its form."


@dataclass(frozen=True, slots=True)
class Upload:
    """What was typed, how the file is called where it comes from, and its bytes."""

    typed: Mapping[str, str]
    file_name: str
    pieces: AsyncGenerator[bytes, None]

    def chunks(self) -> Iterator[bytes]:
        """Give the bytes to a thread that waits for them."""
        while True:
            try:
                yield from_thread.run(self.pieces.__anext__)
            except StopAsyncIteration:
                return


async def read_upload(request: Request, field: str) -> Upload:
    """Read a form until its file begins."""
    arriving = _Arriving(request, field)
    await arriving.begin()
    return Upload(arriving.typed, arriving.file_name, arriving.pieces())


class _Arriving:
    """A form as it comes in: what was read of it so far, and what waits to be given on."""

    def __init__(self, request: Request, field: str) -> None:
        self.typed: dict[str, str] = {}
        self.file_name = ""
        self._field, self._stream = field, request.stream()
        self._begun = self._ended = False
        self._name, self._header = "", [b"", b""]
        self._headers: dict[bytes, bytes] = {}
        self._value, self._waiting = bytearray(), list[bytes]()
        _, options = parse_options_header(request.headers.get("content-type", ""))
        self._parser = MultipartParser(
            options.get(b"boundary", b""),
            {
                "on_part_begin": self._part_begins,
                "on_part_data": self._part_data,
                "on_part_end": self._part_ends,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_ends,
                "on_headers_finished": self._headers_end,
            },
        )

    async def begin(self) -> None:
        """Read until the file begins."""
        while not self._begun:
            if not await self._more():
                raise _no_file(self._field)

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """Give the bytes of the file on; a form that breaks off is an error, not its end."""
        while True:
            while self._waiting:
                yield self._waiting.pop(0)
            if self._ended:
                return
            if not await self._more():
                raise InvalidError(
                    "the form broke off before its file ended; nothing was kept",
                    field=self._field,
                    remedy="Send it again.",
                )

    async def _more(self) -> bool:
        piece = await anext(self._stream, b"")
        if not piece:
            return False
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise InvalidError("this is no form", field=self._field, remedy=_REMEDY) from error
        return True

    def _part_begins(self) -> None:
        self._headers, self._value, self._name = {}, bytearray(), ""

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header[0] += data[start:end].lower()

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1] += data[start:end]

    def _header_ends(self) -> None:
        name, value = self._header
        self._headers[name], self._header = value, [b"", b""]

    def _headers_end(self) -> None:
        said = self._headers.get(b"content-disposition", b"")
        _, options = parse_options_header(said)
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" in options and self._name == self._field and not self._begun:
            self.file_name = options[b"filename"].decode("utf-8", "replace")
            self._begun = True

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self._begun:
            if not self._ended:
                self._waiting.append(data[start:end])
            return
        self._value += data[start:end]
        if len(self._value) > _MOST_FIELD_BYTES or len(self.typed) > _MOST_FIELDS:
            raise InvalidError("a field is far too long", field=self._field, remedy=_REMEDY)

    def _part_ends(self) -> None:
        if self._begun:
            self._ended = True
        elif self._name != CSRF_FIELD:
            text = self._value.decode("utf-8", "replace").replace("\r\n", "\n").strip()
            self.typed[self._name] = text


def _no_file(field: str) -> InvalidError:
    return InvalidError("there is no file in this form", field=field, remedy=_REMEDY)
