"""Where ciphertexts lie: one row per object, which holds one content or a page of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, func, insert, or_, select, update

from muniment.db import Work
from muniment.vault.models import Held, KeyState
from muniment.vault.store.tables import keys_table as keys
from muniment.vault.store.tables import objects_table as objects

_ADD: Final = insert(objects)


def add_object(work: Work, sha256: str, kid: str, size_bytes: int, item_count: int = 1) -> None:
    """Note an object that is kept, and how many contents it holds."""
    row = {
        "sha256": sha256,
        "kid": kid,
        "size_bytes": size_bytes,
        "item_count": item_count,
        "kept_at": work.now,
    }
    work.write(_ADD, row)


def items_of(work: Work, held: Held) -> int:
    """Say how many contents the object of this one holds; none if it is not there, or discarded."""
    query = select(objects.c.item_count).where(
        objects.c.sha256 == held.ct_sha256, objects.c.discarded_at.is_(None)
    )
    return int(work.read(query).scalar() or 0)


def discard_object(work: Work, sha256: str) -> bool:
    """Let nobody open an object any more; tell whether somebody could until now."""
    alive = (objects.c.sha256 == sha256) & objects.c.discarded_at.is_(None)
    return work.write(update(objects).where(alive).values(discarded_at=work.now)).count == 1


def of_nobody(work: Work, limit: int) -> list[str]:
    """List objects that nobody can open any more: their key is destroyed, or they are discarded."""
    query = (
        select(objects.c.sha256)
        .join(keys, keys.c.kid == objects.c.kid)
        .where(or_(keys.c.state == KeyState.DESTROYED.value, objects.c.discarded_at.is_not(None)))
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
        .where(keys.c.state != KeyState.DESTROYED.value, objects.c.discarded_at.is_(None))
    )
    found = work.read(query).one()
    return int(found.contents or 0), int(found.size_bytes or 0)
