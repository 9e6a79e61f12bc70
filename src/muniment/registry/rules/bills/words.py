"""What both forms of a bill read out of a version's document, whatever it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from muniment.registry.models.bills import Bill, Item
from muniment.registry.models.parts import PartKind

_LONGEST: Final = 2_000
_LICENCES: Final = {
    each.lower(): each
    for each in (
        *("Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MPL-2.0", "Unlicense"),
        *("GPL-2.0-only", "GPL-3.0-only", "LGPL-2.1-only", "LGPL-3.0-only", "AGPL-3.0-only"),
        *("CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0"),
        *("CC-BY-3.0", "CC-BY-ND-4.0", "CDLA-Permissive-2.0", "ODbL-1.0", "PDDL-1.0", "AFL-3.0"),
        *("EPL-2.0", "EUPL-1.2", "BSL-1.0", "Zlib", "Artistic-2.0", "ECL-2.0", "OFL-1.1"),
    )
}


def spdx_licence(stated: str) -> str:
    """Give the SPDX id of a licence as it was stated, or nothing where it is not one we know."""
    return _LICENCES.get(stated.strip().lower(), "")


def plain(value: object) -> str:
    """Write any value as a short text."""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, Mapping):
        value = ", ".join(f"{name}: {plain(value[name])}" for name in sorted(value, key=str))
    elif isinstance(value, (list, tuple)):
        value = ", ".join(map(plain, value))
    return str("" if value is None else value)[:_LONGEST]


def texts(document: Mapping[str, Any], name: str) -> list[str]:
    """Give what a member says as a list of texts, whether it was one or several."""
    value = document.get(name)
    several = value if isinstance(value, (list, tuple)) else [value]
    return [text for text in map(plain, several) if text]


def pairs(document: Mapping[str, Any], name: str) -> Iterator[tuple[str, str]]:
    """Give the pairs of a member in order."""
    value = document.get(name)
    if isinstance(value, Mapping):
        for key in sorted(value, key=str):
            yield str(key), plain(value[key])


def metrics(item: Item) -> list[tuple[str, str]]:
    """Give what is known of how well a model does: as stated, and over it as evaluated."""
    found = dict(pairs(item.document, "metrics"))
    if item.evaluation is not None:
        found.update(pairs(item.evaluation.document, "metrics"))
    return sorted(found.items())


def trained_on(bill: Bill, item: Item) -> list[Item]:
    """Find the datasets of the set that a model names by label or name."""
    named = set(texts(item.document, "datasets"))
    return [
        each
        for each in bill.items
        if each.version.kind is PartKind.DATASET
        and named & {each.version.label, each.version.name, each.reference, each.version.digest}
    ]


def foreign_datasets(bill: Bill, item: Item) -> list[str]:
    """Give the names of datasets that a model names and the set does not hold."""
    own = [each.version for each in trained_on(bill, item)]
    known = {text for each in own for text in (each.label, each.name, each.digest)}
    known |= {f"{each.label}@{each.number}" for each in own}
    return sorted(set(texts(item.document, "datasets")) - known)
