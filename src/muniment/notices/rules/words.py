"""The words of a message: a title, then a line for each matter. Ids and links, never content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from muniment.notices.models import Group, Severity

MOST_LINES: Final = 10
INBOX: Final = "/console/notices"


def title_of(groups: Sequence[Group]) -> str:
    """Say in a line what a message is about."""
    if len(groups) == 1:
        return f"{groups[0].title}{_times(groups[0])}"
    counted = Counter(each.severity for each in groups)
    told = [f"{counted[each]} {each.value}" for each in reversed(Severity) if counted[each]]
    return f"{len(groups)} notices: {', '.join(told)}"


def link_of(groups: Sequence[Group], base: str) -> str:
    """Give the address that leads to the matter, or to the inbox if there are several."""
    return base + (groups[0].href if len(groups) == 1 else INBOX)


def body_of(groups: Sequence[Group], base: str) -> str:
    """Write a line and a link for each matter, the gravest first; many are counted."""
    ordered = sorted(groups, key=lambda each: (-each.severity.rank, each.id))
    lines = [f"{_line(each)}\n{base}{each.href}" for each in ordered[:MOST_LINES]]
    if len(ordered) > MOST_LINES:
        lines.append(f"and {len(ordered) - MOST_LINES} more\n{base}{INBOX}")
    return "\n\n".join(lines)


def facts_of(groups: Sequence[Group], base: str) -> tuple[Mapping[str, str], ...]:
    """Give each matter as facts, for programs that receive the message; the first hundred."""
    return tuple(
        {
            "id": each.id,
            "kind": each.kind,
            "severity": each.severity.value,
            "title": each.title,
            "subject_kind": each.subject[0],
            "subject_id": each.subject[1],
            "count": str(each.count),
            "link": base + each.href,
        }
        for each in groups[:100]
    )


def gravest(groups: Sequence[Group]) -> Severity:
    """Give the highest severity among some matters."""
    return max((each.severity for each in groups), key=lambda each: each.rank)


def _line(group: Group) -> str:
    about = " ".join(part for part in group.subject if part)
    return f"{group.title}{_times(group)} ({group.kind}{', ' + about if about else ''})"


def _times(group: Group) -> str:
    return f" ({group.count:,} times)" if group.count > 1 else ""
