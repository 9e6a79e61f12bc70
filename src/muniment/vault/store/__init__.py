"""What the vault remembers: data keys, where ciphertexts lie, tokens, erasures."""

from muniment.vault.store.keys import (
    OWN,
    add_key,
    destroy,
    ended,
    groups,
    key,
    live_kids,
    newest_key,
    retire,
    wrap_anew,
    wrapped_otherwise,
    wrapping_keys,
)
from muniment.vault.store.objects import (
    add_object,
    discard_object,
    forget_objects,
    items_of,
    of_nobody,
    totals,
)
from muniment.vault.store.shreds import add_shred, newest_shreds, save_shred, shred
from muniment.vault.store.tokens import (
    add_tokens,
    count_tokens,
    forget_tokens,
    prolong,
    spent_tokens,
    token,
)

__all__ = [
    "OWN",
    "add_key",
    "add_object",
    "add_shred",
    "add_tokens",
    "count_tokens",
    "destroy",
    "discard_object",
    "ended",
    "forget_objects",
    "forget_tokens",
    "groups",
    "items_of",
    "key",
    "live_kids",
    "newest_key",
    "newest_shreds",
    "of_nobody",
    "prolong",
    "retire",
    "save_shred",
    "shred",
    "spent_tokens",
    "token",
    "totals",
    "wrap_anew",
    "wrapped_otherwise",
    "wrapping_keys",
]
