"""A bill with everything in it."""

from __future__ import annotations

from typing import Any

from muniment.registry.models import Kept, PartKind, PartVersion, Run, RunSort
from muniment.registry.models.bills import Bill, Item
from muniment.registry.models.parts import version_digest
from tests.registry.making import AT, a_system

DIGEST = "sha256:" + "a" * 64
MODEL: dict[str, Any] = {
    "artefacts": [{"name": "m.safetensors", "digest": DIGEST}],
    "licence": "apache-2.0",
    "task": "text-classification",
    "architecture": "transformer",
    "hyperparameters": {"layers": 4, "rate": "0.1", "nested": {"b": [1, True]}},
    "datasets": ["dataset/loans", "elsewhere"],
    "metrics": {"auc": "0.9"},
    "limits": ["Only for small loans.", "Only in German."],
    "description": "Scores.",
}


def version(kind: PartKind, name: str, document: dict[str, Any], number: int = 1) -> PartVersion:
    """Make a version."""
    digest = version_digest(kind, document)
    return PartVersion(
        f"ver_{name}", f"prt_{name}", "sys_1", kind, name, number, digest, document, "per_1", AT
    )


def item(kind: PartKind, name: str, document: dict[str, Any]) -> Item:
    """Make an item without files."""
    return Item(version(kind, name, document))


def a_bill(**model: Any) -> Bill:
    """Make a bill of a system with a model, a dataset, a prompt and a provider's model."""
    run = Run(
        "run_1", "sys_1", RunSort.EVALUATION, DIGEST, {"metrics": {"f1": "0.8"}}, "met", "", "p", AT
    )
    kept = Kept("m.safetensors", DIGEST, None, None, None, ("could_not_tell", "unknown"))
    items = (
        Item(version(PartKind.MODEL, "main", {**MODEL, **model}), (kept,), run),
        item(PartKind.MODEL, "theirs", {"provider": "acme", "model": "large", "licence": "ours"}),
        item(
            PartKind.DATASET,
            "loans",
            {"source": "https://x", "collected_by": "us", "classes": ["health"]},
        ),
        item(PartKind.PROMPT, "main", {"text": "Hello."}),
    )
    return Bill(a_system(), "sha256:" + "b" * 64, items, "Us")
