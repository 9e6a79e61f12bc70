"""SPDX 3.0.1 as JSON-LD, with the profiles core, software, AI and dataset."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import Any, Final
from urllib.parse import quote

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

_CONTEXT: Final = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
_PROFILES: Final = ("core", "software", "simpleLicensing", "ai")
_CREATION: Final = "_:creation"
_RISKS: Final = {"low": "low", "limited": "medium", "high": "high", "critical": "serious"}
_ALONE: Final = {
    "informs": "no",
    "suggests": "no",
    "acts_after_a_yes": "no",
    "acts_alone": "yes",
}
_SENSITIVE: Final = {"special", "health", "phi", "biometric", "sensitive", "special_category"}


class _Graph:
    """The elements of a document, each with its address and the moment of its making."""

    def __init__(self, bill: Bill) -> None:
        self.bill = bill
        self.base = f"urn:muniment:{bill.system.id}:{bill.set_digest.removeprefix('sha256:')}:"
        self.elements: list[dict[str, Any]] = []
        self.is_complete = True
        self.at = bill.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def name(self, what: str) -> str:
        """Give the address of something in this document."""
        return self.base + quote(what, safe="/@#.-_~")

    def has(self, address: str) -> bool:
        """Tell whether an element is there."""
        return any(each["spdxId"] == address for each in self.elements)

    def add(self, sort: str, what: str, **told: Any) -> str:  # noqa: ANN401 plain JSON
        """Add an element and give its address."""
        address = self.name(what)
        kept = {name: value for name, value in told.items() if value not in (None, "", [])}
        self.elements.append({"type": sort, "spdxId": address, "creationInfo": _CREATION, **kept})
        return address

    def relate(self, sort: str, source: str, targets: Iterable[str]) -> None:
        """Add a relationship, if it leads anywhere."""
        found = sorted(set(targets))
        if found:
            place = len(self.elements)
            self.add(
                "Relationship",
                f"relation/{place}",
                **{"from": source, "to": found, "relationshipType": sort},
            )


def as_spdx(bill: Bill, *, version: str) -> dict[str, Any]:
    """Write a bill; the same set at the same state gives the same bytes."""
    graph = _Graph(bill)
    agent = graph.add("Organization", "organisation", name=bill.organisation)
    tool = graph.add("Tool", "tool", name=f"muniment {version}")
    root = graph.add(
        "software_Package",
        f"system/{bill.system.key}",
        name=bill.system.profile.name,
        description=bill.system.profile.purpose,
        software_packageVersion=bill.set_digest,
        software_primaryPurpose="application",
        suppliedBy=agent,
    )
    addresses = {each.reference: _item(graph, each, agent) for each in bill.items}
    graph.relate("contains", root, addresses.values())
    for each in bill.items:
        known = [addresses[other.reference] for other in trained_on(bill, each)]
        foreign = [_foreign(graph, name) for name in foreign_datasets(bill, each)]
        graph.relate("trainedOn", addresses[each.reference], [*known, *foreign])
    return _document(graph, root, agent, tool)


def _document(graph: _Graph, root: str, agent: str, tool: str) -> dict[str, Any]:
    inner = sorted(each["spdxId"] for each in graph.elements)
    sbom = graph.add(
        "software_Sbom", "sbom", rootElement=[root], element=inner, software_sbomType=["deployed"]
    )
    graph.add(
        "SpdxDocument",
        "document",
        name=f"{graph.bill.system.key} {graph.bill.set_digest}",
        rootElement=[sbom],
        element=sorted([*inner, sbom]),
        profileConformance=[*_PROFILES, *(["dataset"] if graph.is_complete else [])],
    )
    creation = {
        "type": "CreationInfo",
        "@id": _CREATION,
        "specVersion": "3.0.1",
        "created": graph.at,
        "createdBy": [agent],
        "createdUsing": [tool],
    }
    return {"@context": _CONTEXT, "@graph": [creation, *graph.elements]}


def _item(graph: _Graph, item: Item, agent: str) -> str:
    if item.is_model:
        address = _model(graph, item, agent)
    elif item.version.kind is PartKind.DATASET:
        address = graph.add(
            "dataset_DatasetPackage",
            item.reference,
            **_package(graph, item, agent, "data"),
            originatedBy=[agent],
            builtTime=_moment(item),
            dataset_datasetType=["noAssertion"],
            dataset_dataCollectionProcess=plain(item.document.get("collected_by")),
            dataset_hasSensitivePersonalInformation=_sensitive(texts(item.document, "classes")),
        )
    else:
        told = _package(graph, item, agent, "configuration")
        address = graph.add("software_Package", item.reference, **told)
    graph.relate("contains", address, [_file(graph, item, each) for each in item.files])
    _licence(graph, item, address)
    return address


def _model(graph: _Graph, item: Item, agent: str) -> str:
    document, profile = item.document, graph.bill.system.profile
    return graph.add(
        "ai_AIPackage",
        item.reference,
        **_package(graph, item, agent, "model"),
        ai_autonomyType=_ALONE[profile.autonomy.value],
        ai_domain=texts(document, "task"),
        ai_typeOfModel=texts(document, "architecture"),
        ai_hyperparameter=_entries(pairs(document, "hyperparameters")),
        ai_metric=_entries(metrics(item)),
        ai_limitation="; ".join(texts(document, "limits")),
        ai_informationAboutApplication=profile.purpose,
        ai_informationAboutTraining=plain(document.get("training")),
        ai_safetyRiskAssessment=_RISKS.get(graph.bill.system.tier),
        ai_useSensitivePersonalInformation=_sensitive(profile.data_classes),
    )


def _package(graph: _Graph, item: Item, agent: str, purpose: str) -> dict[str, Any]:
    supplier = _supplier(graph, item, agent)
    return {
        "name": item.version.label,
        "description": plain(item.document.get("description")),
        "software_packageVersion": str(item.version.number),
        "software_primaryPurpose": purpose,
        "software_downloadLocation": graph.name(f"{item.reference}/content"),
        "suppliedBy": supplier,
        "releaseTime": _moment(item),
        "verifiedUsing": [_hash(item.version.digest)],
        "comment": "Brought in from elsewhere, as asserted." if item.version.asserted else "",
    }


def _file(graph: _Graph, item: Item, kept: Kept) -> str:
    return graph.add(
        "software_File",
        f"{item.reference}#{kept.digest}/{kept.name}",
        name=kept.name,
        software_primaryPurpose="model" if item.is_model else "data",
        verifiedUsing=[_hash(kept.digest)],
        comment=f"Scan: {kept.scan_answer[0]}. Signature: {kept.signed[0]}.",
    )


def _foreign(graph: _Graph, name: str) -> str:
    """Add a dataset of which only the name is known; so the dataset profile is not claimed."""
    graph.is_complete = False
    address = graph.name(f"dataset/{name}")
    if not graph.has(address):
        graph.add(
            "dataset_DatasetPackage",
            f"dataset/{name}",
            name=name,
            dataset_datasetType=["noAssertion"],
            software_primaryPurpose="data",
            comment="Named by a model; it is no part of this set.",
        )
    return address


def _supplier(graph: _Graph, item: Item, agent: str) -> str:
    """Give who a version comes from: its provider if one is stated, else this organisation."""
    provider = plain(item.document.get("provider"))
    if not provider:
        return agent
    address = graph.name(f"provider/{provider}")
    if not graph.has(address):
        graph.add("Organization", f"provider/{provider}", name=provider)
    return address


def _licence(graph: _Graph, item: Item, address: str) -> None:
    known = spdx_licence(item.licence)
    if not known:
        if item.licence:
            text = graph.add(
                "simplelicensing_SimpleLicensingText",
                f"{item.reference}/licence",
                name=item.licence,
                simplelicensing_licenseText=item.licence,
            )
            graph.relate("hasDeclaredLicense", address, [text])
        return
    expression = graph.name(f"licence/{known}")
    if not graph.has(expression):
        graph.add(
            "simplelicensing_LicenseExpression",
            f"licence/{known}",
            simplelicensing_licenseExpression=known,
        )
    graph.relate("hasDeclaredLicense", address, [expression])
    graph.relate("hasConcludedLicense", address, [expression])


def _sensitive(classes: Iterable[str]) -> str:
    found = {each.strip().lower() for each in classes}
    if found & _SENSITIVE:
        return "yes"
    return "no" if found else "noAssertion"


def _entries(given: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"type": "DictionaryEntry", "key": name, "value": value} for name, value in given]


def _hash(digest: str) -> dict[str, str]:
    plain_digest = digest.removeprefix("sha256:")
    return {"type": "Hash", "algorithm": "sha256", "hashValue": plain_digest}


def _moment(item: Item) -> str:
    return item.version.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
