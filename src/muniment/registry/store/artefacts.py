"""Files of models, what scans found, signatures, and the keys that count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, or_, select, update

from muniment.db import Work
from muniment.registry.models import (
    Artefact,
    Danger,
    Scan,
    Scanned,
    Severity,
    Signature,
    Signer,
    Unread,
)
from muniment.registry.store.systems import salt
from muniment.registry.store.tables import (
    artefacts_table,
    scans_table,
    signatures_table,
    signed_table,
    signers_table,
)

_AT_ONCE = 500


def add(work: Work, artefact: Artefact) -> None:
    """Keep a file's row."""
    row = {**asdict(artefact), "salt": salt()}
    row["commitment"] = row.pop("commit")
    work.write(insert(artefacts_table).values(row))


def artefacts_with(work: Work, system_id: str, digests: Iterable[str]) -> dict[str, Artefact]:
    """Find the files of a system by their digests, the newest row of each."""
    table = artefacts_table
    found: dict[str, Artefact] = {}
    for some in _some(digests):
        asked = select(table).where(table.c.system_id == system_id, table.c.digest.in_(some))
        found.update((row.digest, _artefact(row)) for row in work.read(asked.order_by(table.c.id)))
    return found


def artefacts_of(work: Work, system_id: str, limit: int) -> tuple[Artefact, ...]:
    """List the files of a system, the newest first."""
    table = artefacts_table
    asked = select(table).where(table.c.system_id == system_id)
    return tuple(
        _artefact(row) for row in work.read(asked.order_by(table.c.id.desc()).limit(limit))
    )


def add_scan(work: Work, scan: Scan) -> None:
    """Keep what a scan found."""
    row = {
        "id": scan.id,
        "system_id": scan.system_id,
        "digest": scan.digest,
        "scanner": scan.scanner,
        "verdict": scan.scanned.verdict,
        "report": report_of(scan.scanned),
        "author": scan.author,
        "at": scan.at,
        "salt": salt(),
    }
    work.write(insert(scans_table).values(row))


def scans_with(work: Work, system_id: str, digests: Iterable[str]) -> dict[str, Scan]:
    """Give the newest scan of each of these files."""
    table = scans_table
    found: dict[str, Scan] = {}
    for some in _some(digests):
        asked = select(table).where(table.c.system_id == system_id, table.c.digest.in_(some))
        found.update((row.digest, _scan(row)) for row in work.read(asked.order_by(table.c.id)))
    return found


def report_of(scanned: Scanned) -> dict[str, Any]:
    """Write what a scan found as plain JSON."""
    return {
        "format": scanned.format,
        "dangers": [{**asdict(each), "severity": each.severity.value} for each in scanned.dangers],
        "unread": [asdict(each) for each in scanned.unread],
        "metadata": dict(scanned.metadata) if scanned.metadata is not None else None,
    }


def add_signer(work: Work, signer: Signer) -> None:
    """Keep a key that counts."""
    work.write(insert(signers_table).values({**asdict(signer), "salt": salt()}))


def end_signer(work: Work, signer_id: str, at: datetime) -> bool:
    """Let a key count no more; tell whether it did until now."""
    table = signers_table
    ended = update(table).where(table.c.id == signer_id, table.c.ended_at.is_(None))
    return work.write(ended.values(ended_at=at)).count == 1


def signers(work: Work, system_id: str = "", *, everywhere: bool = False) -> tuple[Signer, ...]:
    """List the keys that count for a system, or all keys there ever were."""
    table = signers_table
    asked = select(table)
    if not everywhere:
        asked = asked.where(
            table.c.ended_at.is_(None),
            or_(table.c.system_id == system_id, table.c.system_id == ""),
        )
    return tuple(_signer(row) for row in work.read(asked.order_by(table.c.id)))


def add_signature(work: Work, signature: Signature, digests: Iterable[str]) -> None:
    """Keep a signature and which files it is over."""
    row = {
        "id": signature.id,
        "system_id": signature.system_id,
        "fingerprint": signature.fingerprint,
        "verdict": signature.verdict,
        "says": signature.says,
        "bundle": dict(signature.bundle),
        "author": signature.author,
        "at": signature.at,
        "salt": salt(),
    }
    work.write(insert(signatures_table).values(row))
    for digest in sorted(set(digests)):
        signed = {"signature_id": signature.id, "digest": digest}
        work.write(insert(signed_table).values(signed))


def signatures_over(
    work: Work, system_id: str, digests: Iterable[str]
) -> dict[str, tuple[Signature, ...]]:
    """Give the signatures over each of these files, the newest first."""
    one, many = signatures_table, signed_table
    found: dict[str, list[Signature]] = {}
    for some in _some(digests):
        asked = (
            select(one, many.c.digest)
            .join(many, many.c.signature_id == one.c.id)
            .where(one.c.system_id == system_id, many.c.digest.in_(some))
            .order_by(one.c.id.desc())
        )
        for row in work.read(asked):
            found.setdefault(row.digest, []).append(_signature(row))
    return {digest: tuple(each) for digest, each in found.items()}


def _some(digests: Iterable[str]) -> Iterator[list[str]]:
    wanted = sorted(set(digests))
    return (wanted[first : first + _AT_ONCE] for first in range(0, len(wanted), _AT_ONCE))


def _artefact(row: Row[Any]) -> Artefact:
    return Artefact(
        id=row.id,
        system_id=row.system_id,
        digest=row.digest,
        name=row.name,
        size=row.size,
        kid=row.kid,
        commit=row.commitment,
        ct_sha256=row.ct_sha256,
        ct_len=row.ct_len,
        author=row.author,
        made_at=row.made_at,
    )


def _scan(row: Row[Any]) -> Scan:
    told = row.report
    scanned = Scanned(
        told["format"],
        tuple(
            Danger(**{**each, "severity": Severity(each["severity"])}) for each in told["dangers"]
        ),
        tuple(Unread(**each) for each in told["unread"]),
        told["metadata"],
    )
    return Scan(row.id, row.system_id, row.digest, row.scanner, scanned, row.author, row.at)


def _signer(row: Row[Any]) -> Signer:
    return Signer(
        id=row.id,
        system_id=row.system_id,
        name=row.name,
        fingerprint=row.fingerprint,
        public_key=row.public_key,
        author=row.author,
        made_at=row.made_at,
        ended_at=row.ended_at,
    )


def _signature(row: Row[Any]) -> Signature:
    return Signature(
        id=row.id,
        system_id=row.system_id,
        digest=row.digest,
        fingerprint=row.fingerprint,
        verdict=row.verdict,
        says=row.says,
        bundle=row.bundle,
        author=row.author,
        at=row.at,
    )
