"""Content: kept encrypted, and opened only with a permission, a reason and a durable record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from muniment.core.actor import Actor
from muniment.core.errors import ConflictError, NotFoundError
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.vault import Opened
from muniment.vault import rules, store
from muniment.vault.models import Held, KeyState, Place
from muniment.vault.service.keys import key_for
from muniment.vault.service.safe import Safe, require


@dataclass(slots=True)
class Opening:
    """Content about to be read; nothing of it comes out before the record is durable."""

    held: Held
    _safe: Safe = field(repr=False)
    _place: Place = field(repr=False)
    _secret: bytes = field(repr=False)
    _is_recorded: bool = False

    def read(self) -> bytes:
        """Give all of it."""
        return b"".join(self.stream())

    def stream(self) -> Iterator[bytes]:
        """Give it piece by piece; the last piece comes only when everything is right."""
        if not self._is_recorded:
            raise ConflictError(
                "the record of this opening is not durable yet",
                subject=self.held.ct_sha256,
                remedy="Read it after the unit of work has ended.",
            )
        yield from _plain_pieces(self._safe, self.held, self._place, self._secret)

    def release(self) -> None:
        """Let it be read, once its record is durable."""
        self._is_recorded = True


def put(work: Work, safe: Safe, content: bytes, *, classification: str, subject: str) -> Held:
    """Keep some content encrypted; give what the entry that speaks of it must carry."""
    return put_many(work, safe, (content,), classification=classification, subject=subject)[0]


def put_many(
    work: Work, safe: Safe, contents: Sequence[bytes], *, classification: str, subject: str
) -> tuple[Held, ...]:
    """Keep many contents of one subject at once: each encrypted by itself, stored together.

    The object is durable before this returns. If the work is rolled back, it stays as bytes that
    no row and no entry speaks of.
    """
    if not contents:
        return ()
    kid, secret = key_for(work, safe, classification, subject)
    sealed = rules.seal_many(secret, kid, contents, safe.chance)
    held = tuple(one.held for one in sealed)
    data = b"".join(one.ciphertext for one in sealed)
    digest = safe.blobs.put(data).removeprefix("sha256:")
    store.add_object(work, digest, kid, len(data), held if len(held) > 1 else ())
    return held


def put_stream(
    safe: Safe, actor: Actor, chunks: Iterable[bytes], *, classification: str, subject: str
) -> Held:
    """Keep a large content that arrives in pieces, in bounded memory, never in plain on a disk.

    Nothing is locked while it arrives; a key destroyed meanwhile makes it fail.
    """
    with safe.database.work(actor) as work:
        kid, secret = key_for(work, safe, classification, subject)
    sealing = rules.Sealing(secret, kid, safe.chance)
    digest, size = safe.blobs.put_stream(sealing.encrypt(chunks))
    held = Held(kid, sealing.commit(), digest.removeprefix("sha256:"), size)
    with safe.database.work(actor) as work:
        key = store.key(work, kid, hold=True)
        if key is None or key.state is KeyState.DESTROYED:
            raise ConflictError(
                "the key was destroyed while the content arrived; nothing was kept",
                subject=kid,
                remedy="Send it again, if it may still be kept.",
            )
        store.add_object(work, held.ct_sha256, kid, size)
    return held


def open(work: Work, safe: Safe, held: Held, *, reason: str) -> Opening:  # noqa: A001 the verb people use
    """Open content for a reason; what it says can be read once the record is durable."""
    require(work, "vault.open")
    why = rules.require_reason(reason)
    key = store.key(work, held.kid, hold=True)
    if key is None:
        raise _unknown(held)
    secret = safe.secret_of(key)
    place = store.place_of(work, held)
    if place is None:
        raise _unknown(held)
    opened = Opened(held.ct_sha256, key.kid, key.classification, key.subject, why)
    record(work, opened, content=(held.as_reference(),))
    opening = Opening(held, safe, place, secret)
    work.after_commit(opening.release)
    return opening


def _plain_pieces(safe: Safe, held: Held, place: Place, secret: bytes) -> Iterator[bytes]:
    digest = f"sha256:{place.object_sha256}"
    if place.is_whole:
        return rules.unseal_stream(secret, held, safe.blobs.stream(digest))
    batch = safe.blobs.get(digest)
    ciphertext = batch[place.first_byte : place.first_byte + held.ct_len]
    return iter((rules.unseal(secret, held, ciphertext),))


def _unknown(held: Held) -> NotFoundError:
    return NotFoundError(
        "the vault keeps no such content",
        subject=held.ct_sha256,
        remedy="Take the reference from the entry exactly as it stands there.",
    )
