"""What remedies make of the facts: the act as it would be once they were carried out.

Of several remedies for text the strongest is carried out (redact over tokenise over mask); routes
and holds stand beside it. A cured fact is what the next round of the decision is made on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from muniment.policy.models import Facts, Remedy, RemedyKind

_TEXT: Final = (RemedyKind.MASK, RemedyKind.TOKENISE, RemedyKind.REDACT)


def combined(remedies: Iterable[Remedy]) -> tuple[Remedy, ...]:
    """Put remedies together: each type of finding gets the strongest that is asked for it."""
    wanted = sorted(set(remedies), key=lambda each: (_rank(each), each.target))
    beside = [each for each in wanted if each.kind not in _TEXT]
    of_all = [each for each in wanted if each.kind in _TEXT and not each.types]
    floor = of_all[-1] if of_all else None
    by_type: dict[str, Remedy] = {}
    for each in wanted:
        for named in each.types if each.kind in _TEXT else ():
            by_type[named] = Remedy(each.kind, named)
    above = [each for each in by_type.values() if floor is None or _rank(each) > _rank(floor)]
    grouped = [
        Remedy(kind, ",".join(sorted(each.target for each in above if each.kind is kind)))
        for kind in _TEXT
        if any(each.kind is kind for each in above)
    ]
    return (*([floor] if floor else []), *grouped, *beside)


def cured(facts: Facts, remedies: Iterable[Remedy]) -> Facts:
    """Give the facts as they would be once the remedies were carried out."""
    context = dict(facts.context)
    resource = facts.resource
    for remedy in remedies:
        if remedy.kind in _TEXT:
            context["text"] = _protected(context.get("text"), remedy)
        elif remedy.kind is RemedyKind.HOLD:
            context["text"] = _held(context.get("text"), remedy)
        else:
            marked = {**resource.attributes, remedy.target: True}
            resource = replace(resource, attributes=marked)
    return replace(facts, context=context, resource=resource)


def _protected(text: object, remedy: Remedy) -> dict[str, Any]:
    held = dict(text) if isinstance(text, Mapping) else {}
    types = set(held.get("types", ()))
    made_safe = types & remedy.types if remedy.types else types
    held["types"] = sorted(types - made_safe)
    held["protected"] = sorted({*held.get("protected", ()), *made_safe})
    if not held["types"]:
        held["families"] = []
    return held


def _held(text: object, remedy: Remedy) -> dict[str, Any]:
    held = dict(text) if isinstance(text, Mapping) else {}
    held["held"] = sorted({*held.get("held", ()), remedy.target})
    return held


def _rank(remedy: Remedy) -> int:
    return tuple(RemedyKind).index(remedy.kind)
