"""Keyed digests: one content, one key, one digest, however often the key was used before."""

from __future__ import annotations

import hmac

from hypothesis import given
from hypothesis import strategies as st

from muniment.vault.rules import Keyed, digest_key, keyed_digest


@given(st.binary(max_size=200), st.lists(st.binary(max_size=300), max_size=4))
def test_a_key_that_is_ready_gives_the_digests_of_rfc_2104(
    key: bytes, contents: list[bytes]
) -> None:
    """Keys of any length, contents in any order: what stands in records can be matched for ever."""
    ready = Keyed(key)
    for content in (*contents, b"", *contents):
        assert ready.digest(content) == keyed_digest(key, content)
        assert (
            ready.digest(content) == f"hmac-sha256:{hmac.new(key, content, 'sha256').hexdigest()}"
        )


def test_a_key_for_digests_is_one_of_its_own() -> None:
    """It opens no content, and another data key gives another one."""
    secret = b"s" * 32
    assert digest_key(secret, "key_1") != secret
    assert digest_key(secret, "key_1") != digest_key(secret, "key_2")
    assert len(digest_key(secret, "key_1")) == 32
