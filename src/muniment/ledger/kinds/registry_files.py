"""What the registry records of files of models, of signatures over them, and of MLflow."""

from __future__ import annotations

from msgspec import Struct

from muniment.ledger.kinds.base import kind

_SYSTEM = ("system", "system_id")


@kind("registry.artefact_kept", covers=("registry_artefacts",), subject=_SYSTEM)
class ArtefactKept(Struct, frozen=True):
    """A file of a model is kept under its digest; the entry refers to the encrypted content."""

    system_id: str
    artefact_id: str
    digest: str
    size: int


@kind("registry.artefact_taken", subject=_SYSTEM)
class ArtefactTaken(Struct, frozen=True):
    """Somebody took a copy of a file of a model out."""

    system_id: str
    artefact_id: str
    digest: str


@kind("registry.artefact_scanned", covers=("registry_scans",), subject=_SYSTEM)
class ArtefactScanned(Struct, frozen=True):
    """A file of a model was looked through for what makes it unsafe to load."""

    system_id: str
    scan_id: str
    digest: str
    scanner: str
    format: str
    verdict: str
    dangers: int
    unread: int
    report_digest: str


@kind("registry.signer_trusted", covers=("registry_signers",), subject=("signer", "signer_id"))
class SignerTrusted(Struct, frozen=True):
    """From now on signatures by this key count, for one system or for all."""

    signer_id: str
    system_id: str
    fingerprint: str
    reason: str


@kind("registry.signer_ended", covers=("registry_signers",), subject=("signer", "signer_id"))
class SignerEnded(Struct, frozen=True):
    """Signatures by this key count no more, older ones neither."""

    signer_id: str
    fingerprint: str
    reason: str


@kind(
    "registry.signature_checked",
    covers=("registry_signatures", "registry_signed"),
    subject=_SYSTEM,
)
class SignatureChecked(Struct, frozen=True):
    """A signature over files of a model was looked at: by which key, and whether it is right."""

    system_id: str
    signature_id: str
    fingerprint: str
    bundle_digest: str
    digests: tuple[str, ...]
    verdict: str


@kind("registry.mlflow_linked", covers=("registry_mlflow_links",), subject=_SYSTEM)
class MlflowLinked(Struct, frozen=True):
    """A registered model of MLflow is followed as a part of a system; gated aliases are named."""

    system_id: str
    link_id: str
    part: str
    model_digest: str
    gates: tuple[tuple[str, str], ...]


@kind(
    "registry.mlflow_synced",
    covers=("registry_mlflow_links", "registry_mlflow_versions"),
    subject=_SYSTEM,
)
class MlflowSynced(Struct, frozen=True):
    """What MLflow says was taken over, as asserted: new versions, and where aliases stand."""

    system_id: str
    link_id: str
    added: tuple[str, ...]
    aliases: tuple[tuple[str, str], ...]
    tags_digest: str


@kind("registry.alias_judged", subject=_SYSTEM)
class AliasJudged(Struct, frozen=True):
    """MLflow asked whether a gated alias may be moved to a version, and was answered."""

    system_id: str
    link_id: str
    alias: str
    number: str
    digest: str
    environment: str
    verdict: str
    reason: str
