"""What a peer is asked about a change of a detector, and what stands before and after it.

The document is what a yes is bound to. It holds digests and counts; the allowed texts and own terms
themselves stand on the page of the change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from muniment.core.clock import stamp
from muniment.core.digest import digest_value
from muniment.detect.models import Configuration, Measured, Proposal, SetFigures

ANSWERED_WITHIN: Final = timedelta(days=30)
NO_END: Final = "no end"
INSTALLATION: Final = "installation"

Line = tuple[str, str, str]
Judged = tuple[str, str, str]


def document_of(proposal: Proposal) -> dict[str, Any]:
    """Write down exactly what a yes would allow."""
    return {
        "id": proposal.id,
        "system": proposal.system or INSTALLATION,
        "owner": proposal.owner,
        "reason": proposal.reason,
        "ends": stamp(proposal.expires_at) if proposal.expires_at else NO_END,
        "replaces": proposal.previous.digest,
        "loosens": list(proposal.loosens),
        **_state(proposal.configuration, proposal.after),
    }


def document_before(proposal: Proposal) -> dict[str, Any]:
    """Write down what holds now, in the same words."""
    return _state(proposal.previous, proposal.before)


def ends_of_question(proposal: Proposal) -> datetime:
    """Say until when it may be answered: a month, and never after the change's own end."""
    latest = proposal.proposed_at + ANSWERED_WITHIN
    return latest if proposal.expires_at is None else min(latest, proposal.expires_at)


def differences(old: Configuration, new: Configuration) -> tuple[Line, ...]:
    """List what a configuration changes: what, before, after."""
    before, after = dict(_entries(old)), dict(_entries(new))
    return tuple(
        (name, before.get(name, ""), after.get(name, ""))
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    )


def judged(before: Measured, after: Measured) -> tuple[Judged, ...]:
    """Say of each thing that was measured whether it is at least as good: name, answer, words."""
    told = [_cases(before, after)]
    was = {each.name: each for each in before.sets}
    told.extend(_set(was[each.name], each) for each in after.sets if each.name in was)
    return tuple(told)


def _cases(before: Measured, after: Measured) -> Judged:
    says = (
        f"{before.cases.right} of {before.cases.total} right before, {after.cases.right} after;"
        f" missed {before.cases.missed} before, {after.cases.missed} after"
    )
    unknown = max(before.cases.unknown, after.cases.unknown)
    at_best = after.cases.right + after.cases.unknown
    is_worse = after.cases.missed > before.cases.missed or at_best < before.cases.right
    if after.cases.total and is_worse:
        return ("cases", "not_met", says)
    if not after.cases.total or unknown:
        return ("cases", "could_not_tell", f"{says}; {unknown} could not be told")
    return ("cases", "met", says)


def _set(before: SetFigures, after: SetFigures) -> Judged:
    met = after.found >= before.found and after.false <= before.false
    says = (
        f"{before.found} of {after.wanted} found before, {after.found} after;"
        f" {before.false} false before, {after.false} after"
    )
    return (after.name, "met" if met else "not_met", says)


def _state(configuration: Configuration, measured: Measured) -> dict[str, Any]:
    return {
        "configuration": configuration.digest,
        "layers": list(configuration.layers),
        "threshold": repr(configuration.threshold),
        "thresholds": {name: repr(value) for name, value in configuration.thresholds},
        "types": list(configuration.types),
        "without": list(configuration.without),
        "also": list(configuration.also),
        "allowed": _counted([each.type, each.text] for each in configuration.allowed),
        "terms": _counted(
            [each.id, each.kind.value, each.type, each.text] for each in configuration.terms
        ),
        "figures": measured.as_value(),
    }


def _counted(rows: Iterable[list[str]]) -> dict[str, Any]:
    listed = sorted(rows)
    return {"count": len(listed), "digest": digest_value(listed)}


def _entries(configuration: Configuration) -> Iterator[tuple[str, str]]:
    yield "threshold", f"{configuration.threshold:g}"
    for name, score in configuration.thresholds:
        yield f"threshold of {name}", f"{score:g}"
    lists = {
        "layer": configuration.layers,
        "only type": configuration.types,
        "type left out": configuration.without,
        "type looked for besides": configuration.also,
    }
    for says, names in lists.items():
        for name in names:
            yield f"{says} {name}", "yes"
    for each in configuration.allowed:
        yield f"allowed {each.type or 'of any type'}: {each.text}", "yes"
    for term in configuration.terms:
        case = "" if term.ignore_case else ", exact case"
        name = f"own term {term.id} ({term.kind.value}): {term.text}"
        yield name, f"{term.type or 'as its kind'}{case}"
