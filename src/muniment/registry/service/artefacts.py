"""Files of models: kept encrypted under their digest, taken out again, scanned."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from muniment import access, ledger, vault
from muniment.core.actor import Actor, system_actor
from muniment.core.digest import digest_value, parse_digest, same_digest
from muniment.core.errors import ConflictError, CorruptError, InvalidError, NotFoundError
from muniment.db import Work
from muniment.ledger.kinds.registry_files import ArtefactKept, ArtefactScanned, ArtefactTaken
from muniment.registry import store
from muniment.registry.models import Artefact, Kept, PartVersion, Scan, System, SystemState
from muniment.registry.rules import signing
from muniment.registry.rules.profiles import require_text
from muniment.registry.rules.scanning import SCANNER, scan
from muniment.registry.service.standing import author_of, place_of
from muniment.settings.areas import RegistrySettings
from muniment.vault import Held, Opening, Safe

OPENER: Final = system_actor("registry")
_BEHIND: Final = 4 << 20


def keep_artefact(
    safe: Safe,
    settings: RegistrySettings,
    actor: Actor,
    id_or_key: str,
    digest: str,
    chunks: Iterable[bytes],
    *,
    name: str,
) -> Artefact:
    """Keep a file that arrives in pieces, if it is the one that was stated; else nothing of it.

    Where no digest is stated, it is kept under the one that it turns out to have.

    The row, the record and the note of the content are written in one transaction after the last
    byte. What dies before that has left nothing that anybody could take for the file.
    """
    with safe.database.look(actor) as work:
        system = _writable(work, id_or_key)
        stated = parse_digest(digest) if digest else ""
        called = require_text(name, "name", longest=200, empty=False)
        known = _readable_artefact(work, safe, system, stated) if stated else None
    if known is not None:
        return known
    checked = _Checked(stated, settings.max_artefact_bytes)
    made: list[Artefact] = []

    def then(work: Work, held: Held) -> None:
        there = _writable(work, id_or_key)
        made.append(_noted(work, there, checked.found, called, checked.size, held))

    vault.put_stream(
        safe,
        actor,
        checked.passed(chunks),
        classification=settings.artefact_classification,
        subject=system.id,
        then=then,
    )
    return made[0]


def take_artefact(
    safe: Safe, actor: Actor, id_or_key: str, digest: str
) -> tuple[Artefact, Iterator[bytes]]:
    """Give a file out, recorded first; its last piece comes only if all of it is right."""
    with safe.database.work(actor) as work:
        system = store.systems.get(work, id_or_key)
        access.require(work, "registry.take", place_of(system.id))
        artefact = _found(work, system, digest)
        ledger.record(work, ArtefactTaken(system.id, artefact.id, artefact.digest))
    opening = _opened(safe, artefact, f"{actor.id} takes {artefact.id}")
    return artefact, _verified(artefact, opening.stream())


def scan_artefact(safe: Safe, actor: Actor, id_or_key: str, digest: str) -> Scan:
    """Look through a file that is kept; what was found is a record, and so is what was not read."""
    with safe.database.look(actor) as work:
        system = store.systems.get(work, id_or_key)
        access.require(work, "registry.report", place_of(system.id))
        artefact = _found(work, system, digest)
    opening = _opened(safe, artefact, f"scan of {artefact.id} for {actor.id}")
    scanned = scan(VaultReader(artefact.size, opening.stream), artefact.name)
    with safe.database.work(actor) as work:
        access.require(work, "registry.report", place_of(system.id))
        found = Scan(
            id=work.new_id("scn"),
            system_id=system.id,
            digest=artefact.digest,
            scanner=SCANNER,
            scanned=scanned,
            author=author_of(work),
            at=work.now,
        )
        store.artefacts.add_scan(work, found)
        ledger.record(
            work,
            ArtefactScanned(
                system_id=system.id,
                scan_id=found.id,
                digest=found.digest,
                scanner=found.scanner,
                format=scanned.format,
                verdict=scanned.verdict,
                dangers=len(scanned.dangers),
                unread=len(scanned.unread),
                report_digest=digest_value(store.artefacts.report_of(scanned)),
            ),
        )
    return found


def artefacts_of(work: Work, id_or_key: str, *, limit: int = 200) -> tuple[Kept, ...]:
    """List the files that are kept for a system, with what is known of each."""
    system = _readable(work, id_or_key)
    rows = store.artefacts.artefacts_of(work, system.id, limit)
    return known_of(work, system.id, [(each.name, each.digest) for each in rows])


def artefacts_in(work: Work, version: PartVersion) -> tuple[Kept, ...]:
    """List the files that a version names, with what is known of each."""
    access.require(work, "registry.read", place_of(version.system_id))
    return known_of(work, version.system_id, named_in(version.document))


def artefact_of(work: Work, id_or_key: str, digest: str) -> Kept:
    """Show one file and what is known of it."""
    system = _readable(work, id_or_key)
    found = _found(work, system, digest)
    return known_of(work, system.id, [(found.name, found.digest)])[0]


def known_of(work: Work, system_id: str, files: Sequence[tuple[str, str]]) -> tuple[Kept, ...]:
    """Say of each file whether it is here, what its newest scan found, and whether it is signed."""
    digests = [digest for _, digest in files]
    kept = store.artefacts.artefacts_with(work, system_id, digests)
    scans = store.artefacts.scans_with(work, system_id, digests)
    signatures = store.artefacts.signatures_over(work, system_id, digests)
    trusted = {each.fingerprint for each in store.artefacts.signers(work, system_id)}
    found = []
    for name, digest in files:
        over = signatures.get(digest, ())
        found.append(
            Kept(
                name=name,
                digest=digest,
                artefact=kept.get(digest),
                scan=scans.get(digest),
                signature=over[0] if over else None,
                signed=signing.answer(over, trusted),
            )
        )
    return tuple(found)


def named_in(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """List the files a document names by digest, whatever else it holds."""
    artefacts = document.get("artefacts")
    if not isinstance(artefacts, list):
        return []
    return [
        (str(each.get("name", "")), str(each["digest"]))
        for each in artefacts
        if isinstance(each, Mapping) and each.get("digest")
    ]


class VaultReader:
    """Content of the vault that is read at any place; going far back begins it anew."""

    def __init__(self, size: int, begin: Callable[[], Iterator[bytes]]) -> None:
        self.size = size
        self._begin, self._pieces = begin, begin()
        self._held, self._from = b"", 0

    def read(self, offset: int, length: int) -> bytes:
        """Give these bytes, fewer only where the content ends."""
        end = min(self.size, offset + length)
        if offset < self._from:
            self._pieces = self._begin()
            self._held, self._from = b"", 0
        while self._from + len(self._held) < end:
            piece = next(self._pieces, None)
            if piece is None:
                raise CorruptError("the content is shorter than it was when it was kept")
            dropped = min(len(self._held), max(0, offset - _BEHIND - self._from))
            self._held = self._held[dropped:] + piece
            self._from += dropped
        return self._held[offset - self._from : max(offset, end) - self._from]


class _Checked:
    """What arrives, counted and hashed; its last bytes pass only if it is what was stated."""

    def __init__(self, stated: str, most: int) -> None:
        self.size, self.found = 0, ""
        self._stated, self._most = stated, most

    def passed(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Give the pieces on; raise before the end if they are not the ones stated."""
        hasher = hashlib.sha256()
        for chunk in chunks:
            hasher.update(chunk)
            self.size += len(chunk)
            if self.size > self._most:
                raise InvalidError(
                    f"the file is larger than {self._most:,} bytes; nothing was kept",
                    field="content",
                    remedy="Cut it into several, or raise registry.max_artefact_bytes.",
                )
            yield chunk
        self.found = f"sha256:{hasher.hexdigest()}"
        if self._stated and not same_digest(self.found, self._stated):
            raise InvalidError(
                f"the file is {self.found}, not {self._stated}; nothing was kept",
                field="digest",
                remedy="Send the file whose digest was stated, or state the digest of this one.",
            )


