"""Which registered models of MLflow are followed, and what was seen of them."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    Row,
    String,
    UniqueConstraint,
    insert,
    select,
    update,
)

from muniment.core.errors import ConflictError
from muniment.db import CanonicalJson, UtcTime, Work, recorded_table
from muniment.registry.models.mlflow import MlflowLink, SeenVersion
from muniment.registry.store.systems import salt

_ID: Final = String(40)

links_table = recorded_table(
    "registry_mlflow_links",
    Column("id", _ID, primary_key=True),
    Column("system_id", _ID, ForeignKey("registry_systems.id"), nullable=False, index=True),
    Column("part", String(120), nullable=False),
    Column("model", String(256), nullable=False, unique=True),
    Column("gates", CanonicalJson, nullable=False),
    Column("aliases", CanonicalJson, nullable=False),
    Column("tags", CanonicalJson, nullable=False),
    Column("author", String(100), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("synced_at", UtcTime),
    Column("revision", Integer, nullable=False),
    Column("salt", String(32), nullable=False),
    UniqueConstraint("system_id", "part"),
)

seen_table = recorded_table(
    "registry_mlflow_versions",
    Column("link_id", _ID, ForeignKey("registry_mlflow_links.id"), primary_key=True),
    Column("number", String(20), primary_key=True),
    Column("version_id", _ID, ForeignKey("registry_versions.id"), nullable=False),
    Column("digest", String(71), nullable=False, index=True),
    Column("tags", CanonicalJson, nullable=False),
    Column("salt", String(32), nullable=False),
)

_LINKS = links_table.c
_SEEN = seen_table.c


def add_link(work: Work, link: MlflowLink) -> None:
    """Follow a registered model; one model is one part of one system."""
    row = {
        "id": link.id,
        "system_id": link.system_id,
        "part": link.part,
        "model": link.model,
        "author": link.author,
        "made_at": link.made_at,
        **_moving(link),
    }
    if not work.insert_if_absent(links_table, row):
        raise ConflictError(
            f"{link.model} or {link.part} is followed already",
            subject=link.model[:100],
            remedy="See `muniment registry mlflow list`.",
        )


def save_link(work: Work, link: MlflowLink) -> MlflowLink:
    """Keep what was seen of a model; of two at once the first wins."""
    written = work.write(
        update(links_table)
        .where(_LINKS.id == link.id, _LINKS.revision == link.revision)
        .values(**{**_moving(link), "revision": link.revision + 1})
    )
    if written.count != 1:
        raise ConflictError(
            "somebody else looked at this model at the same moment",
            subject=link.id,
            remedy="Look again.",
        )
    return _link(written.rows[0])


def link_of(work: Work, model: str) -> MlflowLink | None:
    """Find the link of a registered model."""
    row = work.read(select(links_table).where(_LINKS.model == model)).one_or_none()
    return None if row is None else _link(row)


def links(work: Work) -> tuple[MlflowLink, ...]:
    """List what is followed."""
    return tuple(_link(row) for row in work.read(select(links_table).order_by(_LINKS.model)))


def seen_of(work: Work, link_id: str) -> dict[str, SeenVersion]:
    """Give what was seen of a model, by the number of the version there."""
    rows = work.read(select(seen_table).where(_SEEN.link_id == link_id))
    return {row.number: _seen(row) for row in rows}


def add_seen(work: Work, seen: SeenVersion) -> None:
    """Note which version here stands for one there."""
    row = {
        "link_id": seen.link_id,
        "number": seen.number,
        "version_id": seen.version_id,
        "digest": seen.digest,
        "tags": [list(each) for each in seen.tags],
        "salt": salt(),
    }
    work.write(insert(seen_table).values(row))


def save_tags(work: Work, seen: SeenVersion) -> None:
    """Keep the tags that a version has there now."""
    work.write(
        update(seen_table)
        .where(_SEEN.link_id == seen.link_id, _SEEN.number == seen.number)
        .values(tags=[list(each) for each in seen.tags], salt=salt())
    )


def _moving(link: MlflowLink) -> dict[str, Any]:
    return {
        "gates": dict(link.gates),
        "aliases": dict(link.aliases),
        "tags": [list(each) for each in link.tags],
        "synced_at": link.synced_at,
        "revision": link.revision,
        "salt": salt(),
    }


def _link(row: Row[Any]) -> MlflowLink:
    return MlflowLink(
        id=row.id,
        system_id=row.system_id,
        part=row.part,
        model=row.model,
        gates=row.gates,
        author=row.author,
        made_at=row.made_at,
        aliases=row.aliases,
        tags=tuple((name, value) for name, value in row.tags),
        synced_at=row.synced_at,
        revision=row.revision,
    )


def _seen(row: Row[Any]) -> SeenVersion:
    tags = tuple((name, value) for name, value in row.tags)
    return SeenVersion(row.link_id, row.number, row.version_id, row.digest, tags)
