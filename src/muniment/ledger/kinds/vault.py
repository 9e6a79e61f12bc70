"""What the vault records: keys made, turned and destroyed; content opened; tokens; erasures.

A subject here is a pseudonym of this installation or an id, never a person's own identifier.
"""

from __future__ import annotations

from dataclasses import dataclass

from muniment.ledger.kinds.base import kind


@kind("vault.key_made", covers=("vault_keys",), subject=("data_key", "kid"))
@dataclass(frozen=True, slots=True)
class KeyMade:
    """A data key was made for content of one classification, subject and period."""

    kid: str
    classification: str
    subject: str
    period: str
    keyring_key: str


@kind("vault.opened", subject=("content", "ct_sha256"))
@dataclass(frozen=True, slots=True)
class Opened:
    """Somebody opened content that is kept encrypted, for a stated reason."""

    ct_sha256: str
    kid: str
    classification: str
    subject: str
    reason: str


@kind("vault.matched", subject=("key", "kid"))
@dataclass(frozen=True, slots=True)
class Matched:
    """Somebody asked, for a stated reason, whether a text is the one a digest was made of."""

    kid: str
    digest: str
    subject: str
    reason: str
    same: bool


@kind("vault.discarded", subject=("content", "ct_sha256"))
@dataclass(frozen=True, slots=True)
class Discarded:
    """One content was discarded, for a reason; nobody can open it, and its bytes are swept."""

    ct_sha256: str
    kid: str
    reason: str


@kind("vault.rotated", covers=("vault_keys",))
@dataclass(frozen=True, slots=True)
class Rotated:
    """The keyring has a new key, and the data keys named here encrypt nothing new."""

    keyring_key: str
    retired: int
    classification: str
    subject: str
    reason: str


@kind("vault.rewrapped", covers=("vault_keys",))
@dataclass(frozen=True, slots=True)
class Rewrapped:
    """Some data keys are now wrapped under another key of the keyring; the content is as it was."""

    keyring_key: str
    keys: int


@kind("vault.tokenised", covers=("vault_tokens",), subject=("token_scope", "scope"))
@dataclass(frozen=True, slots=True)
class Tokenised:
    """Values were replaced by tokens that can be restored within one scope."""

    scope: str
    type: str
    count: int
    kid: str
    expires_at: str


@kind("vault.restored", subject=("token", "token"))
@dataclass(frozen=True, slots=True)
class Restored:
    """Somebody turned a token back into its value, for a stated reason."""

    token: str
    scope: str
    kid: str
    reason: str


@kind("vault.shred_asked", covers=("vault_shreds",), subject=("erasure", "shred"))
@dataclass(frozen=True, slots=True)
class ShredAsked:
    """Somebody asked to erase a subject's content by destroying its keys."""

    shred: str
    subject: str
    classification: str
    digest: str
    reason: str


@kind("vault.shred_approved", covers=("vault_shreds",), subject=("erasure", "shred"))
@dataclass(frozen=True, slots=True)
class ShredApproved:
    """A second person agreed to an erasure, exactly as it was asked for."""

    shred: str
    request: str
    digest: str
    decision: str
    reason: str


@kind("vault.shredded", covers=("vault_keys", "vault_shreds"), subject=("erasure", "shred"))
@dataclass(frozen=True, slots=True)
class Shredded:
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
@dataclass(frozen=True, slots=True)
class Swept:
    """What nobody can use any more was removed: expired tokens, and ciphertexts."""

    tokens: int
    objects: int
