"""Names are judged by where they lead."""

from __future__ import annotations

import asyncio
import socket

import pytest

from muniment.gateway.outgoing import Judged
from muniment.gateway.outgoing.resolving import _address, is_out_of_bounds


def test_a_name_leads_to_numbers_of_both_kinds() -> None:
    """They come in the form that both clients connect to."""
    found = asyncio.run(Judged().resolve("localhost", 8_000, socket.AF_UNSPEC))
    assert {each["host"] for each in found} <= {"127.0.0.1", "::1"}
    assert {(each["hostname"], each["port"]) for each in found} == {("localhost", 8_000)}
    zoned = _address("name", 1, socket.AF_INET6, 6, ("fd00::1", 1, 0, 3))
    assert zoned["host"] == "fd00::1%3"


@pytest.mark.parametrize(
    ("host", "is_out"),
    [
        *(("169.254.169.254", True), ("fe80::1%eth0", True), ("::ffff:169.254.169.254", True)),
        *(("0.0.0.0", True), ("ff02::1", True), ("10.0.0.1", False), ("name", False)),
    ],
)
def test_addresses_that_no_provider_has(host: str, *, is_out: bool) -> None:
    """Those of a link, of many at once and of none, however they are written."""
    assert is_out_of_bounds(host) is is_out
