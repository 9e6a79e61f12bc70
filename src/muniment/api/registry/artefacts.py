"""Files of models as JSON and as bytes: kept, taken out, scanned, signed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Final

from anyio import from_thread, to_thread
from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response, StreamingResponse

from muniment import registry
from muniment.api.access.shapes import AnId
from muniment.api.asking import Doing, Given, Reading, Streaming, Told
from muniment.api.registry.systems import ADigest, Sentence, Short
from muniment.registry import Kept, Signature, Signer

_BYTES: Final = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
Bundle = Annotated[
    dict[str, Any],
    Field(max_length=20, description="A Sigstore bundle, as OpenSSF model signing writes it."),
]


class DangerTold(Told):
    """One thing that a scan found."""

    rule: str
    severity: str
    file: str
    place: str
    why: str


class UnreadTold(Told):
    """Something that a scan could not look into."""

    file: str
    why: str


class ArtefactTold(Told):
    """A file and what is known of it."""

    name: str
    digest: str
    is_kept: bool
    size: int | None
    scan: str = Field(description="met, not_met or could_not_tell: is it safe to load?")
    scan_says: str
    scanner: str = Field(description="Empty: not scanned.")
    scanned_at: datetime | None
    format: str
    dangers: list[DangerTold]
    unread: list[UnreadTold]
    metadata: dict[str, Any] | None
    signature: str = Field(description="met, not_met or could_not_tell: is it signed?")
    signature_says: str


class ArtefactsTold(Told):
    """The files of a system."""

    rows: list[ArtefactTold]


class SignatureGiven(Given):
    """A signature over files of a system."""

    bundle: Bundle


class SignatureTold(Told):
    """What came out of looking at a signature."""

    id: str
    fingerprint: str
    verdict: str
    says: str


class SignerGiven(Given):
    """A key whose signatures shall count."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    public_key: Annotated[str, Field(max_length=4_000, description="In PEM.")]
    reason: Sentence
    system: Short = Field("", description="Only for this system; empty: for all.")


class SignerEnd(Given):
    """Why a key counts no more."""

    reason: Sentence


class SignerTold(Told):
    """A key whose signatures count, or did."""

    id: str
    system_id: str = Field(description="Empty: all systems.")
    name: str
    fingerprint: str
    made_at: datetime
    ended_at: datetime | None


class SignersTold(Told):
    """All keys there are and were."""

    rows: list[SignerTold]


class FileAsked(Given):
    """How a file is called."""

    name: str = Field("model", min_length=1, max_length=200, examples=["model.safetensors"])


def add_to(routes: APIRouter) -> None:
    """Add the endpoints of files."""

    @routes.get("/systems/{system_id}/artefacts", summary="List files of a system's models")
    def list_artefacts(asked: Reading, system_id: AnId) -> ArtefactsTold:
        with asked.view_some("registry.read") as work:
            found = registry.artefacts_of(work, system_id)
        return ArtefactsTold(rows=[told(each) for each in found])

    @routes.put(
        "/systems/{system_id}/artefacts/{digest}",
        summary="Keep a file, as a stream of bytes",
        openapi_extra=_BYTES,
    )
    async def keep_artefact(
        asked: Streaming,
        request: Request,
        system_id: AnId,
        digest: ADigest,
        which: Annotated[FileAsked, Query()],
    ) -> ArtefactTold:
        """Nothing is kept unless the bytes have the digest of the address."""
        pieces = request.stream()

        def chunks() -> Iterator[bytes]:
            while True:
                try:
                    yield from_thread.run(pieces.__anext__)
                except StopAsyncIteration:
                    return

        def keep() -> ArtefactTold:
            registry.keep_artefact(
                asked.safe,
                asked.behind.registry,
                asked.visitor.actor,
                system_id,
                digest,
                chunks(),
                name=which.name,
            )
            with asked.look() as work:
                return told(registry.artefact_of(work, system_id, digest))

        return await to_thread.run_sync(keep)

    _add_reading(routes)
    _add_signatures(routes)


