"""Where ciphertexts lie: one row per object, which holds one ciphertext or a batch of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, func, insert, select

from muniment.db import Work
from muniment.vault.models import Held, KeyState, Place
from muniment.vault.store.tables import keys_table as keys
from muniment.vault.store.tables import objects_table as objects

_DIGEST_BYTES: Final = 32
_LENGTH_BYTES: Final = 8
_ITEM_BYTES: Final = _DIGEST_BYTES + _LENGTH_BYTES


def add_object(
    work: Work, sha256: str, kid: str, size_bytes: int, items: Sequence[Held] = ()
) -> None:
    """Note an object that is kept; of a batch also what stands in it, in order."""
    listed = b"".join(
        bytes.fromhex(one.ct_sha256) + one.ct_len.to_bytes(_LENGTH_BYTES, "big") for one in items
    )
    row = {
        "sha256": sha256,
        "kid": kid,
        "size_bytes": size_bytes,
        "item_count": len(items) or 1,
        "listing": listed,
        "kept_at": work.now,
    }
    work.write(insert(objects).values(row))


def place_of(work: Work, held: Held) -> Place | None:
    """Find where a ciphertext lies: as an object of its own, or within a batch of its key."""
    whole = select(objects.c.sha256).where(objects.c.sha256 == held.ct_sha256)
    if work.read(whole).scalar():
        return Place(held.ct_sha256, 0, is_whole=True)
    batches = (
        select(objects.c.sha256, objects.c.listing)
        .where(objects.c.kid == held.kid, objects.c.item_count > 1)
        .order_by(objects.c.kept_at.desc(), objects.c.sha256)
    )
    wanted = bytes.fromhex(held.ct_sha256)
    for row in work.read(batches):
        first_byte = _first_byte(bytes(row.listing), wanted)
        if first_byte is not None:
            return Place(row.sha256, first_byte, is_whole=False)
    return None


def of_destroyed_keys(work: Work, limit: int) -> list[str]:
    """List objects that nobody can open any more."""
    query = (
        select(objects.c.sha256)
        .join(keys, keys.c.kid == objects.c.kid)
        .where(keys.c.state == KeyState.DESTROYED.value)
        .limit(limit)
    )
    return list(work.read(query).scalars())


def forget_objects(work: Work, digests: Sequence[str]) -> int:
    """Forget objects that were removed."""
    return work.write(delete(objects).where(objects.c.sha256.in_(digests))).count


def totals(work: Work) -> tuple[int, int]:
    """Count what can still be opened: contents and bytes."""
    count, size = func.sum(objects.c.item_count), func.sum(objects.c.size_bytes)
    query = (
        select(count.label("contents"), size.label("size_bytes"))
        .join(keys, keys.c.kid == objects.c.kid)
        .where(keys.c.state != KeyState.DESTROYED.value)
    )
    found = work.read(query).one()
    return int(found.contents or 0), int(found.size_bytes or 0)


def _first_byte(items: bytes, wanted: bytes) -> int | None:
    offset = 0
    for at in range(0, len(items), _ITEM_BYTES):
        if items[at : at + _DIGEST_BYTES] == wanted:
            return offset
        offset += int.from_bytes(items[at + _DIGEST_BYTES : at + _ITEM_BYTES], "big")
    return None
