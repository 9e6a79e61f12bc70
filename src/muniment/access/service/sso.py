"""Single sign-on by OpenID Connect: authorization code with PKCE, state and nonce, each used once.

What was begun in one browser can be finished in that browser only, once, within ten minutes. The
token is checked as `rules/tokens.py` says; only then anything of it is read.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode

from muniment.access import rules, store
from muniment.access.models import (
    Attempt,
    Caller,
    Claims,
    Identity,
    Issuer,
    IssuerUse,
    Method,
    Outcome,
    Person,
    PersonState,
    Session,
    StepKind,
)
from muniment.access.rules.tokens import (
    Wanted,
    matches_hash,
    read_header,
    require_claims,
    verified_claims,
)
from muniment.access.rules.vouching import (
    in_domains,
    is_strong,
    may_link_by_email,
    read_claims,
)
from muniment.access.service.arriving import Shown, add_step, arrive, may_enter
from muniment.access.service.following import follow_groups
from muniment.access.service.guessing import SIGN_IN, refused
from muniment.access.service.issuers import (
    client_secret,
    find_issuer,
    keys_for,
    published,
)
from muniment.access.service.people import activate, add_person, link_identity
from muniment.access.service.reception import Reception, digest_of
from muniment.core.errors import InvalidError, MunimentError, NotFoundError
from muniment.db import Work

_SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Departure:
    """Where a browser goes to sign in, and the secret that binds its return to it."""

    url: str
    step: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a return went, and which page was wanted."""

    attempt: Attempt
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class _Told:
    claims: Claims
    strong: bool
    id_token: str = field(repr=False)


def begin_sso(reception: Reception, issuer_id: str, *, back: str, wanted: str) -> Departure:
    """Send a browser to an issuer; `back` is our own address for its return."""
    with reception.database.look(SIGN_IN) as work:
        issuer = _active(work, issuer_id)
    told = published(reception, issuer)
    state, nonce, verifier = (secrets.token_urlsafe(_SECRET_BYTES) for _ in range(3))
    challenge = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": issuer.client_id,
        "redirect_uri": back,
        "scope": " ".join(issuer.trust.scopes),
        "state": state,
        "nonce": nonce,
        "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    data = {
        "issuer": issuer.id,
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        "back": back,
        "wanted": wanted,
    }
    with reception.database.work(SIGN_IN) as work:
        step = add_step(work, StepKind.SSO, data)
    joint = "&" if "?" in told.authorization else "?"
    return Departure(f"{told.authorization}{joint}{urlencode(asked)}", step)


def finish_sso(
    reception: Reception, step: str, answer: Mapping[str, str], caller: Caller
) -> Arrival:
    """Let in who comes back from an issuer, if everything it says holds."""
    with reception.database.work(SIGN_IN) as work:
        digest = digest_of(step, StepKind.SSO.value)
        found = store.take_step(work, digest, StepKind.SSO) if digest else None
        if found is None:
            refused(work, caller, way="sso", why="no such step")
            return Arrival(
                _told("This sign-in took too long, or was finished before. Begin again.")
            )
        data = dict(found.data)
    with reception.database.look(SIGN_IN) as work:
        issuer = _active(work, str(data["issuer"]))
    try:
        told = _asked(reception, issuer, data, answer)
    except MunimentError as error:
        return Arrival(_refused(reception, caller, f"{issuer.name}: {error}"))
    return Arrival(_let_in(reception, issuer, told, caller), str(data["wanted"]))


def end_url(reception: Reception, session: Session, *, back: str) -> str:
    """Give the address that ends the session at its issuer too; empty if there is none."""
    if not session.sign_in.issuer:
        return ""
    with reception.database.look(SIGN_IN) as work:
        issuer = store.issuer(work, session.sign_in.issuer)
        hint = store.hint_of(work, session.id)
    if issuer is None:
        return ""
    try:
        told = published(reception, issuer)
    except MunimentError:  # signing out here must not hang on somebody else
        return ""
    if not told.end_session:
        return ""
    asked = {"client_id": issuer.client_id, "post_logout_redirect_uri": back}
    if hint:
        key_id, _, sealed = hint.partition(" ")
        asked["id_token_hint"] = reception.unseal(key_id, sealed, _context(issuer)).decode()
    joint = "&" if "?" in told.end_session else "?"
    return f"{told.end_session}{joint}{urlencode(asked)}"