def _add_reading(routes: APIRouter) -> None:
    @routes.get(
        "/systems/{system_id}/artefacts/{digest}",
        summary="Take a file out",
        response_class=Response,
    )
    def take_artefact(asked: Reading, system_id: AnId, digest: ADigest) -> Response:
        """Recorded first; the last bytes come only if all of them are right."""
        found, pieces = registry.take_artefact(asked.safe, asked.visitor.actor, system_id, digest)
        name = f'attachment; filename="{found.digest.removeprefix("sha256:")}"'
        headers = {"content-disposition": name, "content-length": str(found.size)}
        return StreamingResponse(pieces, media_type="application/octet-stream", headers=headers)

    @routes.post("/systems/{system_id}/artefacts/{digest}/scan", summary="Scan a file")
    def scan_artefact(asked: Doing, system_id: AnId, digest: ADigest) -> ArtefactTold:
        registry.scan_artefact(asked.safe, asked.visitor.actor, system_id, digest)
        with asked.look() as work:
            return told(registry.artefact_of(work, system_id, digest))

    @routes.get("/systems/{system_id}/artefacts/{digest}/sarif", summary="Give a scan as SARIF")
    def give_sarif(asked: Reading, system_id: AnId, digest: ADigest) -> dict[str, Any]:
        with asked.view_some("registry.read") as work:
            found = registry.artefact_of(work, system_id, digest)
        scans = [(found.name, found.scan)] if found.scan is not None else []
        return registry.as_sarif(scans, version=asked.behind.version)


def _add_signatures(routes: APIRouter) -> None:
    @routes.post("/systems/{system_id}/signatures", summary="Check and keep a signature")
    def check_signature(asked: Doing, system_id: AnId, given: SignatureGiven) -> SignatureTold:
        return asked.do(
            SignatureTold,
            lambda work: _signature_told(registry.check_signature(work, system_id, given.bundle)),
        )

    @routes.get("/signers", summary="List keys whose signatures count")
    def list_signers(asked: Reading) -> SignersTold:
        with asked.view("registry.read") as work:
            return SignersTold(rows=[_signer_told(each) for each in registry.signers(work)])

    @routes.post("/signers", status_code=201, summary="Let signatures by a key count")
    def trust_signer(asked: Doing, given: SignerGiven) -> SignerTold:
        return asked.do(
            SignerTold, lambda work: _signer_told(registry.trust_signer(work, **given.model_dump()))
        )

    @routes.post("/signers/{signer_id}/end", status_code=204, summary="Let a key count no more")
    def end_signer(asked: Reading, signer_id: AnId, given: SignerEnd) -> None:
        with asked.work() as work:
            registry.end_signer(work, signer_id, reason=given.reason)


def told(kept: Kept) -> ArtefactTold:
    """Tell a file and what is known of it."""
    scanned = kept.scan.scanned if kept.scan is not None else None
    verdict, says = kept.scan_answer
    return ArtefactTold(
        name=kept.name,
        digest=kept.digest,
        is_kept=kept.artefact is not None,
        size=kept.artefact.size if kept.artefact is not None else None,
        scan=verdict,
        scan_says=says,
        scanner=kept.scan.scanner if kept.scan is not None else "",
        scanned_at=kept.scan.at if kept.scan is not None else None,
        format=scanned.format if scanned is not None else "",
        dangers=[DangerTold.model_validate(each) for each in scanned.dangers] if scanned else [],
        unread=[UnreadTold.model_validate(each) for each in scanned.unread] if scanned else [],
        metadata=dict(scanned.metadata) if scanned and scanned.metadata is not None else None,
        signature=kept.signed[0],
        signature_says=kept.signed[1],
    )


def _signature_told(signature: Signature) -> SignatureTold:
    return SignatureTold.model_validate(signature)


def _signer_told(signer: Signer) -> SignerTold:
    return SignerTold.model_validate(signer)
