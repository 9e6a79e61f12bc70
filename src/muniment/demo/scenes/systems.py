"""The three systems of the company: a support assistant, a credit model, a code agent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from muniment import access, registry
from muniment.access import Holder, HolderKind, KeyLimits, PersonId, Scope, ServiceKind
from muniment.demo.scenes.people import ADMIN
from muniment.demo.stage import Stage
from muniment.demo.story import Event, Scale, event

_PLACES: Final = [
    {"name": "staging", "stage": "staging"},
    {"name": "production", "stage": "production"},
]


def _map(vendor: str, *data: str, tool: str = "") -> dict[str, Any]:
    """Draw a boundary: the application, the model it calls, what is logged, a tool it has."""
    held = list(data)
    components = [
        {"name": "app", "sort": "application", "entry_point": True, "data_classes": held},
        {"name": "model", "sort": "model_endpoint", "vendor": vendor, "data_classes": held},
        {"name": "log", "sort": "prompt_log", "retained_days": 30, "data_classes": held},
    ]
    flows = [{"source": "app", "target": "model", "data_classes": held}]
    if tool:
        components.append(
            {"name": tool, "sort": "tool", "data_classes": held, "action": "irreversible"}
        )
        components.append({"name": "queue", "sort": "review_queue", "data_classes": held})
        flows.append({"source": "model", "target": "queue", "data_classes": held})
        flows.append({"source": "queue", "target": tool, "data_classes": held})
    return {"components": components, "flows": flows}


SYSTEMS: Final[Mapping[str, Mapping[str, Any]]] = {
    "support-assistant": {
        "owner": "omar",
        "stated": {
            "name": "Support assistant (demo)",
            "purpose": "Answers customers' questions about orders and refunds.",
            "declared_tier": "limited",
            "eu_class": "limited",
            "autonomy": "suggests",
            "users_affected": "About 40,000 customers a year.",
            "data_classes": ["personal"],
            "regions": ["eu-west"],
            "role": "deployer",
            "decision_logic": "A model drafts; the customer reads it.",
            "refresh": "The prompt changes about once a month.",
            **_map("atlas", "personal"),
        },
    },
    "credit-score": {
        "owner": "lena",
        "stated": {
            "name": "Credit score (demo)",
            "purpose": "Scores applications for small loans, for a person to decide.",
            "declared_tier": "high",
            "eu_class": "high",
            "autonomy": "suggests",
            "users_affected": "About 9,000 applicants a year.",
            "data_classes": ["personal", "financial"],
            "regions": ["eu-west"],
            "role": "provider_and_deployer",
            "decision_logic": "A model scores; a person decides and says why.",
            "refresh": "Trained anew each quarter.",
            **_map("in house", "personal", "financial"),
        },
    },
    "code-agent": {
        "owner": "tom",
        "stated": {
            "name": "Code agent (demo)",
            "purpose": "Writes and repairs internal code, and opens pull requests.",
            "declared_tier": "limited",
            "eu_class": "minimal",
            "autonomy": "acts_after_a_yes",
            "users_affected": "Forty engineers.",
            "data_classes": ["internal"],
            "regions": ["eu-west"],
            "role": "deployer",
            "decision_logic": "A model proposes tools; a person merges.",
            "refresh": "With each release of the model.",
            **_map("forge", "internal", tool="repository"),
        },
    },
}
_PROGRAMS: Final = (
    ("support-assistant", "Support desk", ServiceKind.APPLICATION, "omar"),
    ("credit-score", "Loan desk", ServiceKind.APPLICATION, "lena"),
    ("code-agent", "Code agent", ServiceKind.AGENT, "tom"),
)


def scene(scale: Scale) -> Iterator[Event]:
    """Register the systems, have them reviewed, give keys to the programs that call them."""
    for place, key in enumerate(SYSTEMS):
        yield event(0.2 + place / 20, _register, key=key)
        yield event(0.6 + place / 20, _review, key=key)
    yield Event(0.8, _give_keys)
    yield Event(scale.days - 4.2, _propose_another)
    for number in range(2 * (scale.times - 1)):
        yield event(0.9 + number / 10_000, _one_more, number=number)


def _register(stage: Stage, key: str) -> None:
    told = SYSTEMS[key]
    owner = told["owner"]
    with stage.by(owner) as work:
        made = registry.register(work, key, _stated(stage, owner, told["stated"]))
    stage.kept[key] = made.id
    with stage.by(owner) as work:
        asked = registry.submit(work, key)
    stage.kept[f"{key} review"] = asked.request_id


def _stated(stage: Stage, owner: str, stated: Mapping[str, Any]) -> dict[str, Any]:
    people = {"owner": owner, "alert_reviewer": "otto", "change_approver": "rita"}
    named = {field: stage.people[name] for field, name in people.items()}
    return {**stated, **named, "environments": _PLACES, "canary_percent": 10}


def _review(stage: Stage, key: str) -> None:
    request = stage.kept[f"{key} review"]
    stage.answer("rita", request, reason="Purpose, owner and boundary are clear.")
    if SYSTEMS[key]["stated"]["declared_tier"] == "high":
        stage.answer("cora", request, reason="A person decides on every application.")
    with stage.machine() as work:
        registry.take_review(work, stage.kept[key])


def _give_keys(stage: Stage) -> None:
    for key, name, kind, owner in _PROGRAMS:
        place = Scope.of(system=stage.kept[key], environment="production")
        with stage.by(ADMIN) as work:
            made = access.add_service(work, kind, name, PersonId(stage.people[owner]))
            holder = Holder(HolderKind.SERVICE, made.id)
            access.grant(work, holder, "operator", reason="It calls models.", scope=place)
        with stage.by(owner) as work:
            fresh = access.issue_key(work, holder, "production", limits=KeyLimits(scope=place))
        stage.kept[f"{key} key"] = fresh.secret
        stage.kept[f"{key} service"] = made.id


def _propose_another(stage: Stage) -> None:
    """Register a system that still waits for its review."""
    stated = {
        "name": "Invoice reader (demo)",
        "purpose": "Reads invoices and fills the accounts.",
        "declared_tier": "low",
        "data_classes": ["financial"],
    }
    with stage.by("tom") as work:
        registry.register(work, "invoice-reader", _stated(stage, "tom", stated))


def _one_more(stage: Stage, number: int) -> None:
    stated = {
        "name": f"Assistant {number + 1} (demo)",
        "purpose": "Answers questions of one department.",
        "declared_tier": "low",
    }
    with stage.by("tom") as work:
        registry.register(work, f"assistant-{number + 1}", _stated(stage, "tom", stated))
