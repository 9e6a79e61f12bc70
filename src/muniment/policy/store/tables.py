"""The tables of policy: bundles and facts under their digests, versions, standing, decisions.

Nothing here is ever changed but the one line that says what is in force now, and every change of
that has a line of its own; facts lose their body when they are pruned, and holds end.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String

from muniment.db import CanonicalJson, UtcTime, append_only, recorded_table

bundles_table = recorded_table(
    "policy_bundles",
    Column("digest", String(80), primary_key=True),
    Column("body", CanonicalJson, nullable=False),
    Column("made_at", UtcTime, nullable=False),
)

versions_table = recorded_table(
    "policy_versions",
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("bundle", String(80), ForeignKey("policy_bundles.digest"), nullable=False),
    Column("based_on", Integer, nullable=False),
    Column("rules", Integer, nullable=False),
    Column("author", String(120), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("made_at", UtcTime, nullable=False),
)

requests_table = recorded_table(
    "policy_requests",
    Column("request_id", String(40), primary_key=True),
    Column("version", Integer, ForeignKey("policy_versions.number"), nullable=False),
    Index(None, "version"),
)

head_table = recorded_table(
    "policy_head",
    Column("name", String(20), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("enforced", Integer, nullable=False),
    Column("shadow", Integer, nullable=False),
)

changes_table = recorded_table(
    "policy_changes",
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("how", String(20), nullable=False),
    Column("version", Integer, ForeignKey("policy_versions.number"), nullable=False),
    Column("before", Integer, nullable=False),
    Column("enforced", Integer, nullable=False),
    Column("shadow", Integer, nullable=False),
    Column("person", String(120), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("request_id", String(40), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("record_id", String(40), nullable=False),
    Index(None, "at"),
)

facts_table = recorded_table(
    "policy_facts",
    Column("digest", String(80), primary_key=True),
    Column("body", CanonicalJson, nullable=False),
    Column("pruned_at", UtcTime),
)

decisions_table = recorded_table(
    "policy_decisions",
    Column("id", String(40), primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("bundle", String(80), nullable=False),
    Column("facts", String(80), ForeignKey("policy_facts.digest"), nullable=False),
    Column("action", String(40), nullable=False),
    Column("principal", String(200), nullable=False),
    Column("resource_type", String(40), nullable=False),
    Column("resource", String(200), nullable=False),
    Column("system", String(200), nullable=False),
    Column("effect", String(10), nullable=False),
    Column("decision", CanonicalJson, nullable=False),
    Column("shadow_version", Integer, nullable=False),
    Column("shadow", CanonicalJson),
    Index(None, "at"),
    Index(None, "facts"),
)

holds_table = recorded_table(
    "policy_holds",
    Column("id", String(40), primary_key=True),
    Column("sort", String(20), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("person", String(120), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("lifted_at", UtcTime),
)

documents_table = recorded_table(
    "policy_documents",
    Column("id", String(60), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("title", String(200), nullable=False),
    Column("body", CanonicalJson, nullable=False),
    Column("digest", String(80), nullable=False),
    Column("owner", String(120), nullable=False),
    Column("author", String(120), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("review_by", UtcTime, nullable=False),
    Column("made_at", UtcTime, nullable=False),
)

standing_documents_table = recorded_table(
    "policy_documents_in_force",
    Column("id", String(60), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("request_id", String(40), nullable=False),
    Column("told_due_at", UtcTime),
)

acknowledgements_table = recorded_table(
    "policy_acknowledgements",
    Column("id", String(60), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("person", String(120), primary_key=True),
    Column("digest", String(80), nullable=False),
    Column("at", UtcTime, nullable=False),
)

for each in (
    bundles_table,
    versions_table,
    requests_table,
    changes_table,
    decisions_table,
    documents_table,
    acknowledgements_table,
):
    append_only(each)

PRUNED_OR_GIVEN_AGAIN = (
    "NEW.digest = OLD.digest AND (OLD.pruned_at IS NULL) <> (NEW.pruned_at IS NULL)"
)
ONLY_LIFTED = "OLD.lifted_at IS NULL AND NEW.lifted_at IS NOT NULL" + "".join(
    f" AND NEW.{name} = OLD.{name}" for name in ("id", "sort", "subject", "reason", "person", "at")
)
append_only(facts_table, update_when=PRUNED_OR_GIVEN_AGAIN)
append_only(holds_table, update_when=ONLY_LIFTED)