def _asked(
    reception: Reception, issuer: Issuer, data: Mapping[str, Any], answer: Mapping[str, str]
) -> _Told:
    """Check the return, change its code for a token, and check that."""
    if not hmac.compare_digest(answer.get("state", "").encode(), str(data["state"]).encode()):
        raise InvalidError("the answer belongs to another sign-in")
    if answer.get("error"):
        raise InvalidError(f"it said {answer['error'][:60]!r}")
    told = published(reception, issuer)
    named = answer.get("iss")
    if (named is not None or told.says_issuer) and named != issuer.url:
        raise InvalidError("the answer is of another issuer")
    if not answer.get("code"):
        raise InvalidError("the answer holds no code")
    tokens = _exchange(reception, issuer, data, answer["code"])
    id_token, access_token = str(tokens.get("id_token", "")), str(tokens.get("access_token", ""))
    algorithm, kid = read_header(id_token, issuer.trust.algorithms)
    claims = verified_claims(id_token, keys_for(reception, issuer, kid, algorithm), kid, algorithm)
    with reception.database.look(SIGN_IN) as work:
        at = work.now
    skew = timedelta(seconds=reception.settings.access.clock_skew_seconds)
    require_claims(claims, Wanted(issuer.url, issuer.client_id, at, skew, nonce=data["nonce"]))
    if not matches_hash(claims, access_token, algorithm):
        raise InvalidError("the access token is not the one that was meant")
    more = _more(reception, issuer, claims, told.userinfo, access_token)
    read = read_claims({**more, **claims}, issuer.trust)
    return _Told(read, is_strong(read, issuer.trust), id_token)


def _exchange(
    reception: Reception, issuer: Issuer, data: Mapping[str, Any], code: str
) -> dict[str, Any]:
    told = published(reception, issuer)
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": str(data["back"]),
        "code_verifier": str(data["verifier"]),
        "client_id": issuer.client_id,
    }
    secret, headers = client_secret(reception, issuer), {}
    if secret and "client_secret_basic" in told.token_auth:
        pair = f"{quote(issuer.client_id, safe='')}:{quote(secret, safe='')}"
        headers = {"authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    elif secret:
        fields["client_secret"] = secret
    answer = reception.fetcher.post_form(told.token, fields, headers=headers)
    if answer.status != 200:
        raise InvalidError(f"its token endpoint answers {answer.status}; the code was not taken")
    return answer.json()


def _more(
    reception: Reception,
    issuer: Issuer,
    claims: Mapping[str, Any],
    userinfo: str,
    access_token: str,
) -> dict[str, Any]:
    """Ask for what the token left out; it counts only if it is of the same person."""
    missing = {"email", issuer.trust.groups_claim} - claims.keys()
    if not (missing and userinfo and access_token):
        return {}
    answer = reception.fetcher.get(userinfo, headers={"authorization": f"Bearer {access_token}"})
    if answer.status != 200:
        return {}
    found = answer.json()
    if found.get("sub") != claims.get("sub"):
        raise InvalidError("what it says of the person is of another one")
    return {name: found[name] for name in missing | {"email_verified", "name"} if name in found}


def _let_in(reception: Reception, issuer: Issuer, told: _Told, caller: Caller) -> Attempt:
    key_id, sealed = reception.seal(told.id_token.encode(), _context(issuer))
    try:
        with reception.database.work(SIGN_IN) as work:
            person = _person(work, issuer, told.claims)
            if person is None or not may_enter(person):
                why = "not known here" if person is None else "not active"
                refused(work, caller, way="sso", why=why, person=person.id if person else "")
                return _told(
                    f"{issuer.name} knows you, but there is no active account for you here."
                    " Ask an admin to invite you."
                )
            follow_groups(work, issuer, person.id, told.claims)
            shown = Shown((Method.SSO,), told.strong, issuer.id, f"{key_id} {sealed}")
            return arrive(reception, work, person, shown, caller)
    except InvalidError as error:
        return _refused(reception, caller, f"{issuer.name} says something we cannot keep: {error}")


def _person(work: Work, issuer: Issuer, claims: Claims) -> Person | None:
    """Find who is meant: by the issuer's own name for them, by address, or as somebody new."""
    store.take_turn(work)
    known = store.identity(work, issuer.url, claims.subject)
    if known is not None:
        return store.person(work, known.person_id)
    address = rules.email_key(claims.email) if claims.email else ""
    person = store.person_by_email(work, address) if address else None
    if person is not None:
        if not may_link_by_email(claims, issuer.trust) or _is_linked(work, person, issuer):
            return None
        if person.state is PersonState.INVITED:
            person = activate(work, person.id)
    elif issuer.trust.just_in_time and claims.email and in_domains(claims.email, issuer.trust):
        name = claims.name or claims.email.partition("@")[0]
        person = add_person(work, name, claims.email, source="sso")
    if person is not None:
        link_identity(work, person.id, issuer.url, claims.subject)
    return person


def _is_linked(work: Work, person: Person, issuer: Issuer) -> bool:
    """An address that passed to somebody else must not open what its first holder had."""
    held: tuple[Identity, ...] = store.identities(work, person.id)
    return any(each.issuer == issuer.url for each in held)


def _active(work: Work, issuer_id: str) -> Issuer:
    issuer = find_issuer(work, issuer_id)
    if not issuer.active or issuer.use is not IssuerUse.PEOPLE:
        raise NotFoundError("nobody signs in through this issuer", subject=issuer_id[:60])
    return issuer


def _refused(reception: Reception, caller: Caller, says: str) -> Attempt:
    with reception.database.work(SIGN_IN) as work:
        refused(work, caller, way="sso", why="not believed")
    return _told(says)


def _told(says: str) -> Attempt:
    return Attempt(Outcome.REFUSED, says=says)


def _context(issuer: Issuer) -> str:
    return f"muniment id token {issuer.id}"
