"""Content: kept encrypted, and opened only with a permission, a reason and a durable record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from muniment import access
from muniment.core.actor import Actor
from muniment.core.errors import ConflictError, InvalidError, NotFoundError
from muniment.db import Receipt, Work
from muniment.ledger import SharedContent, Writer, record
from muniment.ledger.kinds.vault import Discarded, Opened
from muniment.vault import rules, store
from muniment.vault.models import Held, KeyState
from muniment.vault.service.keys import key_ahead, key_for
from muniment.vault.service.safe import Safe


@dataclass(slots=True)
class Opening:
    """Content about to be read; nothing of it comes out before the record is durable."""

    held: Held
    _safe: Safe = field(repr=False)
    _is_on_page: bool
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
        digest = f"sha256:{self.held.ct_sha256}"
        if self._is_on_page:
            data = self._safe.blobs.get(digest)
            yield rules.unseal_from_page(self._secret, self.held, data)
        else:
            pieces = self._safe.blobs.stream(digest)
            yield from rules.unseal_stream(self._secret, self.held, pieces)

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
    pages = _store(safe, kid, secret, contents)
    for page in pages:
        _add(work, page)
    return tuple(chain.from_iterable(page.held() for page in pages))


def append(
    writer: Writer,
    safe: Safe,
    actor: Actor,
    records: Sequence[object],
    contents: Sequence[bytes],
    *,
    classification: str,
    subject: str,
) -> Future[Sequence[Receipt]]:
    """Write records through a process's writer, each with a content of its own, kept encrypted.

    What is kept is durable before the records are, and a record is refused if the key was
    destroyed meanwhile. A key retired a moment ago still serves for what was encrypted under it.
    """
    if not records or len(records) != len(contents):
        raise InvalidError("each record needs a content of its own", field="contents")
    kid, secret = key_ahead(safe, actor, classification, subject)
    pages = _store(safe, kid, secret, contents)
    shared = [SharedContent(kid, page.sha256, len(page.data), page.commits) for page in pages]

    def first(work: Work) -> None:
        _require_alive(work, kid)
        for page in pages:
            _add(work, page)

    return writer.append(actor, records, shared, first=first)


def put_stream(
    safe: Safe,
    actor: Actor,
    chunks: Iterable[bytes],
    *,
    classification: str,
    subject: str,
    then: Callable[[Work, Held], None] | None = None,
) -> Held:
    """Keep a large content that arrives in pieces, in bounded memory, never in plain on a disk.

    Nothing is locked while it arrives; a key destroyed meanwhile makes it fail. What speaks of the
    content is written by `then`, in the one transaction that notes it, so neither is there alone.
    """
    with safe.database.work(actor) as work:
        kid, secret = key_for(work, safe, classification, subject)
    sealing = rules.Sealing(secret, kid, safe.chance)
    digest, size = safe.blobs.put_stream(sealing.encrypt(chunks))
    held = Held(kid, sealing.commit(), digest.removeprefix("sha256:"), size)
    with safe.database.work(actor) as work:
        _require_alive(work, kid)
        store.add_object(work, held.ct_sha256, kid, size)
        if then is not None:
            then(work, held)
    return held


def open(work: Work, safe: Safe, held: Held, *, reason: str) -> Opening:  # noqa: A001 the verb people use
    """Open content for a reason; what it says can be read once the record is durable."""
    access.require(work, "vault.open")
    why = rules.require_reason(reason)
    key = store.key(work, held.kid, hold=True)
    if key is None:
        raise _unknown(held)
    secret = safe.secret_of(key)
    items = store.items_of(work, held)
    if not items:
        raise _unknown(held)
    opened = Opened(held.ct_sha256, key.kid, key.classification, key.subject, why)
    record(work, opened, content=(held.as_reference(),))
    opening = Opening(held, safe, items > 1, secret)
    work.after_commit(opening.release)
    return opening


def discard(work: Work, held: Held, *, reason: str) -> bool:
    """Let nobody open one content any more, though its key goes on protecting others.

    The room that keeps it asks its own gate. The bytes go with the next sweep. It tells whether
    there was anything left to discard.
    """
    why = rules.require_reason(reason)
    if store.items_of(work, held) > 1:
        raise ConflictError(
            "this content lies on one page with others, which would go with it",
            subject=held.ct_sha256,
            remedy="Erase its subject, or keep such content with `put`, each by itself.",
        )
    if not store.discard_object(work, held.ct_sha256):
        return False
    record(work, Discarded(held.ct_sha256, held.kid, why))
    return True


def erased(work: Work, kids: Iterable[str]) -> Mapping[str, datetime]:
    """Tell which of these keys are destroyed and since when; what they protected is erased."""
    return store.ended(work, set(kids))


def is_readable(work: Work, safe: Safe, held: Held) -> bool:
    """Tell whether content is kept and its key was not destroyed, without opening it."""
    key = store.key(work, held.kid)
    is_alive = key is not None and key.state is not KeyState.DESTROYED
    digest = f"sha256:{held.ct_sha256}"
    return is_alive and store.items_of(work, held) > 0 and safe.blobs.exists(digest)


def _store(safe: Safe, kid: str, secret: bytes, contents: Sequence[bytes]) -> list[rules.Page]:
    """Encrypt contents and make the objects durable; nobody knows of them yet."""
    pages = [rules.seal_page(secret, kid, some, safe.chance) for some in rules.pages_of(contents)]
    for page in pages:
        safe.blobs.put(page.data, f"sha256:{page.sha256}")
    return pages


def _add(work: Work, page: rules.Page) -> None:
    store.add_object(work, page.sha256, page.kid, len(page.data), len(page))


def _require_alive(work: Work, kid: str) -> None:
    key = store.key(work, kid, hold=True)
    if key is None or key.state is KeyState.DESTROYED:
        raise ConflictError(
            "the key was destroyed while the content arrived; nothing was kept",
            subject=kid,
            remedy="Send it again, if it may still be kept.",
        )


def _unknown(held: Held) -> NotFoundError:
    return NotFoundError(
        "the vault keeps no such content",
        subject=held.ct_sha256,
        remedy="Take the reference from the entry exactly as it stands there.",
    )
