"""Texts are known again by a keyed digest: SipHash with 128 bits, as it is published."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.detect.rules.quick import compiled
from muniment.detect.service.remembering import Remembering
from tests.detect.compiling import compiled_only

_WORD = (1 << 64) - 1
_TEXTS = st.text(st.sampled_from("ab\x00\xe9\u4e2d\U0001f600\ud800") | st.characters(), max_size=40)
_SECRET = bytes(range(16))


def digests_alike(text: str, context: str) -> bool:
    """Tell whether compiled code, where there is some, gives the digest that Python gives."""
    expected = siphash(_SECRET, _message(text, context))
    return compiled is None or compiled.digest(_SECRET, text, context) == expected


def siphash(secret: bytes, data: bytes) -> bytes:
    """Work SipHash-2-4 with 128 bits out, step by step as its authors write it."""
    one, other = (int.from_bytes(secret[at : at + 8], "little") for at in (0, 8))
    v = [one ^ 0x736F6D6570736575, other ^ 0x646F72616E646F6D ^ 0xEE]
    v += [one ^ 0x6C7967656E657261, other ^ 0x7465646279746573]
    whole = data + bytes(7 - len(data) % 8) + bytes([len(data) % 256])
    for at in range(0, len(whole), 8):
        word = int.from_bytes(whole[at : at + 8], "little")
        v[3] ^= word
        _rounds(v, 2)
        v[0] ^= word
    v[2] ^= 0xEE
    _rounds(v, 4)
    first = v[0] ^ v[1] ^ v[2] ^ v[3]
    v[1] ^= 0xDD
    _rounds(v, 4)
    last = v[0] ^ v[1] ^ v[2] ^ v[3]
    return first.to_bytes(8, "little") + last.to_bytes(8, "little")


def _rounds(v: list[int], count: int) -> None:
    for _ in range(count):
        for left, right, by, half in ((0, 1, 13, 0), (2, 3, 16, -1), (0, 3, 21, -1), (2, 1, 17, 2)):
            v[left] = (v[left] + v[right]) & _WORD
            v[right] = _turned(v[right], by) ^ v[left]
            if half == left:
                v[left] = _turned(v[left], 32)


def _turned(of: int, by: int) -> int:
    return (of << by | of >> (64 - by)) & _WORD


def _message(text: str, context: str) -> bytes:
    """Write what is digested: the forms of both, and their characters in whole words."""
    return b"".join(_told(text, context))


def _told(text: str, context: str) -> Iterator[bytes]:
    kinds = [_kind(each) for each in (context, text)]
    for each, kind in zip((context, text), kinds, strict=True):
        yield (len(each) << 3 | kind).to_bytes(8, "little")
    for each, kind in zip((context, text), kinds, strict=True):
        data = b"".join(ord(letter).to_bytes(kind, "little") for letter in each)
        yield data + bytes(-len(data) % 8)


def _kind(text: str) -> int:
    most = max(map(ord, text), default=0)
    return 1 if most < 256 else 2 if most < 65_536 else 4


def test_it_is_what_its_authors_publish() -> None:
    """The digests of nothing and of fifteen bytes stand in their vectors."""
    assert siphash(_SECRET, b"").hex() == "a3817f04ba25a8e66df67214c7550293"
    assert siphash(_SECRET, bytes(range(15))).hex() == "5493e99933b0a8117e08ec0f97cfc3d9"


@compiled_only
@given(st.binary(min_size=16, max_size=16), _TEXTS, _TEXTS)
def test_compiled_code_gives_the_same(secret: bytes, text: str, context: str) -> None:
    """Letters of every width, and every length."""
    assert compiled is not None
    assert compiled.digest(secret, text, context) == siphash(secret, _message(text, context))


@given(_TEXTS, _TEXTS, _TEXTS, _TEXTS)
def test_other_texts_have_other_keys(one: str, near: str, other: str, by: str) -> None:
    """What stands under another name is another text, wherever the one ends."""
    memory = Remembering[str]()
    assert (memory.key(one, near) == memory.key(other, by)) is ((one, near) == (other, by))
    assert memory.key("AA", "") != memory.key("\u4141", "")
    assert memory.key(one, near) != Remembering[str]().key(one, near)


@compiled_only
def test_what_is_no_text_has_no_digest() -> None:
    """Bytes, short secrets and too few are refused."""
    assert compiled is not None
    for given_wrongly in ((b"x" * 15, "", ""), (_SECRET, b"", ""), (_SECRET, "", 1), (_SECRET, "")):
        with pytest.raises(TypeError):
            compiled.digest(*given_wrongly)