def _noted(work: Work, system: System, digest: str, name: str, size: int, held: Held) -> Artefact:
    artefact = Artefact(
        id=work.new_id("art"),
        system_id=system.id,
        digest=digest,
        name=name,
        size=size,
        kid=held.kid,
        commit=held.commit,
        ct_sha256=held.ct_sha256,
        ct_len=held.ct_len,
        author=author_of(work),
        made_at=work.now,
    )
    store.artefacts.add(work, artefact)
    ledger.record(
        work,
        ArtefactKept(system.id, artefact.id, digest, size),
        content=(held.as_reference(),),
    )
    return artefact


def _readable_artefact(work: Work, safe: Safe, system: System, digest: str) -> Artefact | None:
    """Find a file that is kept and whose key is not destroyed."""
    known = store.artefacts.artefacts_with(work, system.id, [digest]).get(digest)
    if known is None or not vault.is_readable(work, safe, _held(known)):
        return None
    return known


def _opened(safe: Safe, artefact: Artefact, reason: str) -> Opening:
    """Open the content as this room, whose own permission was asked before."""
    with safe.database.work(OPENER) as work:
        return vault.open(work, safe, _held(artefact), reason=reason)


def _verified(artefact: Artefact, pieces: Iterator[bytes]) -> Iterator[bytes]:
    hasher = hashlib.sha256()
    waiting = b""
    for piece in pieces:
        if waiting:
            yield waiting
        hasher.update(piece)
        waiting = piece
    if not same_digest(f"sha256:{hasher.hexdigest()}", artefact.digest):
        raise CorruptError(
            "what is kept is not the file that was stated",
            subject=artefact.id,
            remedy="Restore the object from a backup and look at the health of the storage.",
        )
    yield waiting


def _held(artefact: Artefact) -> Held:
    return Held(artefact.kid, artefact.commit, artefact.ct_sha256, artefact.ct_len)


def _found(work: Work, system: System, digest: str) -> Artefact:
    stated = parse_digest(digest)
    found = store.artefacts.artefacts_with(work, system.id, [stated]).get(stated)
    if found is None:
        raise NotFoundError(
            f"{system.key} keeps no file {stated}",
            subject=system.id,
            field="digest",
            remedy=f"Keep it: muniment registry artefact add {system.key} FILE.",
        )
    return found


def _readable(work: Work, id_or_key: str) -> System:
    system = store.systems.get(work, id_or_key)
    access.require(work, "registry.read", place_of(system.id))
    return system


def _writable(work: Work, id_or_key: str) -> System:
    system = store.systems.get(work, id_or_key)
    access.require(work, "registry.write", place_of(system.id))
    if system.state is SystemState.RETIRED:
        raise ConflictError(
            f"{system.key} is retired", subject=system.id, remedy="Register a new system."
        )
    return system
