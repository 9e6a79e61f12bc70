"""Compiled code takes the same messages apart as Python does, to the byte, and no others."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from muniment.gateway import heads
from muniment.gateway.heads import MOST_BYTES, cut, read_whole
from tests.detect.compiling import ROOT, compiled_only, watch

SOURCE = ROOT / "src/muniment/gateway/heads.c"
_PIECES = (
    *(
        b"\r\ncontent-length: ",
        b"\r\nContent-Length: ",
        b"\r\nCONTENT-length: ",
        b"\r\n\r\n",
        b"\r\n",
    ),
    *(b"\r", b"\n", b"0", b"7", b"12", b"999999999999", b"1234567890123", b" 3", b"+1", b"1_0"),
    *(
        b"POST /v1 HTTP/1.1",
        b"\r\nhost: a",
        b"content-length: ",
        b"x" * 4_070,
        b"\0",
        b"\xe9",
        b":",
    ),
)


def _message(chance: random.Random) -> bytes:
    """Write what is nearly a message, or is one."""
    if chance.random() < 0.5:
        return b"".join(chance.choices(_PIECES, k=chance.randrange(9)))
    body = chance.randbytes(chance.choice((0, 1, 9, 10, 99, 1_000)))
    name = chance.choice((b"content-length", b"Content-Length"))
    more = [b"x: " + b"y" * chance.randrange(5) for _ in range(chance.randrange(3))]
    around = chance.choice(((), (b"x: " + b"y" * chance.randrange(4_000, 4_100),)))
    lines = [b"POST /v1 HTTP/1.1", *more, b"%b: %d" % (name, len(body)), *around]
    off = chance.choice((b"", b"", b"", b"z"))
    whole = b"\r\n".join([*lines, b"", b""]) + body + off
    return whole[: chance.choice((None, None, None, len(whole) - 1, len(whole) // 2))]


def differences(seed: int, count: int) -> list[bytes]:
    """Give the messages that are taken apart in two ways."""
    chance, wrong = random.Random(seed), list[bytes]()
    known: dict[bytes, Any] = {}
    for number in range(count):
        message = _message(chance)
        head = cut(message)
        if head is not None and chance.random() < 0.8:
            known.setdefault(head[0], number)
        if heads.whole(message, known) != read_whole(message, known):
            wrong.append(message)
    return wrong


def test_both_ways_are_alike() -> None:
    """Chance messages, whole and cut, with heads that are known and that are not."""
    assert differences(random.randrange(1 << 30), 6_000) == []


@pytest.mark.parametrize("way", [heads.whole, read_whole])
def test_only_a_whole_message_with_a_known_head_is_taken_apart(way: Any) -> None:
    """Neither less of it nor more, and not beyond the bound of a head."""
    message = b"POST / HTTP/1.1\r\ncontent-length: 3\r\nx: y\r\n\r\nabc"
    head = cut(message)
    assert head is not None
    known = {head[0]: "it"}
    assert way(message, known) == ("it", b"abc")
    assert way(message.replace(b"3", b"0")[:-3], known) == ("it", b"")
    for other in (message[:-1], message + b"d", message[1:], b"", message.replace(b"y", b"z")):
        assert way(other, known) is None
    assert way(message, {}) is None
    long = message.replace(b"y", b"y" * MOST_BYTES)
    assert way(long, {long[:-3].replace(b": 3", b": "): "it"}) is None


@compiled_only
def test_it_is_compiled_where_it_can_be() -> None:
    """And other types are refused, with no crash."""
    module: Any = heads.compiled
    wrongs: list[tuple[Any, ...]] = [
        (),
        (b"",),
        ("", {}),
        (b"", []),
        (b"", {}, 1),
        (bytearray(), {}),
    ]
    for values in wrongs:
        with pytest.raises(TypeError):
            module.whole(*values)


@pytest.mark.slow
@compiled_only
def test_nothing_is_read_or_written_beyond_its_bounds(tmp_path: Path) -> None:
    """Under the compiler's own watch over addresses and sums, chance messages show no fault."""
    name, seed = "muniment.gateway._heads", random.randrange(1 << 30)
    ran = watch(SOURCE, name, __name__, tmp_path, seed=seed, count=4_000)
    assert (ran.returncode, ran.stdout) == (0, "alike\n"), ran.stderr[-2000:]
