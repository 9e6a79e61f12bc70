"""An address is written into a request as HTTP wants it."""

from __future__ import annotations

import pytest

from muniment.gateway.outgoing.target import begun, target_of


@pytest.mark.parametrize(
    ("url", "place", "begin"),
    [
        ("https://a.example/v1/x", ("https", "a.example", 443), "POST /v1/x HTTP/1.1|a.example"),
        ("http://127.0.0.1:80/", ("http", "127.0.0.1", 80), "POST / HTTP/1.1|127.0.0.1"),
        ("http://[::1]:9/a%20b", ("http", "::1", 9), "POST /a%20b HTTP/1.1|[::1]:9"),
        (
            "https://b\u00fc.example",
            ("https", "xn--b-eha.example", 443),
            "POST / HTTP/1.1|xn--b-eha.example",
        ),
        (
            "https://a.example/\u00fc",
            ("https", "a.example", 443),
            "POST /%C3%BC HTTP/1.1|a.example",
        ),
    ],
)
def test_an_address_has_its_parts(url: str, place: tuple[str, str, int], begin: str) -> None:
    """Scheme, host and port say which connection; line and host stand in the head."""
    target = target_of(url)
    line, _, host = begin.partition("|")
    assert target.place == place
    assert target.begin.decode().startswith(f"{line}\r\nhost: {host}\r\n")


def test_a_head_says_how_much_follows() -> None:
    """The headers of a request stand as they were given, then its length."""
    place, head = begun("http://127.0.0.1/", (("authorization", "Bearer \u00e9"),))
    assert place == ("http", "127.0.0.1", 80)
    assert head.endswith("\r\nauthorization: Bearer \u00e9\r\ncontent-length: ".encode())
