"""Writes forms with a file in them, as a browser sends them."""

from __future__ import annotations

from tests.server.asking import Answer, ask
from tests.server.registered import Registered

HEADERS = {"accept": "text/html", "content-type": "multipart/form-data; boundary=b"}


def field(name: str, value: str) -> bytes:
    """Write a field."""
    return f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def file(name: str, data: bytes, called: str = "m.bin") -> bytes:
    """Write a file."""
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="{called}"\r\n'
    return head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + data + b"\r\n"


def form(*parts: bytes) -> bytes:
    """End a form."""
    return b"".join(parts) + b"--b--\r\n"


def send_form(there: Registered, role: str, path: str, body: bytes, *, size: int = 11) -> Answer:
    """Send a form with a file as somebody, in pieces."""
    headers = {**HEADERS, "sec-fetch-site": "same-origin", **there.who(role).headers}
    pieces = tuple(body[place : place + size] for place in range(0, len(body), size))
    where = f"/console/registry{path}"
    return ask(there.app, where, method="POST", headers=headers, chunks=pieces)
