"""What a person shows to sign in, as it is kept: hashes, sealed secrets, digests, public keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from muniment.access.models import Passkey, PersonId, Totp
from muniment.access.store.signin_tables import codes_table as codes
from muniment.access.store.signin_tables import passkeys_table as passkeys
from muniment.access.store.signin_tables import passwords_table as passwords
from muniment.access.store.signin_tables import totp_table as totps
from muniment.db import Work


def password_hash(work: Work, person_id: PersonId) -> str:
    """Give the hash of a person's password, or nothing."""
    asked = select(passwords.c.hash).where(passwords.c.person_id == person_id)
    return str(work.read(asked).scalar() or "")


def set_password_hash(work: Work, person_id: PersonId, hashed: str) -> None:
    """Keep the hash of a person's password."""
    values = {"hash": hashed, "set_at": work.now}
    changed = work.write(
        update(passwords).where(passwords.c.person_id == person_id).values(**values)
    )
    if not changed.count:
        work.write(insert(passwords).values(person_id=person_id, **values))


def replace_hash(work: Work, person_id: PersonId, old: str, new: str) -> None:
    """Keep a stronger hash of the same password, unless it was changed meanwhile."""
    work.write(
        update(passwords)
        .where(passwords.c.person_id == person_id, passwords.c.hash == old)
        .values(hash=new)
    )


def remove_password(work: Work, person_id: PersonId) -> bool:
    """Forget a password."""
    return work.write(delete(passwords).where(passwords.c.person_id == person_id)).count > 0


def totp(work: Work, person_id: PersonId) -> Totp | None:
    """Find a person's code generator."""
    row = work.read(select(totps).where(totps.c.person_id == person_id)).one_or_none()
    if row is None:
        return None
    return Totp(
        PersonId(row.person_id),
        row.key_id,
        row.sealed,
        row.confirmed,
        row.created_at,
        row.last_step,
    )


def set_totp(work: Work, fresh: Totp) -> None:
    """Keep a code generator in place of the one before."""
    work.write(delete(totps).where(totps.c.person_id == fresh.person_id))
    work.write(
        insert(totps).values(
            person_id=fresh.person_id,
            key_id=fresh.key_id,
            sealed=fresh.sealed,
            confirmed=fresh.confirmed,
            created_at=fresh.created_at,
            last_step=fresh.last_step,
        )
    )


def take_totp_step(work: Work, person_id: PersonId, step: int) -> bool:
    """Use a time step up; tell whether nobody had used it, or a later one, before."""
    taken = work.write(
        update(totps)
        .where(totps.c.person_id == person_id, totps.c.last_step < step)
        .values(last_step=step, confirmed=True)
    )
    return taken.count == 1


def remove_totp(work: Work, person_id: PersonId) -> bool:
    """Forget a code generator."""
    return work.write(delete(totps).where(totps.c.person_id == person_id)).count > 0


def set_codes(work: Work, person_id: PersonId, digests: Iterable[str]) -> None:
    """Keep the digests of recovery codes in place of those before."""
    remove_codes(work, person_id)
    rows = [
        {"digest": digest, "person_id": person_id, "created_at": work.now} for digest in digests
    ]
    work.write(insert(codes), rows)


def remove_codes(work: Work, person_id: PersonId) -> bool:
    """Forget a person's recovery codes."""
    return work.write(delete(codes).where(codes.c.person_id == person_id)).count > 0


def take_code(work: Work, person_id: PersonId, digest: str) -> bool:
    """Use a recovery code up; tell whether it was good."""
    taken = work.write(
        update(codes)
        .where(codes.c.digest == digest, codes.c.person_id == person_id, codes.c.used_at.is_(None))
        .values(used_at=work.now)
    )
    return taken.count == 1


def codes_left(work: Work, person_id: PersonId) -> int:
    """Count the recovery codes that are still good."""
    asked = select(func.count()).where(codes.c.person_id == person_id, codes.c.used_at.is_(None))
    return int(work.read(asked).scalar_one())


def add_passkey(work: Work, passkey: Passkey) -> bool:
    """Keep a new passkey; tell whether it is new."""
    row = {
        "id": passkey.id,
        "credential_id": passkey.credential_id,
        "person_id": passkey.person_id,
        "public_key": passkey.public_key,
        "sign_count": passkey.sign_count,
        "label": passkey.label,
        "created_at": passkey.created_at,
    }
    return work.insert_if_absent(passkeys, row)


def passkey(work: Work, passkey_id: str) -> Passkey | None:
    """Find a passkey by the digest of its credential id."""
    row = work.read(select(passkeys).where(passkeys.c.id == passkey_id)).one_or_none()
    return None if row is None else _passkey(row)


def passkeys_of(work: Work, person_id: PersonId) -> tuple[Passkey, ...]:
    """List a person's passkeys, the oldest first."""
    asked = select(passkeys).where(passkeys.c.person_id == person_id)
    return tuple(_passkey(row) for row in work.read(asked.order_by(passkeys.c.created_at)))


def mark_passkey(work: Work, passkey_id: str, *, before: int, after: int) -> bool:
    """Keep a passkey's new count of signatures; tell whether nobody was faster."""
    marked = work.write(
        update(passkeys)
        .where(passkeys.c.id == passkey_id, passkeys.c.sign_count == before)
        .values(sign_count=after, last_used_at=work.now)
    )
    return marked.count == 1


def remove_passkey(work: Work, person_id: PersonId, passkey_id: str) -> bool:
    """Forget a passkey of a person."""
    asked = delete(passkeys).where(passkeys.c.id == passkey_id, passkeys.c.person_id == person_id)
    return work.write(asked).count > 0


def _passkey(row: Row[Any]) -> Passkey:
    return Passkey(
        id=row.id,
        credential_id=bytes(row.credential_id),
        person_id=PersonId(row.person_id),
        public_key=bytes(row.public_key),
        sign_count=row.sign_count,
        label=row.label,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
    )
