"""The verbs of the vault: put, open, tokenise, restore, rotate, rewrap, shred, and its status."""

from muniment.vault.service.content import (
    Opening,
    append,
    discard,
    erased,
    is_readable,
    open,  # noqa: A004 the verb people use
    put,
    put_many,
    put_stream,
)
from muniment.vault.service.digests import Digester, matches
from muniment.vault.service.keys import pseudonym, rewrap, rotate
from muniment.vault.service.safe import AREA, Remembered, Safe, open_safe
from muniment.vault.service.shreds import approve_shred, ask_shred, certificate, shred
from muniment.vault.service.status import status, sweep
from muniment.vault.service.tokens import Restoring, restore, tokenise, tokenise_many
from muniment.vault.service.unlock import (
    find_unlock,
    load_keyring,
    open_keyring,
    unlock_says,
    unlock_source,
)

__all__ = [
    "AREA",
    "Digester",
    "Opening",
    "Remembered",
    "Restoring",
    "Safe",
    "append",
    "approve_shred",
    "ask_shred",
    "certificate",
    "discard",
    "erased",
    "find_unlock",
    "is_readable",
    "load_keyring",
    "matches",
    "open",
    "open_keyring",
    "open_safe",
    "pseudonym",
    "put",
    "put_many",
    "put_stream",
    "restore",
    "rewrap",
    "rotate",
    "shred",
    "status",
    "sweep",
    "tokenise",
    "tokenise_many",
    "unlock_says",
    "unlock_source",
]
