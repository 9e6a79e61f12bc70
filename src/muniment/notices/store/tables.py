"""The tables of notices.

What a person typed about themselves (addresses, hours) lies in tables whose rows can be removed:
addresses are sealed with chance in them, hours carry a salt, so that a row's digest in the ledger
tells nothing.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)

from muniment.db import CanonicalJson, UtcTime, exempt_table, recorded_table
from muniment.notices.models import MessageState, Severity, SubscriberKind

_ID: Final = String(40)


def _one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(repr(each.value) for each in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


beginnings_table = recorded_table(
    "notice_beginnings",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("since", UtcTime, nullable=False),
)

routes_table = recorded_table(
    "notice_routes",
    Column("name", String(60), primary_key=True),
    Column("route", CanonicalJson, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False),
)

groups_table = recorded_table(
    "notice_groups",
    Column("id", _ID, primary_key=True),
    Column("route", String(60), nullable=False),
    Column("kind", String(100), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("subject_kind", String(60), nullable=False),
    Column("subject_id", String(200), nullable=False),
    Column("title", String(200), nullable=False),
    Column("href", String(400), nullable=False),
    Column("roles", CanonicalJson, nullable=False),
    Column("entry", BigInteger, nullable=False),
    Column("streak", Integer, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("send_at", UtcTime, nullable=False),
    Column("sent_at", UtcTime),
    Column("settled_at", UtcTime),
    Column("escalate_at", UtcTime),
    Column("escalate_to", String(60), nullable=False),
    Column("escalated_at", UtcTime),
    Column("seen_at", UtcTime),
    Column("seen_by", _ID, nullable=False),
    _one_of("severity", Severity),
    Index(None, "route", "subject_kind", "subject_id"),
    Index(None, "sent_at", "send_at"),
    Index(None, "escalate_at"),
)

counts_table = exempt_table(
    "notice_counts",
    Column("group_id", _ID, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", UtcTime, nullable=False),
    reason="how many events a group stands for; each is an entry of its own, and the number is "
    "recorded when the group is sent",
)

tellings_table = recorded_table(
    "notice_tellings",
    Column("id", _ID, primary_key=True),
    Column("group_id", _ID, ForeignKey("notice_groups.id"), nullable=False),
    Column("person", _ID, nullable=False),
    Column("why", String(100), nullable=False),
    Column("told_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime),
    UniqueConstraint("group_id", "person"),
    Index(None, "person", "seen_at", "id"),
)

channels_table = recorded_table(
    "notice_channels",
    Column("id", _ID, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("via", String(60), nullable=False),
    Column("personal", Boolean, nullable=False),
    Column("least", String(10), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("key_id", String(200), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("signs", Boolean, nullable=False),
    Column("old_until", UtcTime),
    Column("made_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False),
    _one_of("least", Severity),
)

subscriptions_table = recorded_table(
    "notice_subscriptions",
    Column("id", _ID, primary_key=True),
    Column("channel_id", _ID, ForeignKey("notice_channels.id"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("holder", String(60), nullable=False),
    Column("least", String(10), nullable=False),
    Column("key_id", String(200), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    UniqueConstraint("channel_id", "kind", "holder"),
    Index(None, "holder"),
    _one_of("kind", SubscriberKind),
    _one_of("least", Severity),
)

hours_table = recorded_table(
    "notice_hours",
    Column("person", _ID, primary_key=True),
    Column("zone", String(60), nullable=False),
    Column("starts", Integer, nullable=False),
    Column("ends", Integer, nullable=False),
    Column("weekends", Boolean, nullable=False),
    Column("holds", String(10), nullable=False),
    Column("salt", String(40), nullable=False),
    _one_of("holds", Severity),
)

messages_table = recorded_table(
    "notice_messages",
    Column("id", _ID, primary_key=True),
    Column("channel_id", _ID, nullable=False),
    Column("subscription_id", _ID, nullable=False),
    Column("person", _ID, nullable=False),
    Column("severity", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("why", String(200), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("next_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("version", Integer, nullable=False),
    _one_of("severity", Severity),
    _one_of("state", MessageState),
    Index(None, "state", "next_at"),
    Index(None, "channel_id", "id"),
)

parts_table = recorded_table(
    "notice_parts",
    Column("message_id", _ID, ForeignKey("notice_messages.id"), primary_key=True),
    Column("group_id", _ID, ForeignKey("notice_groups.id"), primary_key=True),
    Index(None, "group_id"),
)
