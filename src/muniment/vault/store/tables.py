"""The tables of the vault.

Key material stands here only wrapped; a destroyed key has none, and no statement can give it any
again: the database refuses to bring a destroyed key back or to remove its row.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)

from muniment.db import CanonicalJson, UtcTime, append_only, exempt_table, recorded_table

keys_table = recorded_table(
    "vault_keys",
    Column("kid", String(40), primary_key=True),
    Column("classification", String(40), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("period", String(10), nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("keyring_key", String(200), nullable=False),
    Column("wrapped", LargeBinary),
    Column("made_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    UniqueConstraint("classification", "subject", "period", "version"),
    CheckConstraint("state IN ('current', 'retired', 'destroyed')", name="state"),
    CheckConstraint("(state = 'destroyed') = (wrapped IS NULL)", name="material"),
    Index(None, "subject"),
    Index(None, "keyring_key"),
)

objects_table = exempt_table(
    "vault_objects",
    Column("sha256", String(64), primary_key=True),
    Column("kid", String(40), ForeignKey("vault_keys.kid"), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("item_count", Integer, nullable=False),
    Column("kept_at", UtcTime, nullable=False),
    Column("discarded_at", UtcTime),
    Index(None, "kid"),
    Index(None, "discarded_at"),
    reason="where a ciphertext lies; its own digest stands in the entry that speaks of it",
)

tokens_table = recorded_table(
    "vault_tokens",
    Column("id", String(40), primary_key=True),
    Column("scope", String(60), nullable=False),
    Column("text", String(80), nullable=False),
    Column("type", String(10), nullable=False),
    Column("kid", String(40), ForeignKey("vault_keys.kid"), nullable=False),
    Column("tweak", Integer, nullable=False),
    Column("sealed", LargeBinary),
    Column("made_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    UniqueConstraint("scope", "text"),
    CheckConstraint("type IN ('random', 'digits')", name="type"),
    Index(None, "kid"),
    Index(None, "expires_at"),
)

shreds_table = recorded_table(
    "vault_shreds",
    Column("id", String(40), primary_key=True),
    Column("subject", String(80), nullable=False),
    Column("classification", String(40), nullable=False),
    Column("state", String(10), nullable=False),
    Column("digest", String(80), nullable=False),
    Column("asked_by", String(120), nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("request", String(40), nullable=False),
    Column("approval", String(40), nullable=False),
    Column("destruction", String(40), nullable=False),
    Column("destroyed_at", UtcTime),
    Column("kids", CanonicalJson, nullable=False),
    CheckConstraint("state IN ('asked', 'approved', 'done')", name="state"),
    Index(None, "asked_at"),
)

STILL_ALIVE: Final = (
    "OLD.state <> 'destroyed' AND NEW.kid = OLD.kid AND NEW.classification = OLD.classification"
    " AND NEW.subject = OLD.subject AND NEW.period = OLD.period AND NEW.version = OLD.version"
)
NOT_DONE: Final = "OLD.state <> 'done'"
append_only(keys_table, update_when=STILL_ALIVE)
append_only(shreds_table, update_when=NOT_DONE)
