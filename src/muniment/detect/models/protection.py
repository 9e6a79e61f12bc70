"""The nouns of protection: what is done to a finding, who decides it, and what came of it.

A policy is a list of rules; the first rule that fits a finding decides. What cannot be inspected
is decided too, and stops unless somebody said otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from msgspec import Struct

from muniment.core.digest import Digest, digest_value
from muniment.core.errors import InvalidError
from muniment.detect.models.findings import Family, Finding


class Action(StrEnum):
    """What is done to a finding."""

    ALLOW = "allow"
    TAG = "tag"
    MASK = "mask"
    TOKENISE = "tokenise"
    REDACT = "redact"
    HASH = "hash"
    ROUTE = "route"
    HOLD = "hold"
    BLOCK = "block"

    @property
    def changes_text(self) -> bool:
        """Tell whether the text that goes on differs from the text that came."""
        return self in _CHANGING

    @property
    def says(self) -> str:
        """Say in a sentence's part what happens."""
        return _SAYS[self]


_SAYS = {
    Action.ALLOW: "passes as it is",
    Action.TAG: "passes as it is, and is noted",
    Action.MASK: "is replaced by a mask which the answer may turn back",
    Action.TOKENISE: "is replaced by a token which the vault can turn back",
    Action.REDACT: "is removed for good",
    Action.HASH: "is replaced by a keyed fingerprint",
    Action.ROUTE: "sends the call to a restricted model",
    Action.HOLD: "holds the call for a person",
    Action.BLOCK: "stops the call",
}


_CHANGING = frozenset({Action.MASK, Action.TOKENISE, Action.REDACT, Action.HASH})
_STOPPING = frozenset({Action.ROUTE, Action.HOLD, Action.BLOCK})


class Outcome(StrEnum):
    """What may happen to a text as a whole, the mildest first."""

    PASS = "pass"  # noqa: S105 not a password
    ROUTE = "route"
    HOLD = "hold"
    BLOCK = "block"


class Step(Struct, frozen=True):
    """A decision about a part of a text: from where on, what was found in it, and up to where."""

    at: int
    found: tuple[Finding, ...]
    cut: int


class Told(Struct, frozen=True):
    """All that was decided about a text under a policy, and the build that read it; no value."""

    steps: tuple[Step, ...]
    build: str

    @property
    def findings(self) -> int:
        """Count what was found."""
        return sum(len(each.found) for each in self.steps)


@runtime_checkable
class Tokens(Protocol):
    """Keeps values under tokens, so that they can be given back; the vault is one.

    The same value, type and scope give the same token. `restore` raises `NotFoundError` for a
    token it does not know, and never guesses.
    """

    def tokenise(self, value: str, *, type: str, scope: str) -> str:  # noqa: A002 the word of the room
        """Keep a value and give the token that stands for it."""
        ...

    def restore(self, token: str, *, scope: str) -> str:
        """Give the value back that a token stands for."""
        ...


@dataclass(frozen=True, slots=True)
class ActionRule:
    """One line of a policy: for these types and families, from this score on, do this."""

    action: Action
    types: tuple[str, ...] = ()
    families: tuple[Family, ...] = ()
    min_score: float = 0.0
    restore: bool = True
    to: str = ""

    def fits(self, finding: Finding) -> bool:
        """Tell whether this line is about a finding."""
        named = not (self.types or self.families)
        named = named or finding.type in self.types or finding.family in self.families
        return named and finding.score >= self.min_score

    def as_value(self) -> dict[str, Any]:
        """Give it as plain JSON, leaving out what was not said."""
        told: dict[str, Any] = {"action": self.action.value}
        if self.types:
            told["types"] = list(self.types)
        if self.families:
            told["families"] = [each.value for each in self.families]
        if self.min_score:
            told["min_score"] = self.min_score
        if not self.restore:
            told["restore"] = False
        if self.to:
            told["to"] = self.to
        return told


