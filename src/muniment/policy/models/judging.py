"""Rules as people wrote them, the facts they are judged on, and a decision with its reasons.

A rule is one Cedar policy in a file. A bundle is a set of files that is judged together; its digest
names exactly which. Facts are everything a decision depends on and nothing else: the same facts
under the same bundle give the same decision for ever, so it can be replayed from its record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from muniment.core.digest import Digest, digest_value
from muniment.core.errors import InvalidError

NAMESPACE = "Muniment"


class RemedyKind(StrEnum):
    """What can cure a forbidden act, the weakest first."""

    MASK = "mask"
    TOKENISE = "tokenise"
    REDACT = "redact"
    ROUTE = "route"
    HOLD = "hold"


_WITH_TARGET = frozenset({RemedyKind.ROUTE, RemedyKind.HOLD})


@dataclass(frozen=True, slots=True, order=True)
class Remedy:
    """A cure: for which types of findings, or where to, or for whom.

    A cure of text that names no types is for all of them.
    """

    kind: RemedyKind
    target: str = ""

    @classmethod
    def read(cls, written: str) -> Remedy:
        """Read `mask`, `mask:CREDIT_CARD,IBAN_CODE`, `route:restricted`, `hold:security`."""
        name, _, target = written.strip().partition(":")
        if name not in tuple(RemedyKind):
            raise InvalidError(
                f"{written[:40]!r} is not a remedy",
                field="@remedy",
                remedy=f"Use one of {', '.join(RemedyKind)}.",
            )
        kind = RemedyKind(name)
        if kind in _WITH_TARGET and not target:
            raise InvalidError(
                f"the remedy {name} says nothing about where to",
                field="@remedy",
                remedy=f'Write {name}:somewhere, such as "route:restricted" or "hold:security".',
            )
        return cls(kind, target)

    @property
    def types(self) -> frozenset[str]:
        """Name the types of findings it is for; none named means all of them."""
        return frozenset(part.strip() for part in self.target.split(",") if part.strip())

    def __str__(self) -> str:
        return f"{self.kind}:{self.target}" if self.target else self.kind.value


@dataclass(frozen=True, slots=True)
class Source:
    """One policy file: its name within the folder, and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One policy: what it is called, what it serves, why it is there, and what cures it."""

    id: str
    effect: Literal["permit", "forbid"]
    reason: str
    controls: tuple[str, ...]
    remedy: Remedy | None
    actions: frozenset[str] | None
    resources: frozenset[str] | None
    source: str
    line: int
    text: str

    def may_touch(self, action: str, resource: str) -> bool:
        """Tell whether it can ever say anything about this action on this type of thing."""
        by_action = self.actions is None or action in self.actions
        return by_action and (self.resources is None or resource in self.resources)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a policy file: where, what, and what to do."""

    source: str
    line: int
    column: int
    says: str
    remedy: str = ""
    rule: str = ""

    def __str__(self) -> str:
        of = f" [{self.rule}]" if self.rule else ""
        return f"{self.source}:{self.line}:{self.column}:{of} {self.says} {self.remedy}".rstrip()


@dataclass(frozen=True, slots=True)
class Bundle:
    """The rules that are judged together, in the order of their files."""

    sources: tuple[Source, ...]
    rules: tuple[Rule, ...]
    digest: Digest

    def rule(self, rule_id: str) -> Rule | None:
        """Find a rule by its id."""
        return next((each for each in self.rules if each.id == rule_id), None)


def bundle_digest(sources: tuple[Source, ...], schema: str) -> Digest:
    """Fingerprint exactly what is judged by: the files, in order, and the schema."""
    return digest_value([[[each.name, each.text] for each in sources], schema])


@dataclass(frozen=True, slots=True)
class Thing:
    """An entity of the schema: its type, its id, its attributes, and what it belongs to."""

    type: str
    id: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    parents: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a decision depends on: who, does what, to what, and the facts around it."""

    principal: Thing
    action: str
    resource: Thing
    context: Mapping[str, Any]
    others: tuple[Thing, ...] = ()

    def as_value(self) -> dict[str, Any]:
        """Give the form that is kept for a replay: plain JSON without content."""
        return {
            "principal": _plain(self.principal),
            "action": self.action,
            "resource": _plain(self.resource),
            "context": dict(self.context),
            "others": [_plain(each) for each in self.others],
        }

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Facts:
        """Read facts that were kept."""
        return cls(
            principal=_thing(value["principal"]),
            action=str(value["action"]),
            resource=_thing(value["resource"]),
            context=value["context"],
            others=tuple(_thing(each) for each in value["others"]),
        )

    @property
    def digest(self) -> Digest:
        """Fingerprint the facts."""
        return digest_value(self.as_value())


class Effect(StrEnum):
    """What a decision comes to; with remedies it is a yes to what they make of the act."""

    ALLOW = "allow"
    DENY = "deny"
    CURE = "cure"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a rule that spoke, in its author's words, and the controls it serves."""

    rule: str
    effect: Literal["permit", "forbid"]
    says: str
    controls: tuple[str, ...] = ()
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, why, by which rules, on which facts, and what must be done first."""

    effect: Effect
    reasons: tuple[Reason, ...]
    remedies: tuple[Remedy, ...]
    bundle: Digest
    errors: tuple[str, ...] = ()
    says: str = ""
    rounds: int = 1

    @property
    def ok(self) -> bool:
        """Tell whether it may go on, perhaps after its remedies."""
        return self.effect is not Effect.DENY


def _plain(thing: Thing) -> dict[str, Any]:
    return {
        "type": thing.type,
        "id": thing.id,
        "attributes": dict(thing.attributes),
        "parents": [list(parent) for parent in thing.parents],
    }


def _thing(value: Mapping[str, Any]) -> Thing:
    parents = tuple((str(kind), str(named)) for kind, named in value["parents"])
    return Thing(str(value["type"]), str(value["id"]), value["attributes"], parents)
