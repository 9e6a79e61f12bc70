"""Pages: many contents encrypted at once; each opens by its commitment alone."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import CorruptError
from muniment.vault.models import Held
from muniment.vault.rules.pages import (
    MOST_ON_A_PAGE,
    MOST_PAGE_BYTES,
    commits_to,
    page_context,
    pages_of,
    seal_page,
    unseal_from_page,
)
from muniment.vault.rules.streams import (
    context_of,
    decrypt_segments,
    encrypt_segments,
    unseal_stream,
)

KEY = bytes(range(32))
CONTENTS = st.lists(st.binary(max_size=70), min_size=2, max_size=9)


@given(CONTENTS)
def test_each_content_comes_back_by_its_commitment(contents: list[bytes]) -> None:
    """Empty, alike or different: whatever was put on a page comes back from it."""
    page = seal_page(KEY, "vk_1", contents, secrets.token_bytes)
    held = page.held()
    assert len(page) == len(held) == len(contents)
    assert {(one.ct_sha256, one.ct_len) for one in held} == {
        (hashlib.sha256(page.data).hexdigest(), len(page.data))
    }
    assert len({one.commit for one in held}) == len(contents), "like contents share no commitment"
    assert [unseal_from_page(KEY, one, page.data) for one in held] == contents


@given(
    st.lists(st.tuples(st.binary(min_size=32, max_size=32), st.binary(max_size=200)), max_size=5)
)
def test_commitments_are_hmac_sha256(pairs: list[tuple[bytes, bytes]]) -> None:
    """The commitments of a page are exactly what Python's own HMAC gives."""
    wanted = b"".join(hmac.digest(salt, content, "sha256") for salt, content in pairs)
    assert commits_to(b"".join(salt for salt, _ in pairs), [each for _, each in pairs]) == wanted


def test_commitments_of_rfc_4231() -> None:
    """The known answer of test case 1, whose key of 20 bytes is padded with zero bytes."""
    salt = b"\x0b" * 20 + bytes(12)  # a key shorter than a block is padded so, RFC 2104 says
    known = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    assert commits_to(salt, [b"Hi There"]).hex() == known


def test_the_layout_is_as_documented() -> None:
    """The number, lengths, salts, commitments, contents; all under one header and one tag."""
    contents = [b"", b"one", b"two" * 9]
    page = seal_page(KEY, "vk_1", contents, secrets.token_bytes)
    plain = b"".join(decrypt_segments(KEY, (page.data,), context=page_context("vk_1")))
    assert plain[:16] == b"".join(n.to_bytes(4, "big") for n in (3, 0, 3, 27))
    assert plain[16 + 3 * 32 : 16 + 6 * 32] == page.commits
    assert plain[16 + 6 * 32 :] == b"".join(contents)
    salts = [plain[16 + 32 * n : 48 + 32 * n] for n in range(3)]
    assert len(set(salts)) == 3
    assert page.commits == commits_to(b"".join(salts), contents)


def test_no_two_pages_share_a_key_stream() -> None:
    """The same contents under the same data key are encrypted under another derived key."""
    one, other = (seal_page(KEY, "vk_1", [b"a", b"b"], secrets.token_bytes) for _ in range(2))
    assert one.data[1:33] != other.data[1:33]
    assert one.data[40:] != other.data[40:]


def test_any_flipped_byte_is_found() -> None:
    """Whichever byte is changed, nothing of the page comes out, also under a matching digest."""
    page = seal_page(KEY, "vk_1", [b"one", b"two"], secrets.token_bytes)
    for place in range(len(page.data)):
        data = bytearray(page.data)
        data[place] ^= 1
        with pytest.raises(CorruptError):
            unseal_from_page(KEY, page.held()[0], bytes(data))
        matching = replace(page.held()[0], ct_sha256=hashlib.sha256(data).hexdigest())
        with pytest.raises(CorruptError):
            unseal_from_page(KEY, matching, bytes(data))


def test_what_is_on_another_page_or_under_another_key_does_not_open() -> None:
    """A page is bound to its data key; a commitment that is not on it opens nothing."""
    page = seal_page(KEY, "vk_1", [b"one", b"two"], secrets.token_bytes)
    held = page.held()[0]
    for wrong in (replace(held, kid="vk_2"), replace(held, commit="0" * 64)):
        with pytest.raises(CorruptError):
            unseal_from_page(KEY, wrong, page.data)
    with pytest.raises(CorruptError):
        unseal_from_page(bytes(32), held, page.data)


def test_a_page_and_a_single_content_are_never_taken_for_each_other() -> None:
    """Their contexts differ, so the one does not decrypt as the other."""
    page = seal_page(KEY, "vk_1", [b"one", b"two"], secrets.token_bytes)
    with pytest.raises(CorruptError):
        list(unseal_stream(KEY, page.held()[0], (page.data,)))
    alone = seal_page(KEY, "vk_1", [b"one"], secrets.token_bytes)
    with pytest.raises(CorruptError):
        unseal_from_page(KEY, alone.held()[0], alone.data)
    assert context_of("vk_1") != page_context("vk_1")


@pytest.mark.parametrize("plain", [b"", b"\0\0", b"\0\0\0\2" + bytes(3), b"\xff" * 40])
def test_what_decrypts_but_is_no_page_is_told(plain: bytes) -> None:
    """Lengths that reach past the end raise, and never give another content out."""
    context, salt = page_context("vk_1"), bytes(32)
    pieces = encrypt_segments(KEY, (plain,), context=context, salt=salt, prefix=bytes(7))
    data = b"".join(pieces)
    held = Held("vk_1", "1" * 64, hashlib.sha256(data).hexdigest(), len(data))
    with pytest.raises(CorruptError):
        unseal_from_page(KEY, held, data)


@given(st.lists(st.integers(0, MOST_PAGE_BYTES + 5), max_size=12))
def test_pages_keep_the_order_and_their_bounds(sizes: list[int]) -> None:
    """Shared out over pages, contents stay in order; a large one stands alone."""
    contents = [bytes(size) for size in sizes]
    pages = list(pages_of(contents))
    assert [one for page in pages for one in page] == contents
    for page in pages:
        assert len(page) <= 1 or sum(map(len, page)) <= MOST_PAGE_BYTES
        assert page or not contents


def test_a_page_has_so_many_contents_at_most() -> None:
    """Very many tiny contents are shared out too."""
    pages = list(pages_of([b""] * (2 * MOST_ON_A_PAGE + 1)))
    assert [len(page) for page in pages] == [MOST_ON_A_PAGE, MOST_ON_A_PAGE, 1]
