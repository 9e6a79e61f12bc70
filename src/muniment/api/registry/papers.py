"""What is handed on, as files: bills of materials, and model cards in and out."""

from __future__ import annotations

import json
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from muniment import registry
from muniment.api.access.shapes import AnId
from muniment.api.asking import Doing, Given, Reading
from muniment.api.registry.systems import Short, VersionTold, version_told
from muniment.registry import Origin

_TYPES: Final = {
    "cyclonedx": "application/vnd.cyclonedx+json; version=1.6",
    "spdx": "application/spdx+json",
}
PartName = Annotated[str, Query(max_length=120, examples=["model/main"])]


class SetAsked(Given):
    """Which version set; nothing means what serves."""

    set: str = Field("", max_length=71)
    environment: Short = ""


class CardGiven(Given):
    """A model card: front matter in YAML, then Markdown."""

    part: str = Field(max_length=120, examples=["model/main"])
    card: str = Field(max_length=200_000, examples=["---\nlicense: mit\n---\n# A model\n"])
    commit: Short = ""


def add_to(routes: APIRouter) -> None:
    """Add the endpoints of bills and cards."""

    @routes.get(
        "/systems/{system_id}/bom/{form}",
        summary="Give the bill of materials of a version set",
        response_class=Response,
    )
    def give_bill(
        asked: Reading,
        system_id: AnId,
        form: Literal["cyclonedx", "spdx"],
        which: Annotated[SetAsked, Query()],
    ) -> Response:
        """CycloneDX 1.6 or SPDX 3.0.1; the same set gives the same bytes."""
        with asked.view_some("registry.read") as work:
            value = registry.bill_of(
                work,
                system_id,
                form,
                version=asked.behind.version,
                set_digest=which.set,
                environment=which.environment,
            )
        text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
        headers = {"content-disposition": f'attachment; filename="bom.{form}.json"'}
        return Response(text, media_type=_TYPES[form], headers=headers)

    @routes.get(
        "/systems/{system_id}/card", summary="Give the card of a model", response_class=Response
    )
    def give_card(
        asked: Reading,
        system_id: AnId,
        part: PartName = "model/main",
        number: Annotated[int, Query(ge=0, le=999_999_999)] = 0,
    ) -> Response:
        """As Hugging Face reads it; of the newest version if none is named."""
        with asked.view_some("registry.read") as work:
            text = registry.card_of(work, system_id, part, number)
        headers = {"content-disposition": 'attachment; filename="README.md"'}
        return Response(text, media_type="text/markdown; charset=utf-8", headers=headers)

    @routes.post("/systems/{system_id}/card", summary="Bring a model card")
    def bring_card(asked: Doing, system_id: AnId, given: CardGiven) -> VersionTold:
        """It becomes a version of the model that says what the card says."""
        origin = Origin(commit=given.commit)
        return asked.do(
            VersionTold,
            lambda work: version_told(
                registry.bring_card(work, system_id, given.part, given.card, origin=origin)
            ),
        )
