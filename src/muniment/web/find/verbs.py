"""What can be done, by the words people use for it, and what they need for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from muniment.access import Scope, Visitor
from muniment.web.find.hits import Hit


@dataclass(frozen=True, slots=True)
class Verb:
    """Something that can be done: what it is called, other words for it, where, by whom."""

    label: str
    href: str
    permission: str = ""
    area: str = ""
    also: str = ""


VERBS: Final = (
    Verb("Make a key", "/console/access/keys/issue", "access.own_keys", "", "issue token program"),
    Verb("Invite somebody", "/console/access/people/invite", "access.manage_people", "", "add"),
    Verb("Give a role", "/console/access/grants/give", "access.grant", "", "grant allow right"),
    Verb("Register a system", "/console/registry/systems/register", "registry.register", "", "add"),
    Verb("Import a muniment.yaml", "/console/registry/apply", "registry.register", "", "repo"),
    Verb("Bring a sheet in", "/console/registry/import", "registry.write", "", "csv xlsx excel"),
    Verb("Stop a system", "/console/exchanges/stops/stop", "exchanges.stop", "", "kill switch"),
    Verb("Set a limit", "/console/exchanges/limits/set", "exchanges.limit", "", "budget rate"),
    Verb("Write a policy", "/console/policy/edit", "policy.propose", "policy", "rule cedar"),
    Verb("Try a text", "/console/detect", "detect.scan", "detect", "scan personal data"),
    Verb("Watch calls live", "/console/exchanges/live", "exchanges.read", "", "tail stream"),
    Verb("Check the ledger", "/console/ledger/check", "ledger.read", "ledger", "verify proof"),
    Verb("Lend your answer", "/console/approvals/delegations", "", "", "delegate deputy holiday"),
    Verb("Go on with the first steps", "/console/begin", "gateway.begin", "", "begin start setup"),
    Verb(
        *("Name the organisation", "/console/begin/name", "access.name_organisation"),
        also="company rename",
    ),
    Verb(
        *("Take a role in an emergency", "/console/access/emergencies/break"),
        permission="access.break_glass",
        also="break glass",
    ),
)


def verbs_for(visitor: Visitor) -> tuple[Hit, ...]:
    """List what somebody is offered to do."""
    return tuple(
        Hit(each.label, each.href, "act", also=each.also)
        for each in VERBS
        if not each.permission
        or visitor.may(each.permission, Scope.of(console=each.area) if each.area else None)
    )
