"""What a yes is bound to: the bundle and the text of every rule that changes."""

from __future__ import annotations

from muniment.core.canonical import canonical_bytes
from muniment.policy.rules import document_before, document_of, rule_changes
from tests.policy.judging import ALLOW, bundle, rule

OLD = bundle(ALLOW, rule("gone"), rule("kept"), rule("other"))
NEW = bundle(ALLOW, rule("kept"), rule("other", when="context.tokens > 1"), rule("fresh"))


def test_added_changed_and_removed_rules_are_named() -> None:
    """Rules are the same by their ids, and changed by their texts."""
    found = {each.rule: each.kind for each in rule_changes(OLD, NEW)}
    assert found == {"fresh": "added", "gone": "removed", "other": "changed"}
    assert {each.kind for each in rule_changes(None, NEW)} == {"added"}
    assert rule_changes(NEW, NEW) == ()


def test_the_document_shows_both_sides() -> None:
    """Who is asked sees each text before and after, and the digest of everything."""
    changes = rule_changes(OLD, NEW)
    after, before = document_of(2, NEW, changes), document_before(1, OLD, changes)
    assert after["bundle"] == NEW.digest
    assert before["bundle"] == OLD.digest
    assert "context.tokens > 1" in after["changes"]["other"]
    assert after["changes"]["gone"] == ""
    assert document_before(0, None, changes)["bundle"] == ""


def test_a_book_is_bound_by_digests() -> None:
    """Where the texts would be too long to show, their digests stand, which bind as well."""
    many = bundle(
        *(
            rule(f"r{each}", when=f"context.tokens > {each}" + " && true" * 60)
            for each in range(200)
        )
    )
    document = document_of(1, many, rule_changes(None, many))
    assert document["changes"]["r1"].startswith("sha256:")
    assert len(canonical_bytes(document)) < 256 * 1024
