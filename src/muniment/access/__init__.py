"""Access: who is asking, and may they?

One gate, `require`, is passed by every verb of every room; everything here serves its answer.
Signing in has no room of its own: a session is only worth what its person holds, and a suspension,
a key and a session must end in one transaction. Two rooms would call each other, up and down.
Writes kinds: access.*. Follows: nothing. Floor: above the ledger, below every room that asks.
"""

# isort: off
# fmt: off
# Who there is: people, services, teams, and what a directory tells of them
from muniment.access.models.who import (
    Holder, HolderKind, Identity, Membership, Person, PersonId, PersonState, Service, ServiceId,
    ServiceKind, Team, TeamId,
)
from muniment.access.models.directory import Entry, KnownPerson, KnownTeam, ToldPerson, ToldTeam
from muniment.access.service.found import found, is_founded
from muniment.access.service.organisation import name_organisation, organisation
from muniment.access.service.people import (
    Parting, add_person, change_person, invite, leave, link_identity, reactivate, suspend,
    unlink_identity,
)
from muniment.access.service.programs import (
    add_service, reactivate_service, rename_service, suspend_service, transfer_service,
)
from muniment.access.service.joining import add_team, change_team, end_team, join, part
from muniment.access.service.directory import (
    add_known_person, add_known_team, known_people, known_person, known_team, known_teams,
    remove_known_person, remove_known_team, set_known_person, set_known_team,
)
from muniment.access.service.naming import colleagues, named, names, services_owned, teams_in

# What they may: the gate, roles, grants, duties, emergencies
from muniment.access.models.may import (
    Conflict, DutyException, EVERYTHING, Grant, GrantSource, Permission, Role, SCOPE_KINDS, Scope,
    Standing, Verdict,
)
from muniment.access.rules import BUILT_IN, CONFLICTS, PERMISSIONS, Refusal, write_key
from muniment.access.service.gate import (
    all_roles, change, change_own, may, note_export, people_behind, require, standing,
    note_views, standing_of, viewing, viewing_some,
)
from muniment.access.service.grants import duties_of, except_duty, extend, grant, revoke
from muniment.access.service.defining import define_role, end_role
from muniment.access.service.emergency import break_glass, emergencies, review_emergency
from muniment.access.service.reach import Place, Proofs, at, prove_reach
from muniment.access.service.holding import active_people, who_holds, who_may

# What a program shows: keys, tokens, certificates
from muniment.access.models.credentials import Key, KeyLimits, Method, Session, SignIn
from muniment.access.service.keys import FreshKey, issue_key, revoke_key, rotate_key
from muniment.access.service.keybook import KeyBook, identify_key
from muniment.access.service.bearers import (
    identify_client, identify_token, is_token, signed_subject,
)
from muniment.access.service.turned_away import TurnedAway

# How people come in: sign-in, sessions, issuers, their own account
from muniment.access.models.signin import (
    Attempt, Caller, KeyPlace, Link, LinkPurpose, Outcome, Passkey, Step, StepKind, Totp, Ways,
)
from muniment.access.models.visitor import Visitor
from muniment.access.models.issuers import (
    ALGORITHMS, Claims, Description, GroupRole, Issuer, IssuerUse, Trust, Workload,
)
from muniment.access.service.reception import Reception
from muniment.access.service.arriving import needs_second, ways_of
from muniment.access.service.passwords import (
    prepare_password, remove_password, require_knows, set_password, sign_in_by_password,
)
from muniment.access.service.passkeys import (
    Ceremony, ask_for_passkey, begin_passkey, enrol_passkey, enrol_passkey_and_enter,
    finish_passkey, place_of, remove_passkey, sign_in_by_passkey,
)
from muniment.access.service.seconds import (
    Enrolment, begin_totp, confirm_totp, enrol_and_enter, fresh_codes, may_enrol_codes,
    open_enrolment, remove_totp, sign_in_by_code, waiting_step,
)
from muniment.access.service.links import (
    MadeLink, enter_demo, first_link, look_at_link, recover_by_link, reset_link, set_up_by_link,
)
from muniment.access.service.sso import Arrival, Departure, begin_sso, end_url, finish_sso
from muniment.access.rules.describing import read_description, write_description
from muniment.access.service.issuers import (
    CLIENT_NAMES, IssuerFinding, add_issuer, change_issuer, check_issuer, find_issuer, issuers,
    link_workload, unlink_workload, workloads,
)
from muniment.access.service.sessions import (
    actor_of, begin_session, end_all_sessions, end_session, identify_session, sign_in_of,
)
from muniment.access.service.account import (
    end_own_session, end_sessions_of, own_keys, own_sessions, person_by_address, rename_self,
    sessions,
)
from muniment.access.service.guessing import SIGN_IN, forget_old, record_refusals

