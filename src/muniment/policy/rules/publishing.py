"""What a version changes, exactly what a yes to it means, and who must say that yes."""

from __future__ import annotations

from typing import Any, Final

from muniment.core.digest import digest_bytes
from muniment.policy.models import Bundle, RuleChange

MOST_TEXT_BYTES: Final = 100_000


def rule_changes(before: Bundle | None, after: Bundle) -> tuple[RuleChange, ...]:
    """List the rules that a bundle adds, changes and takes away, by their ids."""
    old = {} if before is None else {each.id: each.text for each in before.rules}
    new = {each.id: each.text for each in after.rules}
    return tuple(
        RuleChange(each, old.get(each, ""), new.get(each, ""))
        for each in sorted(old.keys() | new.keys())
        if old.get(each) != new.get(each)
    )


def document_of(number: int, bundle: Bundle, changes: tuple[RuleChange, ...]) -> dict[str, Any]:
    """Write what a yes is bound to: the bundle, and the text of each rule that changes."""
    return {"version": number, "bundle": bundle.digest, "changes": _texts(changes, "after")}


def document_before(
    number: int, bundle: Bundle | None, changes: tuple[RuleChange, ...]
) -> dict[str, Any]:
    """Write the same of what is in force, so that the two can be put beside each other."""
    digest = "" if bundle is None else bundle.digest
    return {"version": number, "bundle": digest, "changes": _texts(changes, "before")}


def _texts(changes: tuple[RuleChange, ...], side: str) -> dict[str, str]:
    """Give the texts; if they are a book, their digests, which bind as well."""
    found = {each.rule: str(getattr(each, side)) for each in changes}
    size = sum(len(each.before.encode()) + len(each.after.encode()) for each in changes)
    if size <= MOST_TEXT_BYTES:
        return found
    return {rule: digest_bytes(text.encode()) if text else "" for rule, text in found.items()}
