"""Everything that can be allowed, in one closed table, and the built-in roles that carry it.

A new permission is one line here: `room.verb`, a sentence, and the roles that have it. Whoever asks
the gate for a name that is not in this table has made a mistake in the program, not in the rights.
What reaches no single system is asked for within its area: `Scope.of(console="ledger")`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from muniment.access.models import Permission, Role

OWNER: Final = "owner"
BUILDER: Final = "builder"
RELEASER: Final = "releaser"
OPERATOR: Final = "operator"
SECURITY: Final = "security"
COMPLIANCE: Final = "compliance"
AUDITOR: Final = "auditor"
ADMIN: Final = "admin"

_EVERYBODY: Final = (OWNER, BUILDER, RELEASER, OPERATOR, SECURITY, COMPLIANCE, AUDITOR, ADMIN)
_DUTIES: Final = (OWNER, BUILDER, RELEASER, OPERATOR, SECURITY, COMPLIANCE)
_WORKERS: Final = (*_DUTIES, ADMIN)
_WATCHERS: Final = (OPERATOR, SECURITY, COMPLIANCE, AUDITOR, ADMIN)


def _read(name: str, says: str, roles: tuple[str, ...]) -> Permission:
    return Permission(name, says, roles, writes=False)


def _act(name: str, says: str, *roles: str) -> Permission:
    return Permission(name, says, roles)


def _give(name: str, says: str, *roles: str) -> Permission:
    return Permission(name, says, roles, gives=True)


def _decide(name: str, says: str, *roles: str) -> Permission:
    return Permission(name, says, roles, person_only=True)


_TABLE: Final = (
    _read("ledger.read", "Read, search and export entries of the ledger.", _EVERYBODY),
    _read("ledger.prove", "Get proofs, signed heads and public keys.", _EVERYBODY),
    _read("ledger.check", "Check the log, its index and the tables.", _WATCHERS),
    _act("ledger.seal", "Seal what is waiting now.", OPERATOR, SECURITY, ADMIN),
    _act("ledger.reindex", "Build the index of the log anew.", OPERATOR, ADMIN),
    _act("ledger.reconcile", "Compare the tables with the log.", OPERATOR, SECURITY, COMPLIANCE),
    _act("ledger.rotate_key", "Replace the key that signs the log.", SECURITY),
    _act("ledger.lose_key", "Declare the key of the log lost.", SECURITY),
    _read("access.read", "See people, services, teams, roles, grants and keys.", _WATCHERS),
    _act("access.name_organisation", "Say what the organisation is called.", ADMIN),
    _give("access.manage_people", "Invite, change, suspend and part with people.", ADMIN),
    _give("access.manage_services", "Make, change and suspend services.", OWNER, ADMIN),
    _give("access.manage_teams", "Make teams and change who is in them.", ADMIN),
    _give("access.define_roles", "Define roles of one's own.", ADMIN),
    _give("access.grant", "Give roles to others, and make grants longer.", OWNER, ADMIN),
    _act("access.revoke", "Take grants back.", OWNER, SECURITY, ADMIN),
    Permission(
        "access.own_keys", "Have keys for oneself and one's services.", _WORKERS, anywhere=True
    ),
    _act("access.revoke_keys", "End keys of others.", SECURITY, ADMIN),
    _act("access.end_sessions", "End sessions of others.", SECURITY, ADMIN),
    _give("access.manage_sign_in", "Set how people sign in and who vouches for them.", ADMIN),
    Permission(
        "access.except",
        "Allow conflicting duties for a time.",
        (SECURITY, COMPLIANCE),
        person_only=True,
        gives=True,
    ),
    _decide("access.open_review", "Open and close reviews of access.", SECURITY, COMPLIANCE),
    Permission(
        "access.answer_review",
        "Answer the lines one was given.",
        _WORKERS,
        person_only=True,
        anywhere=True,
    ),
    _act("access.import_outside", "Bring in rights of other systems.", SECURITY, COMPLIANCE, ADMIN),
    _act("access.tidy", "Do the chores of access now.", SECURITY, ADMIN),
    _decide("access.break_glass", "Take a role in an emergency.", *_WORKERS),
    _decide("access.review_break_glass", "Look over an emergency.", SECURITY, COMPLIANCE),
    _read("jobs.read", "See background work.", _WATCHERS),
    _act("jobs.retry", "Let parked work and stopped followers go on.", OPERATOR, ADMIN),
    _read("settings.read", "See the settings in force.", _WATCHERS),
    Permission(
        "health.read",
        "See how each part of the product is.",
        _EVERYBODY,
        writes=False,
        anywhere=True,
    ),
    _read("vault.status", "See which keys there are and what they protect.", _WATCHERS),
    _act("vault.open", "Open content that is kept.", OWNER, SECURITY),
    _act("vault.ask_shred", "Ask to destroy content for good.", *_DUTIES),
    _decide("vault.approve_shred", "Agree to destroy content.", SECURITY, COMPLIANCE),
    _act("vault.shred", "Destroy content for good.", SECURITY, COMPLIANCE),
    _act("vault.tokenise", "Replace values by tokens.", OWNER, BUILDER, OPERATOR, SECURITY),
    _act("vault.restore", "Turn tokens back into values.", OWNER, SECURITY),
    _act("vault.rotate", "Replace keys of the vault.", SECURITY),
    _read("detect.read", "See detectors and what they found.", _EVERYBODY),
    _act("detect.scan", "Have a text looked at.", OWNER, BUILDER, OPERATOR, SECURITY),
    _act("detect.configure", "Put approved changes of detectors in force.", SECURITY),
    _act("detect.calibrate", "Ask for changes of detectors, and erase cases.", BUILDER, SECURITY),
    _read("policy.read", "Read policies and what they decided.", _EVERYBODY),
    _read("policy.simulate", "Try a policy on past calls.", (*_WORKERS, AUDITOR)),
    _act("policy.propose", "Write a version of a policy.", OWNER, SECURITY, COMPLIANCE),
    _decide("policy.publish", "Put a policy in force.", SECURITY, COMPLIANCE),
    _read("registry.read", "See systems, their parts, changes and what served.", _EVERYBODY),
    _act("registry.register", "Register systems.", OWNER, BUILDER),
    _act("registry.change", "Change what is stated about a system.", OWNER),
    _act("registry.transfer", "Move a system to another owner.", OWNER, COMPLIANCE),
    _act("registry.write", "Write versions, runs and change requests.", OWNER, BUILDER),
    _act("registry.report", "Report the results of checks.", OWNER, BUILDER, OPERATOR, SECURITY),
    _act("registry.take", "Take copies of artefacts out.", OWNER, BUILDER, RELEASER, SECURITY),
    _decide("registry.trust", "Say whose signatures count.", SECURITY, COMPLIANCE),
    _act("registry.release", "Promote approved changes.", RELEASER),
    _act(
        "registry.roll_back", "Go back to what served before.", OWNER, RELEASER, OPERATOR, SECURITY
    ),
    _decide("registry.emergency", "Release before the approval.", RELEASER, SECURITY),
    _act("registry.suspend", "Stop a system at once, and let it go on.", OWNER, OPERATOR, SECURITY),
    _act("registry.freeze", "Let nothing new be released for a time.", RELEASER, COMPLIANCE),
    _decide("registry.correct", "Correct what the past is said to be.", COMPLIANCE, SECURITY),
    _decide("registry.retire", "Retire a system for good.", OWNER, COMPLIANCE),
    Permission("registry.views", "Save views of lists.", _DUTIES, anywhere=True),
    _read("exchanges.read", "See calls, what was found in them, limits and stops.", _EVERYBODY),
    _act("exchanges.limit", "Set how much may be used.", OWNER, OPERATOR, SECURITY),
    _act("exchanges.price", "Say what calls cost.", OPERATOR, SECURITY, COMPLIANCE),
    _act("exchanges.stop", "Stop calls of something at once.", OWNER, OPERATOR, SECURITY),
    _act("exchanges.resume", "Let go on what was stopped.", OWNER, SECURITY),
    _decide("gateway.begin", "Make the first system, while there is none.", ADMIN),
    _act("gateway.call", "Have models called.", OWNER, BUILDER, OPERATOR),
    _read("approvals.read", "See what was asked and who decided.", _EVERYBODY),
    _act("approvals.ask", "Ask others to approve something.", *_WORKERS),
    _act("approvals.comment", "Remark something beside a request.", *_WORKERS),
    _act("approvals.administer", "Take back requests of others, end delegations.", COMPLIANCE),
    _decide("approvals.decide", "Approve, change or deny.", OWNER, RELEASER, SECURITY, COMPLIANCE),
    _decide("approvals.override", "Overrule a missing approval.", SECURITY, COMPLIANCE),
    _read("notices.read", "See who was told what, and how it was delivered.", _WATCHERS),
    _act("notices.manage", "Set whom notices go to, and by which channels.", SECURITY, ADMIN),
)

PERMISSIONS: Final[Mapping[str, Permission]] = {each.name: each for each in _TABLE}

_SAYS: Final = {
    OWNER: "Answers for a system: its services, and who builds, releases and runs it.",
    BUILDER: "Builds and trains; does not release.",
    RELEASER: "Releases what others have built.",
    OPERATOR: "Runs and watches what is released.",
    SECURITY: "Guards keys, detectors and policies, and can stop access at once.",
    COMPLIANCE: "Opens reviews, publishes policies, allows exceptions.",
    AUDITOR: "Reads what lies in a named scope for a time; each view is recorded.",
    ADMIN: "Manages people and access, and holds no duty on any system.",
}

BUILT_IN: Final[Mapping[str, Role]] = {
    name: Role(
        name,
        says,
        frozenset(each.name for each in _TABLE if name in each.roles),
        built_in=True,
        must_expire=name == AUDITOR,
        must_scope=name == AUDITOR,
        views_recorded=name == AUDITOR,
    )
    for name, says in _SAYS.items()
}


def permission_of(name: str) -> Permission:
    """Find a permission; an unknown name is a mistake in the program that asks."""
    try:
        return PERMISSIONS[name]
    except KeyError:
        raise TypeError(f"{name!r} is not a permission; add it to {__name__}") from None


def roles_carrying(permission: str, roles: Iterable[Role]) -> tuple[str, ...]:
    """Name the roles that would allow something, built-in ones first."""
    carrying = [role for role in roles if permission in role.permissions]
    return tuple(role.name for role in sorted(carrying, key=lambda role: not role.built_in))
