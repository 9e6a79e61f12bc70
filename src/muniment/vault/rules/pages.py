"""Many small contents of one key on one page: encrypted once, each with a commitment of its own.

A page is a stream as any other, under a context of its own. What is encrypted is the number of
contents, the length of each, the salt of each commitment, the commitments, then the contents. An
entry refers to the page by its digest and to the content by its commitment, which is
HMAC-SHA256(salt, content).
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from muniment.core.errors import CorruptError
from muniment.vault.models import Held
from muniment.vault.rules.streams import (
    OURS,
    SALT_BYTES,
    Chance,
    Sealing,
    changed_error,
    decrypt_segments,
    encrypt_whole,
)

COMMIT_BYTES: Final = 32
MOST_ON_A_PAGE: Final = 4_096
MOST_PAGE_BYTES: Final = 1 << 20
_NUMBER_BYTES: Final = 4
_BLOCK_BYTES: Final = 64
_PREFIX: Final = bytes(7)  # the salt is new for each page, and so is the key derived from it
_INNER: Final = bytes(byte ^ 0x36 for byte in range(256))
_OUTER: Final = bytes(byte ^ 0x5C for byte in range(256))
_INNER_REST: Final = b"\x36" * (_BLOCK_BYTES - SALT_BYTES)
_OUTER_REST: Final = b"\x5c" * (_BLOCK_BYTES - SALT_BYTES)


@dataclass(frozen=True, slots=True)
class Page:
    """An encrypted page, and the commitments to its contents in their order."""

    kid: str
    sha256: str
    commits: bytes
    data: bytes = field(repr=False)

    def __len__(self) -> int:
        """Count its contents."""
        return len(self.commits) // COMMIT_BYTES

    def held(self) -> tuple[Held, ...]:
        """Say of each content what an entry says of it."""
        digits, length, width = self.commits.hex(), len(self.data), 2 * COMMIT_BYTES
        return tuple(
            Held(self.kid, digits[at : at + width], self.sha256, length)
            for at in range(0, len(digits), width)
        )


def page_context(kid: str) -> bytes:
    """Bind a page to its data key, and tell it from a single content."""
    return b"muniment.vault/1 page\0" + kid.encode()


def seal_page(key: bytes, kid: str, contents: Sequence[bytes], chance: Chance) -> Page:
    """Encrypt contents together under one data key, and commit to each by itself.

    A content alone is no page but a stream of its own.
    """
    if len(contents) == 1:
        return _alone(key, kid, contents[0], chance)
    salts = chance(SALT_BYTES * len(contents))
    count = len(contents)
    lengths = struct.pack(f">{1 + count}I", count, *map(len, contents))
    commits = commits_to(salts, contents)
    plain = (lengths, salts, commits, *contents)
    salt, context = chance(OURS.key_bytes), page_context(kid)
    data = encrypt_whole(key, plain, context=context, salt=salt, prefix=_PREFIX)
    return Page(kid, hashlib.sha256(data).hexdigest(), commits, data)


def _alone(key: bytes, kid: str, content: bytes, chance: Chance) -> Page:
    """Encrypt the only content there is as what streams in is encrypted."""
    sealing = Sealing(key, kid, chance)
    data = b"".join(sealing.encrypt((content,)))
    commits = bytes.fromhex(sealing.commit())
    return Page(kid, hashlib.sha256(data).hexdigest(), commits, data)


def commits_to(salts: bytes, contents: Sequence[bytes]) -> bytes:
    """Give HMAC-SHA256 of each content under its salt.

    Two plain hashes each, as RFC 2104 defines it, cost a third less than `hmac.digest`; the inner
    and outer keys of all are made at once.
    """
    sha256, starts = hashlib.sha256, range(0, len(salts), SALT_BYTES)
    inner, outer = salts.translate(_INNER), salts.translate(_OUTER)
    middle = [
        sha256(inner[at : at + SALT_BYTES] + _INNER_REST + content).digest()
        for at, content in zip(starts, contents, strict=True)
    ]
    return b"".join(
        [
            sha256(outer[at : at + SALT_BYTES] + _OUTER_REST + hashed).digest()
            for at, hashed in zip(starts, middle, strict=True)
        ]
    )


def unseal_from_page(key: bytes, held: Held, data: bytes) -> bytes:
    """Give the content of a page that an entry has committed to."""
    if hashlib.sha256(data).hexdigest() != held.ct_sha256:
        raise changed_error(held.ct_sha256)
    plain = b"".join(decrypt_segments(key, (data,), context=page_context(held.kid)))
    wanted = bytes.fromhex(held.commit)
    salt, content = _content_of(plain, wanted, held)
    if not hmac.compare_digest(hmac.digest(salt, content, "sha256"), wanted):
        raise changed_error(held.ct_sha256)
    return content


def pages_of(contents: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """Share contents out over pages that are quick to open; a large one has a page to itself."""
    if len(contents) <= MOST_ON_A_PAGE and sum(map(len, contents)) <= MOST_PAGE_BYTES:
        yield contents
        return
    first = size = 0
    for place, content in enumerate(contents):
        is_full = place - first == MOST_ON_A_PAGE or size + len(content) > MOST_PAGE_BYTES
        if is_full and place > first:
            yield contents[first:place]
            first, size = place, 0
        size += len(content)
    yield contents[first:]


def _content_of(plain: bytes, commit: bytes, held: Held) -> tuple[bytes, bytes]:
    """Find the content of a commitment on a decrypted page; give it behind its salt."""
    count = int.from_bytes(plain[:_NUMBER_BYTES], "big")
    salts = _NUMBER_BYTES * (1 + count)
    commits = salts + SALT_BYTES * count
    first = commits + COMMIT_BYTES * count
    lengths = memoryview(plain)[_NUMBER_BYTES:salts].tobytes()
    numbers = struct.unpack(f">{len(lengths) // _NUMBER_BYTES}I", lengths[: len(lengths) & ~3])
    if first + sum(numbers) != len(plain):
        raise _unlike_a_page(held)
    for place in range(count):
        at = commits + COMMIT_BYTES * place
        if plain[at : at + COMMIT_BYTES] == commit:
            start = first + sum(numbers[:place])
            own = salts + SALT_BYTES * place
            salt = plain[own : own + SALT_BYTES]
            return salt, plain[start : start + numbers[place]]
    raise changed_error(held.ct_sha256)


def _unlike_a_page(held: Held) -> CorruptError:
    return CorruptError("what was decrypted is no page", subject=held.ct_sha256)
