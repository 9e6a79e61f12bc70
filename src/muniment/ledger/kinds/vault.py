"""What the vault records: keys made, turned and destroyed; content opened; tokens; erasures.

A subject here is a pseudonym of this installation or an id, never a person's own identifier.
"""

from __future__ import annotations

from msgspec import Struct

from muniment.ledger.kinds.base import kind


@kind("vault.key_made", covers=("vault_keys",), subject=("data_key", "kid"))
class KeyMade(Struct, frozen=True):
    """A data key was made for content of one classification, subject and period."""

    kid: str
    classification: str
    subject: str
    period: str
    keyring_key: str


@kind("vault.opened", subject=("content", "ct_sha256"))
class Opened(Struct, frozen=True):
    """Somebody opened content that is kept encrypted, for a stated reason."""

    ct_sha256: str
    kid: str
    classification: str
    subject: str
    reason: str


@kind("vault.matched", subject=("key", "kid"))
class Matched(Struct, frozen=True):
    """Somebody asked, for a stated reason, whether a text is the one a digest was made of."""

    kid: str
    digest: str
    subject: str
    reason: str
    same: bool


@kind("vault.discarded", subject=("content", "ct_sha256"))
class Discarded(Struct, frozen=True):
    """One content was discarded, for a reason; nobody can open it, and its bytes are swept."""

    ct_sha256: str
    kid: str
    reason: str


@kind("vault.rotated", covers=("vault_keys",))
class Rotated(Struct, frozen=True):
    """The keyring has a new key, and the data keys named here encrypt nothing new."""

    keyring_key: str
    retired: int
    classification: str
    subject: str
    reason: str


@kind("vault.rewrapped", covers=("vault_keys",))
class Rewrapped(Struct, frozen=True):
    """Some data keys are now wrapped under another key of the keyring; the content is as it was."""

    keyring_key: str
    keys: int


@kind("vault.tokenised", covers=("vault_tokens",), subject=("token_scope", "scope"))
class Tokenised(Struct, frozen=True):
    """Values were replaced by tokens that can be restored within one scope."""

    scope: str
    type: str
    count: int
    kid: str
    expires_at: str


@kind("vault.restored", subject=("token", "token"))
class Restored(Struct, frozen=True):
    """Somebody turned a token back into its value, for a stated reason."""

    token: str
    scope: str
    kid: str
    reason: str


@kind("vault.shred_asked", covers=("vault_shreds",), subject=("erasure", "shred"))
class ShredAsked(Struct, frozen=True):
    """Somebody asked to erase a subject's content by destroying its keys."""

    shred: str
    subject: str
    classification: str
    digest: str
    reason: str


@kind("vault.shred_approved", covers=("vault_shreds",), subject=("erasure", "shred"))
class ShredApproved(Struct, frozen=True):
    """A second person agreed to an erasure, exactly as it was asked for."""

    shred: str
    request: str
    digest: str
    decision: str
    reason: str


@kind("vault.shredded", covers=("vault_keys", "vault_shreds"), subject=("erasure", "shred"))
class Shredded(Struct, frozen=True):
    """Keys were destroyed, so that nobody can open what they protected; backups end as stated."""

    shred: str
    subject: str
    classification: str
    keys: int
    keys_digest: str
    request: str
    approval: str
    memory_until: str
    backups_until: str


@kind("vault.swept", covers=("vault_tokens",))
class Swept(Struct, frozen=True):
    """What nobody can use any more was removed: expired tokens, and ciphertexts."""

    tokens: int
    objects: int
