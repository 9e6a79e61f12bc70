"""MLflow: its registered models are followed, its webhooks heard, its aliases gated.

The server is asked over its REST API, before any transaction begins. What it says is asserted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from muniment import access, ledger
from muniment.access import EVERYTHING
from muniment.core.actor import Actor, system_actor
from muniment.core.digest import digest_value
from muniment.core.errors import (
    InvalidError,
    MunimentError,
    NotFoundError,
    UnavailableError,
)
from muniment.db import Database, Work
from muniment.ledger.kinds.registry_files import AliasJudged, MlflowLinked, MlflowSynced
from muniment.net import Fetcher
from muniment.registry import store
from muniment.registry.models import ChangeState, Origin, PartKind, RunSort, SystemState
from muniment.registry.models.mlflow import (
    AliasAnswer,
    MlflowLink,
    MlflowModel,
    MlflowVersion,
    SeenVersion,
    Synced,
)
from muniment.registry.rules import mlflow as rules
from muniment.registry.rules.parts import read_label
from muniment.registry.rules.profiles import require_text
from muniment.registry.service.parts import add_version, record_run
from muniment.registry.service.standing import author_of, place_of, visible
from muniment.settings.areas import RegistrySettings

LISTENER: Final = system_actor("mlflow")
_API: Final = "/api/2.0/mlflow"
_MOST_VERSIONS: Final = 5_000
_PAGE: Final = 200
_AGREED: Final = (ChangeState.APPROVED, ChangeState.RELEASING, ChangeState.DONE)
_MOST_CHANGES: Final = 500


@dataclass(frozen=True, slots=True)
class Mlflow:
    """The MLflow server of this installation, and how it is reached."""

    settings: RegistrySettings
    fetcher: Fetcher

    @property
    def server(self) -> str:
        """Give the host that is asked."""
        return urlsplit(self.settings.mlflow_url).netloc

    def model(self, name: str) -> MlflowModel:
        """Ask for a registered model with its aliases and tags."""
        return rules.read_model(self._ask("registered-models/get", name=name))

    def versions(self, name: str) -> list[dict[str, Any]]:
        """Ask for every version of a registered model."""
        found: list[dict[str, Any]] = []
        token = ""
        named = name.replace("'", "''")
        while True:
            asked = {"filter": f"name='{named}'", "max_results": str(_PAGE), "page_token": token}
            some, token = rules.read_versions(self._ask("model-versions/search", **asked))
            found += some
            if not token or not some:
                return found
            if len(found) > _MOST_VERSIONS:
                raise InvalidError(f"{name[:100]} has more than {_MOST_VERSIONS:,} versions")

    def run(self, run_id: str) -> Mapping[str, Any]:
        """Ask for a run; of one that is gone there is nothing to tell."""
        try:
            found = self._ask("runs/get", run_id=run_id).get("run")
        except NotFoundError:
            return {}
        return found if isinstance(found, Mapping) else {}

    def _ask(self, what: str, **asked: str) -> Mapping[str, Any]:
        if not self.settings.mlflow_url:
            raise InvalidError(
                "no MLflow server is named",
                field="registry.mlflow_url",
                remedy="Set registry.mlflow_url.",
            )
        query = urlencode({name: value for name, value in asked.items() if value}, quote_via=quote)
        token = self.settings.mlflow_token.reveal()
        headers = {"authorization": f"Bearer {token}"} if token else {}
        url = f"{self.settings.mlflow_url.rstrip('/')}{_API}/{what}?{query}"
        answer = self.fetcher.get(url, headers=headers, most_bytes=16 << 20)
        if answer.status == 404:
            raise NotFoundError(f"MLflow knows nothing of {next(iter(asked.values()))[:100]}")
        if answer.status != 200:
            raise UnavailableError(
                f"MLflow answered {answer.status}",
                subject=self.server,
                remedy="Check registry.mlflow_url and registry.mlflow_token.",
            )
        return answer.json()


def link_mlflow(
    work: Work, id_or_key: str, label: str, model: str, gates: Mapping[str, str]
) -> MlflowLink:
    """Follow a registered model as a part of a system; gated aliases name an environment each."""
    system = store.systems.get(work, id_or_key)
    access.require(work, "registry.write", place_of(system.id))
    if read_label(label)[0] is not PartKind.MODEL:
        raise InvalidError(f"{label[:110]} is no model", field="part", remedy="Name model/….")
    for alias, environment in gates.items():
        require_text(alias, "gates", longest=100, empty=False)
        if not alias.isascii() or system.profile.environment(environment) is None:
            raise InvalidError(
                f"{environment[:60]!r} is no environment of {system.key}",
                field=f"gates.{alias[:60]}",
                remedy="Write an alias and an environment, as champion=production.",
            )
    link = MlflowLink(
        id=work.new_id("mlf"),
        system_id=system.id,
        part=label,
        model=require_text(model, "model", longest=256, empty=False),
        gates=dict(sorted(gates.items())),
        author=author_of(work),
        made_at=work.now,
        aliases={},
    )
    store.mlflow.add_link(work, link)
    told = tuple(sorted(link.gates.items()))
    ledger.record(work, MlflowLinked(system.id, link.id, label, digest_value(link.model), told))
    return link


def links(work: Work) -> tuple[MlflowLink, ...]:
    """List the registered models that are followed, of systems that may be seen."""
    found = store.mlflow.links(work)
    return visible(work, found, [each.system_id for each in found])


def sync_mlflow(database: Database, mlflow: Mlflow, actor: Actor, model: str) -> Synced:
    """Look at a registered model and bring in what is new: asserted, and known as such."""
    with database.look(actor) as work:
        link = _writable(work, model)
        known = store.mlflow.seen_of(work, link.id)
    found = mlflow.model(link.model)
    told = mlflow.versions(link.model)
    fresh = [each for each in told if str(each.get("version", "")) not in known]
    versions = [
        rules.read_version(each, mlflow.run(str(each["run_id"])) if each.get("run_id") else {})
        for each in fresh
    ]
    versions.sort(key=lambda each: (len(each.number), each.number))
    tags = {each.number: each.tags for each in (rules.read_version(one, {}) for one in told)}
    with database.work(actor) as work:
        link = _writable(work, model)
        return _taken(work, mlflow, link, found, versions, tags)


def sync_every_mlflow(database: Database, mlflow: Mlflow) -> int:
    """Look at every model that is followed; one that cannot be looked at does not stop the others.

    What went wrong is raised in the end, so that it is tried again and seen.
    """
    with database.look(LISTENER) as work:
        followed = [
            each.model
            for each in store.mlflow.links(work)
            if store.systems.get(work, each.system_id).state is not SystemState.RETIRED
        ]
    failed: list[MunimentError] = []
    for model in followed:
        try:
            sync_mlflow(database, mlflow, LISTENER, model)
        except MunimentError as error:
            failed.append(error)
    if failed:
        raise failed[0]
    return len(followed)


def hear_mlflow(
    database: Database, mlflow: Mlflow, headers: Mapping[str, str], body: bytes
) -> Synced | None:
    """Hear a webhook: believe who sent it, not what it says, and look at the model oneself."""
    secret = mlflow.settings.mlflow_webhook_secret.reveal()
    event = rules.require_signed(secret, headers, body, database.clock.now())
    model = rules.model_of_event(event)
    with database.look(LISTENER) as work:
        if store.mlflow.link_of(work, model) is None:
            return None
    return sync_mlflow(database, mlflow, LISTENER, model)


def judge_alias(work: Work, model: str, alias: str, number: str) -> AliasAnswer:
    """Judge whether an alias may be moved to a version, or removed, which is to no version.

    Each judgement on a gate is recorded.
    """
    link = store.mlflow.link_of(work, model)
    if link is None:
        access.require(work, "registry.report")
        return rules.may_move(None, alias, state=None, digest="", agreed=())
    access.require(work, "registry.report", place_of(link.system_id))
    system = store.systems.get(work, link.system_id)
    seen = store.mlflow.seen_of(work, link.id).get(number)
    digest = seen.digest if seen is not None else ""
    agreed = _agreed(work, link) if digest else frozenset()
    if number:
        answer = rules.may_move(link, alias, state=system.state, digest=digest, agreed=agreed)
    else:
        serves = _serves(work, link, link.gates.get(alias, ""))
        answer = rules.may_remove(link, alias, state=system.state, serves=serves)
    if alias in link.gates:
        ledger.record(
            work,
            AliasJudged(
                system_id=system.id,
                link_id=link.id,
                alias=alias,
                number=number[:20],
                digest=digest,
                environment=link.gates[alias],
                verdict="met" if answer.allowed else "not_met",
                reason=answer.reason[:300],
            ),
        )
    return answer


def _taken(
    work: Work,
    mlflow: Mlflow,
    link: MlflowLink,
    found: MlflowModel,
    versions: list[MlflowVersion],
    tags: Mapping[str, tuple[tuple[str, str], ...]],
) -> Synced:
    known = store.mlflow.seen_of(work, link.id)
    added, problems = [], []
    for each in versions:
        if each.number in known:
            continue
        try:
            seen = _brought(work, mlflow, link, each)
        except InvalidError as error:
            problems.append(f"version {each.number}: {error.message}")
            continue
        store.mlflow.add_seen(work, seen)
        added.append(f"{each.number}={seen.digest}")
    moved = [
        replace(each, tags=tags[each.number])
        for each in known.values()
        if each.number in tags and tags[each.number] != each.tags
    ]
    for each_seen in moved:
        store.mlflow.save_tags(work, each_seen)
    now = (dict(found.aliases), found.tags)
    if not added and not moved and now == (dict(link.aliases), link.tags):
        return Synced(link, (), len(known), tuple(problems))
    saved = store.mlflow.save_link(
        work, replace(link, aliases=found.aliases, tags=found.tags, synced_at=work.now)
    )
    ledger.record(
        work,
        MlflowSynced(
            system_id=link.system_id,
            link_id=link.id,
            added=tuple(added),
            aliases=tuple(sorted(found.aliases.items())),
            tags_digest=digest_value([[list(each) for each in found.tags], sorted(tags)]),
        ),
    )
    return Synced(saved, tuple(added), len(known), tuple(problems))


def _brought(work: Work, mlflow: Mlflow, link: MlflowLink, version: MlflowVersion) -> SeenVersion:
    """Write a version and the training it came from, both as asserted."""
    made = add_version(
        work,
        link.system_id,
        link.part,
        rules.document_of(mlflow.server, link.model, version),
        origin=Origin(commit=rules.commit_of(version)),
        asserted=True,
        answered_by=link.author,
    )
    if version.run:
        training = rules.training_of(version)
        record_run(work, link.system_id, RunSort.TRAINING, made.digest, training)
    return SeenVersion(link.id, version.number, made.id, made.digest, version.tags)


def _agreed(work: Work, link: MlflowLink) -> frozenset[str]:
    """Give the versions of the part that stand in a set which was approved."""
    digests = set()
    for state in _AGREED:
        query = store.ChangeQuery(system_id=link.system_id, state=state)
        page = store.changes.find(work, query, limit=_MOST_CHANGES)
        digests |= {each.set_digest for each in page.rows}
    sets = store.parts.sets_with(work, sorted(digests)).values()
    return frozenset(each.versions[link.part] for each in sets if link.part in each.versions)


def _serves(work: Work, link: MlflowLink, environment: str) -> bool:
    """Tell whether any version of the part serves an environment now."""
    digests = [
        share.set_digest
        for each in store.serving.serving_now(work, link.system_id)
        if each.environment == environment
        for share in each.shares
    ]
    sets = store.parts.sets_with(work, digests).values()
    return any(link.part in each.versions for each in sets)


def _writable(work: Work, model: str) -> MlflowLink:
    """Give the link of a model to who may write its system; to others nothing is told."""
    link = store.mlflow.link_of(work, model)
    access.require(work, "registry.write", place_of(link.system_id) if link else EVERYTHING)
    if link is None:
        raise NotFoundError(
            f"{model[:100]} of MLflow is not followed",
            subject=model[:100],
            remedy="Run `muniment registry mlflow follow SYSTEM model/main MODEL`.",
        )
    return link