@dataclass(frozen=True, slots=True)
class Policy:
    """What is done to each finding: the first rule that fits, else the default.

    One that `passes` says of no finding that its text goes elsewhere, waits or is refused; one that
    `masks` puts masks into texts. `otherwise` is what is done where no rule fits.
    """

    name: str
    rules: tuple[ActionRule, ...] = ()
    default: Action = Action.MASK
    uninspected: Action = Action.BLOCK
    digest: Digest = field(init=False)
    actions: frozenset[Action] = field(init=False, repr=False, compare=False)
    changes: bool = field(init=False, repr=False, compare=False)
    passes: bool = field(init=False, repr=False, compare=False)
    masks: bool = field(init=False, repr=False, compare=False)
    otherwise: ActionRule = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name, given in (("default", self.default), ("uninspected", self.uninspected)):
            if not isinstance(given, Action):
                raise InvalidError(
                    f"{str(given)[:40]!r} is not an action",
                    field=name,
                    remedy=f"Use one of {', '.join(Action)}.",
                )
        value = self.as_value()
        for rule in value["rules"]:
            if "min_score" in rule:
                rule["min_score"] = repr(rule["min_score"])
        object.__setattr__(self, "digest", digest_value(value))
        actions = frozenset({self.default, *(rule.action for rule in self.rules)})
        object.__setattr__(self, "actions", actions)
        object.__setattr__(self, "changes", any(each.changes_text for each in actions))
        object.__setattr__(self, "passes", actions.isdisjoint(_STOPPING))
        object.__setattr__(self, "masks", Action.MASK in actions)
        object.__setattr__(self, "otherwise", ActionRule(self.default))

    def rule_for(self, finding: Finding) -> ActionRule:
        """Find the line that decides about a finding."""
        kind, family, score = finding.type, finding.family, finding.score
        for rule in self.rules:  # as `fits` says, without asking each line
            types, families = rule.types, rule.families
            named = kind in types or family in families or not (types or families)
            if named and score >= rule.min_score:
                return rule
        return self.otherwise

    def as_value(self) -> dict[str, Any]:
        """Give it as plain JSON."""
        return {
            "name": self.name,
            "default": self.default.value,
            "uninspected": self.uninspected.value,
            "rules": [rule.as_value() for rule in self.rules],
        }


class Change(Struct, frozen=True):
    """What was done to one finding, and where it now stands in the text that goes on."""

    finding: Finding
    action: Action
    placed: str
    start: int
    end: int


class Ruling(Struct, frozen=True):
    """What may happen to the text as a whole, with reasons in the order a person gives them."""

    outcome: Outcome = Outcome.PASS
    reasons: tuple[str, ...] = ()
    to: str = ""

    @property
    def passes(self) -> bool:
        """Tell whether the text may go on now, if need be to another model."""
        return self.outcome is Outcome.PASS or self.outcome is Outcome.ROUTE


class Protected(Struct, frozen=True):
    """A text made safe: what may go on, what was found in it, and how to turn it back.

    The map holds what was found; it never leaves the process that made it.
    """

    text: str
    map: Mapping[str, str]
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    verdict: Ruling
    inspected: bool
    build: str
    policy: Digest

    def __repr__(self) -> str:
        return _without_map(self)

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return _shown(self)


class ProtectedValue(Struct, frozen=True):
    """A value of JSON made safe, with what was found under which key."""

    value: Any
    map: Mapping[str, str]
    findings: tuple[tuple[str, Finding], ...]
    verdict: Ruling
    inspected: bool
    build: str
    policy: Digest

    def __repr__(self) -> str:
        return _without_map(self)

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return _shown(self)


def _shown(of: Protected | ProtectedValue) -> list[tuple[str, Any]]:
    return [(name, getattr(of, name)) for name in of.__struct_fields__ if name != "map"]


def _without_map(of: Protected | ProtectedValue) -> str:
    inner = ", ".join(f"{name}={value!r}" for name, value in _shown(of))
    return f"{type(of).__name__}({inner})"
