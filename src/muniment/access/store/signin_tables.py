"""The tables of signing in: sessions, credentials, links, issuers, and what is only counted.

Rows that hold personal facts carry a random `salt`, as those of people do.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
)

from muniment.db import CanonicalJson, UtcTime, exempt_table, recorded_table

_DIGEST: Final = String(64)
_ID: Final = String(40)

sessions_table = recorded_table(
    "access_sessions",
    Column("id", _DIGEST, primary_key=True),
    Column("person_id", _ID, nullable=False),
    Column("methods", CanonicalJson, nullable=False),
    Column("strong", Boolean, nullable=False),
    Column("issuer", _ID, nullable=False),
    Column("began_at", UtcTime, nullable=False),
    Column("idle_seconds", Integer, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("address", String(64), nullable=False),
    Column("agent", String(200), nullable=False),
    Column("salt", _ID, nullable=False),
    Column("revoked_at", UtcTime),
    Index("ix_access_sessions_person_id", "person_id"),
)
uses_table = exempt_table(
    "access_session_uses",
    Column("session_id", _DIGEST, primary_key=True),
    Column("seen_at", UtcTime, nullable=False),
    Column("hint", Text, nullable=False),
    reason="when a session was last seen; its beginning and its end are recorded",
)
passwords_table = recorded_table(
    "access_passwords",
    Column("person_id", _ID, primary_key=True),
    Column("hash", Text, nullable=False),
    Column("set_at", UtcTime, nullable=False),
)
totp_table = recorded_table(
    "access_totp",
    Column("person_id", _ID, primary_key=True),
    Column("key_id", String(200), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_step", BigInteger, nullable=False),
)
codes_table = recorded_table(
    "access_recovery_codes",
    Column("digest", _DIGEST, primary_key=True),
    Column("person_id", _ID, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    Index("ix_access_recovery_codes_person_id", "person_id"),
)
passkeys_table = recorded_table(
    "access_passkeys",
    Column("id", _DIGEST, primary_key=True),
    Column("credential_id", LargeBinary, nullable=False),
    Column("person_id", _ID, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("label", String(100), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_used_at", UtcTime),
    Index("ix_access_passkeys_person_id", "person_id"),
)
links_table = recorded_table(
    "access_links",
    Column("digest", _DIGEST, primary_key=True),
    Column("purpose", String(10), nullable=False),
    Column("person_id", _ID, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
)
issuers_table = recorded_table(
    "access_issuers",
    Column("id", _ID, primary_key=True),
    Column("name", String(100), nullable=False),
    Column("url", String(400), nullable=False),
    Column("use", String(10), nullable=False),
    Column("client_id", String(400), nullable=False),
    Column("key_id", String(200), nullable=False),
    Column("sealed_secret", Text, nullable=False),
    Column("trust", CanonicalJson, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False),
)
workloads_table = recorded_table(
    "access_workloads",
    Column("issuer_id", _ID, primary_key=True),
    Column("subject", String(400), primary_key=True),
    Column("service_id", _ID, nullable=False),
    Column("claims", CanonicalJson, nullable=False),
)
directory_table = recorded_table(
    "access_directory",
    Column("id", _ID, primary_key=True),
    Column("resource", String(10), nullable=False),
    Column("external_id", String(400), nullable=False),
    Column("user_name", String(320), nullable=False),
    Column("extra", CanonicalJson, nullable=False),
    Column("salt", _ID, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False),
)
devices_table = exempt_table(
    "access_devices",
    Column("digest", _DIGEST, primary_key=True),
    Column("account", _DIGEST, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    reason="browsers in which somebody signed in before; each sign-in has its record",
)
attempts_table = exempt_table(
    "access_attempts",
    Column("bucket", _DIGEST, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False),
    reason="counts failures to slow down guessing; the failures themselves are recorded",
)
refusals_table = exempt_table(
    "access_refusals",
    Column("source", _ID, primary_key=True),
    Column("minute", UtcTime, primary_key=True),
    Column("account", _ID, primary_key=True),
    Column("count", Integer, nullable=False),
    reason="gathers refusals of a minute until one record carries their number",
)
sources_table = exempt_table(
    "access_sources",
    Column("address", String(64), primary_key=True),
    Column("id", _ID, nullable=False, unique=True),
    Column("seen_at", UtcTime, nullable=False),
    reason="gives addresses a name for the ledger, which must not hold them; erased in time",
)
steps_table = exempt_table(
    "access_steps",
    Column("digest", _DIGEST, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("data", CanonicalJson, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("tries", Integer, nullable=False),
    reason="what is under way in a browser; its outcome is recorded",
)
seen_table = exempt_table(
    "access_seen_tokens",
    Column("digest", _DIGEST, primary_key=True),
    Column("expires_at", UtcTime, nullable=False),
    reason="tokens that were used once and must not be used again",
)
