"""A system with people around it, and what tests of the registry do again and again."""

from __future__ import annotations

from typing import Any, Final

from muniment import approvals, registry
from muniment.access import EVERYTHING
from muniment.approvals import Answer
from muniment.db import Work
from muniment.registry import Change, Deployment, PartVersion, RunSort, System
from tests.approvals.people import ROOT, Office

PURPOSE: Final = "Score applications for small loans."
LADDER: Final = [{"name": each, "stage": each} for each in ("development", "staging", "production")]
BOUNDARY: Final[dict[str, Any]] = {
    "components": [
        {"name": "app", "sort": "application", "entry_point": True, "data_classes": ["personal"]},
        {"name": "model", "sort": "model_endpoint", "vendor": "acme", "data_classes": ["personal"]},
        {"name": "log", "sort": "prompt_log", "retained_days": 30, "data_classes": ["personal"]},
    ],
    "flows": [{"source": "app", "target": "model", "data_classes": ["personal"]}],
}


class Yard(Office):
    """An installation with one system: Olga owns it, Ben builds, Rita releases and approves."""

    system: System

    def raise_up(self, **stated: Any) -> System:
        """Bring the people in and register the system."""
        for name, role in (("olga", "owner"), ("ben", "builder"), ("rita", "releaser")):
            self.person(name, role, scope=EVERYTHING)
        self.person("cora", "compliance", scope=EVERYTHING)
        self.person("otto", "operator", scope=EVERYTHING)
        with self.by("olga") as work:
            self.system = registry.register(work, "credit-score", self.stated(**stated))
        return self.system

    def stated(self, **more: Any) -> dict[str, Any]:
        """State the system."""
        return {
            "name": "Credit score",
            "purpose": PURPOSE,
            "owner": self.id("olga"),
            "alert_reviewer": self.id("otto"),
            "change_approver": self.id("rita"),
            "declared_tier": "low",
            "decision_logic": "A model scores; a person decides.",
            "refresh": "Trained anew each quarter.",
            "environments": [{"name": "production", "stage": "production"}],
            **BOUNDARY,
            **more,
        }

    def approved(self, **stated: Any) -> System:
        """Register the system and have it approved."""
        self.raise_up(**stated)
        with self.by("olga") as work:
            asked = registry.submit(work, self.system.id)
        self.say_yes("cora", asked.request_id)
        with self.database.work(ROOT) as work:
            self.system = registry.take_review(work, self.system.id)
        return self.system

    def say_yes(self, name: str, request_id: str, answer: Answer = Answer.APPROVE) -> None:
        """Open a request and answer what it says."""
        with self.by(name) as work:
            shown = approvals.open_request(work, request_id)
        with self.by(name) as work:
            digest = shown.version.digest
            approvals.decide(work, request_id, answer, digest=digest, reason="looked at it")

    def version(
        self, label: str = "prompt/main", name: str = "ben", **document: Any
    ) -> PartVersion:
        """Write a version of a part."""
        self.later(1)  # within one moment ids have no order
        with self.by(name) as work:
            return registry.add_version(work, self.system.id, label, document or {"text": "Hello."})

    def drafted(self, text: str = "Hello.", name: str = "ben", **more: Any) -> Change:
        """Write a prompt, and a change to it."""
        made = self.version(text=text)
        with self.by(name) as work:
            return registry.draft(
                work,
                self.system.id,
                f"Say {text}",
                {"prompt/main": made.number},
                reason="as asked for",
                **more,
            )

    def asked(self, text: str = "Hello.", **more: Any) -> Change:
        """Draft a change and put it before those who approve it."""
        change = self.drafted(text, **more)
        with self.by("ben") as work:
            return registry.ask(work, change.id)

    def agreed(self, text: str = "Hello.", **more: Any) -> Change:
        """Draft a change and have it approved."""
        change = self.asked(text, **more)
        self.say_yes("rita", change.request_id)
        return change

    def promoted(self, change: Change, **more: Any) -> Deployment:
        """Take the next step of a change, a minute later."""
        self.later(60)
        with self.by("rita") as work:
            return registry.promote(work, change.id, **more)

    def released(self, text: str) -> Change:
        """Take a change through every step."""
        change = self.agreed(text)
        while self.next_step(change) is not None:
            self.promoted(change)
        with self.looking() as work:
            return registry.get_change(work, change.id)

    def next_step(self, change: Change) -> registry.Step | None:
        """Say which step comes next."""
        with self.looking() as work:
            return registry.next_step(work, registry.get_change(work, change.id))

    def looking(self) -> Any:
        """Look as the product."""
        return self.database.look(ROOT)

    def evaluated(self, change: Change, score: str, *, redacted: bool = False) -> None:
        """Record an evaluation of exactly a change's set."""
        self.later(1)
        document = {
            "metrics": {"auc": score},
            "thresholds": {"auc": ">= 0.9"},
            "redacted": redacted,
        }
        with self.by("ben") as work:
            of = change.set_digest
            registry.record_run(work, self.system.id, RunSort.EVALUATION, of, document)


def serving(work: Work, system: System, environment: str = "production") -> list[tuple[str, int]]:
    """Say which sets share an environment."""
    for each in registry.serving_now(work, system.id):
        if each.environment == environment:
            return [(share.set_digest, share.percent) for share in each.shares]
    return []