# Who looked it over: reviews, rights in other systems, chores
from muniment.access.models.reviews import (
    Answer, BadRow, Campaign, CampaignState, Emergency, Entitlement, Finding, Import, Line,
    LineSort, Outside, Reach, Told,
)
from muniment.access.service.reviews import (
    close_review, open_review, owed_lines, reassign, review, review_lines, reviews,
)
from muniment.access.service.answering import answer, verify_answers
from muniment.access.service.showing import evidence_csv, review_evidence
from muniment.access.service.outside import (
    import_outside, outside, preview_outside, resolve_outside, tell_outside,
)
from muniment.access.service.feeds import Feeds, open_feeds, pull_outside
from muniment.access.service.chores import Tidied, look_after_reviews, tidy

# What is read of all these
from muniment.access.service.reading import (
    exceptions, grant_of, grants, identities, key_of, keys, members, people, person,
    revoked_because, role, roles, service, services, team, teams,
)

__all__ = [  # noqa: RUF022 grouped by noun, for people to read
    # Who there is: people, services, teams, and what a directory tells of them
    "Holder", "HolderKind", "Identity", "Membership", "Person", "PersonId", "PersonState",
    "Service", "ServiceId", "ServiceKind", "Team", "TeamId", "Entry", "KnownPerson", "KnownTeam",
    "ToldPerson", "ToldTeam", "found", "is_founded", "name_organisation",
    "organisation", "Parting", "add_person", "change_person",
    "invite", "leave", "link_identity", "reactivate", "suspend", "unlink_identity", "add_service",
    "reactivate_service", "rename_service", "suspend_service", "transfer_service", "add_team",
    "change_team", "end_team", "join", "part", "add_known_person", "add_known_team", "known_people",
    "known_person", "known_team", "known_teams", "remove_known_person", "remove_known_team",
    "set_known_person", "set_known_team", "colleagues", "named", "names", "services_owned",
    "teams_in",
    # What they may: the gate, roles, grants, duties, emergencies
    "Conflict", "DutyException", "EVERYTHING", "Grant", "GrantSource", "Permission", "Role",
    "SCOPE_KINDS", "Scope", "Standing", "Verdict", "BUILT_IN", "CONFLICTS", "PERMISSIONS",
    "Refusal", "all_roles", "change", "change_own", "may", "note_export", "people_behind",
    "require", "standing", "note_views", "standing_of", "viewing", "viewing_some", "duties_of",
    "except_duty", "extend", "grant",
    "revoke", "define_role", "end_role", "break_glass", "emergencies", "review_emergency", "Place",
    "Proofs", "at", "prove_reach",
    "active_people", "who_holds", "who_may",
    # What a program shows: keys, tokens, certificates
    "Key", "KeyLimits", "Method", "Session", "SignIn", "FreshKey", "issue_key", "revoke_key",
    "rotate_key", "KeyBook", "identify_key", "write_key", "identify_client", "identify_token",
    "signed_subject", "is_token", "TurnedAway",
    # How people come in: sign-in, sessions, issuers, their own account
    "Attempt", "Caller", "Link", "LinkPurpose", "Outcome", "Passkey", "Step", "StepKind", "Totp",
    "Ways", "Visitor", "ALGORITHMS", "Claims", "Description", "GroupRole", "Issuer", "IssuerUse",
    "Trust", "Workload", "Reception", "needs_second", "ways_of", "prepare_password",
    "remove_password", "require_knows", "set_password", "sign_in_by_password", "Ceremony",
    "KeyPlace", "ask_for_passkey", "begin_passkey", "enrol_passkey", "enrol_passkey_and_enter",
    "finish_passkey", "place_of", "remove_passkey", "sign_in_by_passkey", "Enrolment", "begin_totp",
    "confirm_totp", "enrol_and_enter", "fresh_codes", "may_enrol_codes", "open_enrolment",
    "remove_totp", "sign_in_by_code", "waiting_step", "MadeLink", "enter_demo", "first_link",
    "look_at_link",
    "recover_by_link", "reset_link", "set_up_by_link", "Arrival", "Departure", "begin_sso",
    "end_url", "finish_sso", "CLIENT_NAMES", "IssuerFinding", "add_issuer", "change_issuer",
    "check_issuer", "find_issuer", "issuers", "link_workload", "unlink_workload", "workloads",
    "read_description", "write_description", "actor_of", "begin_session", "end_all_sessions",
    "end_session", "identify_session", "sign_in_of", "end_own_session", "end_sessions_of",
    "own_keys", "own_sessions", "person_by_address", "rename_self", "sessions", "SIGN_IN",
    "forget_old", "record_refusals",
    # Who looked it over: reviews, rights in other systems, chores
    "Answer", "BadRow", "Campaign", "CampaignState", "Emergency", "Entitlement", "Finding",
    "Import", "Line", "LineSort", "Outside", "Reach", "Told", "close_review", "open_review",
    "owed_lines", "reassign", "review", "review_lines", "reviews", "answer", "verify_answers",
    "evidence_csv", "review_evidence", "import_outside", "outside", "preview_outside",
    "resolve_outside", "tell_outside", "Feeds", "open_feeds", "pull_outside", "Tidied",
    "look_after_reviews", "tidy",
    # What is read of all these
    "exceptions", "grant_of", "grants", "identities", "key_of", "keys", "members", "people",
    "person", "revoked_because", "role", "roles", "service", "services", "team", "teams",
]
