"""What a head may be signed over: a name that can sign, entries in their places, the right key.

Whatever does not fit ends in `CorruptError`: nothing is signed that could not be stood by later.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from muniment.core.canonical import parse_canonical
from muniment.core.errors import CorruptError, InvalidError
from muniment.ledger.rules import Packed, pack_written
from muniment.ledger.store import Batch, HeadRow, KeyRow
from muniment.verify import FormatError, cut_entries, make_key, open_checkpoint, parse_vkey

_OF_THE_LOG: Final = b'"kind":"ledger.'  # so does every kind begin that names a key
_LONGEST_ORIGIN: Final = 200


def require_origin(origin: str) -> None:
    """Refuse a name that no key could sign under; it could never be changed later."""
    remedy = "Use something like example.com/muniment, without spaces or plus signs."
    if len(origin) > _LONGEST_ORIGIN:
        raise InvalidError(
            f"{len(origin)} letters are too many for the name of a log; {_LONGEST_ORIGIN} fit",
            field="ledger.origin",
            remedy=remedy,
        )
    try:
        parse_vkey(make_key(origin, bytes(32)).vkey)
    except (FormatError, UnicodeError) as error:
        raise InvalidError(
            f"{origin!a} cannot name a log: {error}", field="ledger.origin", remedy=remedy
        ) from error


def read_predecessor(path: Path | None) -> dict[str, str | int] | None:
    """Read the last checkpoint of the log that this one continues, for its first entry."""
    if path is None:
        return None
    try:
        _, last = open_checkpoint(path.read_bytes())
    except (OSError, FormatError) as error:
        raise InvalidError(
            f"{path} is not a checkpoint that can be read: {error}",
            field="ledger.predecessor",
            remedy="Give the file `checkpoint` of the earlier log, or leave it empty.",
        ) from error
    return {"origin": last.origin, "size": last.size, "root": last.root.hex()}


def signing_key(keys: Sequence[KeyRow], head: HeadRow, entries: Sequence[bytes]) -> KeyRow:
    """Choose the key that the log itself names last, up to the head that is to be signed.

    A key that was rotated in by an entry still waiting for its place must not sign yet: a reader
    who knows only the older key would find a head that nothing leads to.
    """
    by_vkey = {key.vkey: key for key in keys}
    named = ""
    for entry in entries:
        if b'"kind":"ledger.key_rotated"' in entry or b'"kind":"ledger.began"' in entry:
            body = parse_canonical(entry)["body"]
            named = body.get("new_vkey") or body.get("vkey") or named
    if not named and head.checkpoint:
        note, _ = open_checkpoint(head.checkpoint.encode())
        signed = {(one.name, one.key_id) for one in note.signatures}
        sealed = [key for key in keys if _signature_id(key) in signed]
        named = sealed[0].vkey if sealed else ""
    found = by_vkey.get(named, keys[0])
    return keys[0] if found.state == "lost" else found


def _signature_id(row: KeyRow) -> tuple[str, bytes]:
    try:
        key = parse_vkey(row.vkey)
    except FormatError:
        return "", b""  # planted; reconciliation names it, and nothing is signed with it
    return key.name, key.id


def in_place(batches: Sequence[Batch], head: HeadRow) -> list[bytes]:
    """Cut batches into entries, making sure that each stands where its place says."""
    entries: list[bytes] = []
    for batch in batches:
        found, is_whole = cut_entries(batch.entries)
        is_next = batch.first_index == head.size + len(entries)
        if not is_whole or not is_next or len(found) != batch.count:
            raise broken_log(
                f"entries {head.size + len(entries)} and following are not in the database"
                " as they were recorded",
                head,
            )
        entries += found
    return entries


def packed_from(
    size: int, rest: bytes, batches: Sequence[Batch], entries: Sequence[bytes]
) -> tuple[Packed, bool]:
    """Cut what stands in batches into bundles; tell whether any of it may name a key."""
    data = b"".join([rest, *(batch.entries for batch in batches)])
    return pack_written(size, rest, list(map(len, entries)), data), _OF_THE_LOG in data


def broken_log(what: str, head: HeadRow) -> CorruptError:
    """Make the error that stops writing: what is wrong, with which log, and what to do."""
    return CorruptError(
        f"{what}; writing to the log has stopped",
        subject=head.origin,
        remedy="Run `muniment ledger fsck` and restore what it names from a backup.",
    )


def split_batch(entries: bytes) -> list[bytes]:
    """Cut a batch, which may hold more entries than a bundle does."""
    found, start = [], 0
    while start < len(entries):
        stop = start + 2 + int.from_bytes(entries[start : start + 2], "big")
        found.append(entries[start + 2 : stop])
        start = stop
    return found


def size_shown(checkpoint: bytes) -> int:
    """Say how many entries a published checkpoint covers."""
    try:
        return open_checkpoint(checkpoint)[1].size
    except FormatError as error:
        raise CorruptError(
            f"the published checkpoint cannot be read: {error}",
            remedy="Restore the file log/checkpoint from a backup.",
        ) from error
