"""CycloneDX 1.6 with machine learning: models with their cards, datasets, and everything else."""

from __future__ import annotations

from typing import Any, Final

from muniment.core.clock import stamp
from muniment.registry.models.artefacts import Kept
from muniment.registry.models.bills import Bill, Item
from muniment.registry.models.parts import PartKind
from muniment.registry.rules.bills.words import (
    foreign_datasets,
    metrics,
    pairs,
    plain,
    spdx_licence,
    texts,
    trained_on,
)

_SCHEMA: Final = "http://cyclonedx.org/schema/bom-1.6.schema.json"
_DATA: Final = {
    PartKind.DATASET: "dataset",
    PartKind.PROMPT: "configuration",
    PartKind.WORKFLOW: "configuration",
    PartKind.AGENT: "configuration",
    PartKind.ROUTING: "configuration",
    PartKind.GUARDRAIL: "configuration",
    PartKind.TOOLS: "configuration",
    PartKind.TRAINING: "definition",
}


def as_cyclonedx(bill: Bill, *, version: str) -> dict[str, Any]:
    """Write a bill; the same set at the same state gives the same bytes."""
    root = f"system/{bill.system.key}"
    return {
        "$schema": _SCHEMA,
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": _serial(bill.set_digest),
        "version": 1,
        "metadata": {
            "timestamp": stamp(bill.at),
            "tools": {
                "components": [{"type": "application", "name": "muniment", "version": version}]
            },
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": bill.system.profile.name,
                "version": bill.set_digest,
                "description": bill.system.profile.purpose,
                "properties": _properties(
                    ("muniment:system", bill.system.id),
                    ("muniment:tier", bill.system.tier),
                    ("muniment:eu_ai_act_role", bill.system.profile.role.value),
                    ("muniment:eu_ai_act_class", bill.system.profile.eu_class),
                ),
            },
            "supplier": {"name": bill.organisation},
        },
        "components": [_component(bill, each) for each in bill.items],
        "dependencies": [
            {"ref": root, "dependsOn": sorted(each.reference for each in bill.items)},
            *(
                {"ref": each.reference, "dependsOn": needed}
                for each in bill.items
                if (needed := sorted(other.reference for other in trained_on(bill, each)))
            ),
        ],
    }


def _serial(set_digest: str) -> str:
    """Make an address of the set's digest: a UUID of version 8, whose meaning is one's own."""
    digits = set_digest.removeprefix("sha256:")
    parts = (digits[:8], digits[8:12], f"8{digits[13:16]}", f"8{digits[17:20]}", digits[20:32])
    return f"urn:uuid:{'-'.join(parts)}"


def _component(bill: Bill, item: Item) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "machine-learning-model" if item.is_model else "data",
        "bom-ref": item.reference,
        "name": item.version.label,
        "version": str(item.version.number),
        "properties": _properties(
            ("muniment:digest", item.version.digest),
            ("muniment:provider", plain(item.document.get("provider"))),
            ("muniment:model", plain(item.document.get("model"))),
            ("muniment:asserted", plain(item.version.asserted)),
        ),
    }
    if description := plain(item.document.get("description")):
        found["description"] = description
    if item.licence:
        known = spdx_licence(item.licence)
        named = {"id": known} if known else {"name": item.licence}
        found["licenses"] = [{"license": named}]
    if item.is_model:
        found["modelCard"] = _card(bill, item)
    else:
        found["data"] = [_data(item)]
    if item.files:
        found["components"] = [_file(item, each) for each in item.files]
    return found


def _card(bill: Bill, item: Item) -> dict[str, Any]:
    document = item.document
    parameters: dict[str, Any] = {}
    if task := plain(document.get("task")):
        parameters["task"] = task
    if family := plain(document.get("architecture")):
        parameters["modelArchitecture"] = family
    datasets: list[dict[str, Any]] = [{"ref": each.reference} for each in trained_on(bill, item)]
    datasets += [{"type": "dataset", "name": each} for each in foreign_datasets(bill, item)]
    if datasets:
        parameters["datasets"] = datasets
    card: dict[str, Any] = {}
    if parameters:
        card["modelParameters"] = parameters
    if found := metrics(item):
        card["quantitativeAnalysis"] = {
            "performanceMetrics": [{"type": name, "value": value} for name, value in found]
        }
    considered = {
        "users": [bill.system.profile.users_affected] if bill.system.profile.users_affected else [],
        "useCases": [bill.system.profile.purpose],
        "technicalLimitations": texts(document, "limits"),
    }
    card["considerations"] = {name: value for name, value in considered.items() if value}
    given = pairs(document, "hyperparameters")
    settings = [(f"hyperparameter:{name}", each) for name, each in given]
    if settings:
        card["properties"] = _properties(*settings)
    return card


def _data(item: Item) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": _DATA[item.version.kind],
        "name": item.version.name,
        "contents": {"properties": _properties(("muniment:digest", item.version.digest))},
    }
    if item.version.kind is PartKind.DATASET:
        if classes := texts(item.document, "classes") or texts(item.document, "data_classes"):
            found["classification"] = ", ".join(classes)
        if source := plain(item.document.get("source")):
            found["description"] = f"Source: {source}"
    return found


def _file(item: Item, kept: Kept) -> dict[str, Any]:
    return {
        "type": "file",
        "bom-ref": f"{item.reference}#{kept.digest}/{kept.name}",
        "name": kept.name,
        "hashes": [{"alg": "SHA-256", "content": kept.digest.removeprefix("sha256:")}],
        "properties": _properties(
            ("muniment:scan", kept.scan_answer[0]), ("muniment:signature", kept.signed[0])
        ),
    }


def _properties(*given: tuple[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in given if value]
