"""Model cards in and out: a card becomes a version of the model, a version becomes a card."""

from __future__ import annotations

from muniment import access
from muniment.core.errors import ConflictError, InvalidError
from muniment.db import Work
from muniment.registry import store
from muniment.registry.models import Origin, PartKind, PartVersion
from muniment.registry.rules.cards import merged, read_card, write_card
from muniment.registry.rules.parts import read_label
from muniment.registry.service.parts import add_version, parts_of, version_at
from muniment.registry.service.standing import place_of


def bring_card(
    work: Work,
    id_or_key: str,
    label: str,
    text: str,
    *,
    origin: Origin = Origin(),  # noqa: B008 a frozen value
) -> PartVersion:
    """Write a version of a model that says what its card says, with the files it had."""
    system = store.systems.get(work, id_or_key)
    access.require(work, "registry.write", place_of(system.id))
    latest = _latest(work, system.id, label)
    card = read_card(text)
    if not latest:
        raise ConflictError(
            f"{label[:110]} has no version yet, and a card names no files",
            field="part",
            remedy="Write a version that names its artefacts or its provider, then bring the card.",
        )
    document = version_at(work, id_or_key, label, latest).document
    return add_version(work, id_or_key, label, merged(document, card), origin=origin)


def card_of(work: Work, id_or_key: str, label: str, number: int = 0) -> str:
    """Write the card of a version of a model, the newest if none is named."""
    wanted = number or _latest(work, id_or_key, label)
    return write_card(version_at(work, id_or_key, label, wanted).document)


def _latest(work: Work, id_or_key: str, label: str) -> int:
    """Give the number of a model's newest version; first of all, who asks must be let in."""
    parts = parts_of(work, id_or_key)
    if read_label(label)[0] is not PartKind.MODEL:
        raise InvalidError(
            f"{label[:110]} is no model", field="part", remedy="Name one, as model/main."
        )
    return next((each.latest for each in parts if each.label == label), 0)
