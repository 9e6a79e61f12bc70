"""The tables of exchanges.

The index of calls and the counters follow from the ledger's entries, so they may change without
one; limits and stops are what people set, and change only with a record.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, String, or_

from muniment.db import CanonicalJson, UtcTime, append_only, exempt_table, recorded_table
from muniment.exchanges.models import Inspected, Measure, ScopeKind, State, StopKind, Window

_ID: Final = String(80)


def _one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(repr(each.value) for each in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


calls_table = exempt_table(
    "exchanges",
    Column("id", _ID, primary_key=True),
    Column("system", _ID, nullable=False),
    Column("environment", _ID, nullable=False),
    Column("caller", String(120), nullable=False),
    Column("api_key", _ID, nullable=False),
    Column("surface", String(40), nullable=False),
    Column("model", String(200), nullable=False),
    Column("provider_model", String(200), nullable=False),
    Column("set_digest", _ID, nullable=False),
    Column("prompt", _ID, nullable=False),
    Column("subject", _ID, nullable=False),
    Column("state", String(10), nullable=False),
    Column("status", Integer, nullable=False),
    Column("reached", String(10), nullable=False),
    Column("effect", String(20), nullable=False),
    Column("findings", Integer, nullable=False),
    Column("input_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    Column("cost_micros", BigInteger, nullable=False),
    Column("milliseconds", BigInteger, nullable=False),
    Column("began_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("first_entry", BigInteger, nullable=False),
    Column("last_entry", BigInteger, nullable=False),
    Column("inspected", String(10)),
    Column("code", String(60)),
    _one_of("state", State),
    Index(None, "first_entry"),
    Index(None, "system", "first_entry"),
    Index(None, "prompt", "first_entry"),
    Index(None, "last_entry"),
    # Whatever is counted of a span of time is in it, so that counting reads no rows.
    Index(None, "began_at", "system", "state", "effect", "inspected", "findings"),
    reason="an index over entries of the ledger; it is built anew from them",
)

_C: Final = calls_table.c
# Nearly every call is answered, of nobody, and looked at whole: such are not looked for by that.
# Revision 0041 says it to PostgreSQL, too; here that would load its driver's words everywhere.
for _name, _columns, _held in (
    ("state", (_C.state, _C.first_entry), _C.state != State.ANSWERED.value),
    ("subject", (_C.subject, _C.first_entry), _C.subject != ""),
    (
        "uninspected",
        (_C.first_entry,),
        or_(_C.inspected != Inspected.WHOLE.value, _C.inspected.is_(None)),
    ),
):
    _index = f"ix_exchanges_{_name}_first_entry"
    Index(_index, *_columns, sqlite_where=_held)

limits_table = recorded_table(
    "exchange_limits",
    Column("id", _ID, primary_key=True),
    Column("scope", String(20), nullable=False),
    Column("scope_id", _ID, nullable=False),
    Column("measure", String(20), nullable=False),
    Column("window_kind", String(10), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("warn_percent", Integer, nullable=False),
    Column("reason", String(500), nullable=False),
    Column("changed_by", String(120), nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    _one_of("scope", ScopeKind),
    _one_of("measure", Measure),
    _one_of("window_kind", Window),
)
append_only(
    limits_table,
    update_when=(
        "OLD.ended_at IS NULL AND OLD.scope = NEW.scope AND OLD.scope_id = NEW.scope_id"
        " AND OLD.measure = NEW.measure AND OLD.window_kind = NEW.window_kind"
    ),
)

stops_table = recorded_table(
    "exchange_stops",
    Column("id", _ID, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("name", String(120), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("stopped_by", String(120), nullable=False),
    Column("stopped_at", UtcTime, nullable=False),
    Column("ended_by", String(120), nullable=False),
    Column("ended_at", UtcTime),
    Column("end_reason", String(500), nullable=False),
    _one_of("kind", StopKind),
    Index(None, "ended_at"),
)
append_only(
    stops_table,
    update_when=(
        "OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND OLD.kind = NEW.kind"
        " AND OLD.name = NEW.name AND OLD.reason = NEW.reason"
        " AND OLD.stopped_by = NEW.stopped_by AND OLD.stopped_at = NEW.stopped_at"
    ),
)

prices_table = recorded_table(
    "exchange_prices",
    Column("id", _ID, primary_key=True),
    Column("provider", _ID, nullable=False),
    Column("model", String(200), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("input_micros", BigInteger),
    Column("output_micros", BigInteger),
    Column("valid_from", UtcTime, nullable=False),
    Column("source", String(200), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("set_by", String(120), nullable=False),
    Column("set_at", UtcTime, nullable=False),
    Index(None, "provider", "model"),
)
append_only(prices_table)

counters_table = exempt_table(
    "exchange_counters",
    Column("limit_id", _ID, primary_key=True),
    Column("window_name", String(20), primary_key=True),
    Column("used", BigInteger, nullable=False),
    reason="sums of what entries of the ledger say, counted before they are sealed",
)

tool_uses_table = exempt_table(
    "exchange_tool_uses",
    Column("day", String(10), primary_key=True),
    Column("system", _ID, primary_key=True),
    Column("environment", _ID, primary_key=True),
    Column("tool", String(200), primary_key=True),
    Column("uses", BigInteger, nullable=False),
    reason="sums of what entries of the ledger say, by the day in UTC",
)

reservations_table = exempt_table(
    "exchange_reservations",
    Column("exchange", _ID, primary_key=True),
    Column("parts", CanonicalJson, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Index(None, "made_at"),
    reason="what a call under way holds of its limits; its intent says the same",
)

pulses_table = exempt_table(
    "exchange_pulses",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    reason="it says that limits or stops were changed, and how far the log was read",
)

subjects_table = exempt_table(
    "exchange_subjects",
    Column("lookup", _ID, primary_key=True),
    Column("subject", _ID, nullable=False, unique=True),
    Column("made_at", UtcTime, nullable=False),
    reason="it joins a person's name to a random id, and is erased on their request",
)
