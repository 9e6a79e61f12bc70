"""Single sign-on: who comes back from an issuer, and every way of pretending to."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from muniment.access import (
    Arrival,
    Caller,
    GroupRole,
    Holder,
    HolderKind,
    Issuer,
    IssuerUse,
    Outcome,
    Reception,
    Trust,
    add_issuer,
    begin_sso,
    change_issuer,
    check_issuer,
    end_url,
    finish_sso,
)
from muniment.access.service.people import suspend
from muniment.access.store import grants_of
from muniment.core.errors import ForbiddenError, InvalidError, NotFoundError
from muniment.db import Database
from muniment.testing import FixedClock, fresh_database, settings_for
from tests.access.issuing import Issuing, issuer_running, private_key, public_jwk
from tests.access.reception import HERE, ROOT, person_of, reception_in
from tests.access.recorded import records

BACK = "http://localhost:8484/console/sign-in/callback"
INES = {"sub": "00u1", "email": "ines@example.org", "email_verified": True, "name": "Ines Moreau"}
JUST_IN_TIME = Trust(just_in_time=True)


@pytest.fixture
def reception(tmp_path: Path, clock: FixedClock) -> Iterator[Reception]:
    """A reception that may reach this machine."""
    settings = settings_for(tmp_path / "data", **{"network.reach_plain_loopback": True})
    with fresh_database(settings, clock) as database:
        yield reception_in(tmp_path, database, settings)


@pytest.fixture
def issuing(clock: FixedClock) -> Iterator[Issuing]:
    """An issuer that knows Ines."""
    with issuer_running(clock) as running:
        running.claims = dict(INES)
        yield running


def trusted(reception: Reception, issuing: Issuing, trust: Trust = JUST_IN_TIME) -> Issuer:
    """Trust the issuer to vouch for people."""
    with reception.database.work(ROOT) as work:
        return add_issuer(
            reception,
            work,
            name="Directory",
            url=issuing.url,
            use=IssuerUse.PEOPLE,
            client_id="console",
            client_secret="a secret we share",
            trust=trust,
        )


def come(
    reception: Reception, issuing: Issuing, issuer: Issuer, caller: Caller = HERE, **changes: str
) -> Arrival:
    """Go there, agree, and come back."""
    gone = begin_sso(reception, issuer.id, back=BACK, wanted="/console/ledger")
    brought = {**issuing.authorize(gone.url), **changes}
    return finish_sso(reception, gone.step, brought, caller)


def refused(arrival: Arrival) -> str:
    """Give why somebody was refused."""
    assert arrival.attempt.outcome is Outcome.REFUSED
    assert arrival.attempt.session is None
    return arrival.attempt.says


def test_somebody_new_comes_in(reception: Reception, issuing: Issuing) -> None:
    """Whoever the issuer vouches for gets an account and a session, and comes back to it."""
    issuer = trusted(reception, issuing)
    arrival = come(reception, issuing, issuer)
    assert arrival.attempt.outcome is Outcome.IN
    assert arrival.wanted == "/console/ledger"
    first, again = arrival.attempt.session, come(reception, issuing, issuer).attempt.session
    assert first is not None
    assert again is not None
    assert first.sign_in.person_id == again.sign_in.person_id
    assert first.sign_in.issuer == issuer.id
    assert "00u1" not in json.dumps(records(reception.database))


def test_pkce_state_and_nonce_are_sent(reception: Reception, issuing: Issuing) -> None:
    """Each departure carries a challenge, a state and a nonce of its own."""
    issuer = trusted(reception, issuing)
    both = [begin_sso(reception, issuer.id, back=BACK, wanted="/console") for _ in range(2)]
    asked = [parse_qs(urlsplit(each.url).query) for each in both]
    assert asked[0]["code_challenge_method"] == ["S256"]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
    assert both[0].step != both[1].step


def test_nobody_without_an_account(reception: Reception, issuing: Issuing) -> None:
    """Unless accounts are made for whoever comes, a stranger stays one."""
    issuer = trusted(reception, issuing, Trust())
    assert "no active account" in refused(come(reception, issuing, issuer))


def test_domains_bound_who_is_made(reception: Reception, issuing: Issuing) -> None:
    """An issuer makes accounts in its own domains only."""
    trust = replace(JUST_IN_TIME, email_domains=("example.com",))
    assert refused(come(reception, issuing, trusted(reception, issuing, trust)))


@pytest.mark.parametrize(
    ("trust_email", "verified", "let_in"),
    [(True, True, True), (True, False, False), (False, True, False)],
)
def test_an_address_names_somebody_only_if_trusted(
    reception: Reception, issuing: Issuing, *, trust_email: bool, verified: bool, let_in: bool
) -> None:
    """An address opens an account that is there only if it is verified, and that is believed."""
    person_of(reception)
    issuing.claims["email_verified"] = verified
    issuer = trusted(reception, issuing, replace(JUST_IN_TIME, trust_email=trust_email))
    arrival = come(reception, issuing, issuer)
    assert (arrival.attempt.outcome is Outcome.IN) is let_in


def test_an_address_that_passed_on(reception: Reception, issuing: Issuing) -> None:
    """Somebody else at the issuer who got the address does not get the account."""
    issuer = trusted(reception, issuing, replace(JUST_IN_TIME, trust_email=True))
    assert come(reception, issuing, issuer).attempt.outcome is Outcome.IN
    issuing.claims["sub"] = "00u2"
    assert refused(come(reception, issuing, issuer))


def test_suspended_people_stay_out(reception: Reception, issuing: Issuing) -> None:
    """An account that was closed here stays closed, whatever the issuer says."""
    issuer = trusted(reception, issuing)
    session = come(reception, issuing, issuer).attempt.session
    assert session is not None
    with reception.database.work(ROOT) as work:
        suspend(work, session.sign_in.person_id)
    assert "no active account" in refused(come(reception, issuing, issuer))


def test_state_replay(reception: Reception, issuing: Issuing) -> None:
    """What came back once does not come back again, nor elsewhere, nor with another state."""
    issuer = trusted(reception, issuing)
    gone = begin_sso(reception, issuer.id, back=BACK, wanted="")
    brought = issuing.authorize(gone.url)
    assert refused(finish_sso(reception, "", brought, HERE))
    assert refused(finish_sso(reception, "x" * 43, brought, HERE))
    assert finish_sso(reception, gone.step, brought, HERE).attempt.outcome is Outcome.IN
    assert "finished before" in refused(finish_sso(reception, gone.step, brought, HERE))
    assert "another sign-in" in refused(come(reception, issuing, issuer, state="other"))
    other = begin_sso(reception, issuer.id, back=BACK, wanted="")
    assert "another sign-in" in refused(finish_sso(reception, other.step, brought, HERE))


def test_a_step_lasts_ten_minutes(
    reception: Reception, issuing: Issuing, clock: FixedClock
) -> None:
    """Whoever comes back too late begins again."""
    issuer = trusted(reception, issuing)
    gone = begin_sso(reception, issuer.id, back=BACK, wanted="")
    clock.advance(601)
    assert refused(finish_sso(reception, gone.step, issuing.authorize(gone.url), HERE))


def test_code_replay(reception: Reception, issuing: Issuing) -> None:
    """A stolen code is of no use in another sign-in: the verifier and the nonce are missing."""
    issuer = trusted(reception, issuing)
    victim = begin_sso(reception, issuer.id, back=BACK, wanted="")
    stolen = issuing.authorize(victim.url)["code"]
    assert "400" in refused(come(reception, issuing, issuer, code=stolen))


def test_nonce_replay(reception: Reception, issuing: Issuing) -> None:
    """A token of another sign-in is refused, and so is one without a nonce."""
    issuer = trusted(reception, issuing)
    for nonce in ("of another one", None):
        issuing.changes = {"nonce": nonce}
        assert "another sign-in" in refused(come(reception, issuing, issuer))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"aud": "somebody else"}, "somebody else"),
        ({"aud": ["console", "other"]}, "somebody else"),
        ({"aud": None}, "somebody else"),
        ({"iss": "https://evil.example"}, "another issuer"),
        ({"exp": 1}, "time is over"),
        ({"exp": None}, "no exp"),
        ({"exp": "soon"}, "no exp"),
        ({"iat": 4_000_000_000}, "future"),
        ({"nbf": 4_000_000_000}, "does not count yet"),
        ({"sub": None}, "names nobody"),
        ({"sub": 7}, "names nobody"),
        ({"at_hash": "another"}, "access token"),
    ],
)
def test_a_token_must_say_the_right_things(
    reception: Reception, issuing: Issuing, changes: dict[str, Any], why: str
) -> None:
    """A token for somebody else, from another time, or about nobody is refused."""
    issuer = trusted(reception, issuing)
    issuing.changes = changes
    assert why in refused(come(reception, issuing, issuer))


@pytest.mark.parametrize(("seconds", "good"), [(119, True), (121, False)])
def test_clock_skew(
    reception: Reception, issuing: Issuing, clock: FixedClock, *, seconds: int, good: bool
) -> None:
    """A token counts one minute, and one more for clocks that differ, and not a second longer."""
    issuer = trusted(reception, issuing)
    gone = begin_sso(reception, issuer.id, back=BACK, wanted="")
    brought = issuing.authorize(gone.url)
    moment = int(clock.now().timestamp())
    issuing.changes = {"iat": moment, "exp": moment + 60}
    clock.advance(seconds)
    outcome = finish_sso(reception, gone.step, brought, HERE).attempt.outcome
    assert (outcome is Outcome.IN) is good


def unpadded(data: str | bytes) -> str:
    """Write a part of a token."""
    raw = data.encode() if isinstance(data, str) else data
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def confused(kind: str, issuing: Issuing, clock: FixedClock, nonce: str) -> str:
    """Make a token that plays with its algorithm."""
    moment = int(clock.now().timestamp())
    claims = {**INES, "iss": issuing.url, "aud": "console", "nonce": nonce}
    claims |= {"iat": moment, "exp": moment + 60}
    if kind == "none":
        return jwt.encode(claims, "", "none")
    if kind == "hs256":
        public = private_key("one").public_key()
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        head, body = (unpadded(json.dumps(each)) for each in ({"alg": "HS256"}, claims))
        mac = hmac.digest(pem, f"{head}.{body}".encode(), "sha256")
        return f"{head}.{body}.{unpadded(mac)}"
    if kind == "own key":
        jwk = public_jwk("two")
        return jwt.encode(claims, private_key("two"), "RS256", {"kid": "two", "jwk": jwk})
    if kind == "another allowed by nobody":
        return jwt.encode(claims, private_key("one"), "RS512", {"kid": "one"})
    if kind == "asks for more":
        headers = {"kid": "one", "crit": ["b64"], "b64": True}
        return jwt.encode(claims, private_key("one"), "RS256", headers)
    good = jwt.encode(claims, private_key("one"), "RS256", {"kid": "one"})
    head, _, signature = good.split(".")
    return f"{head}.{unpadded(json.dumps({**claims, 'sub': 'root'}))}.{signature}"


@pytest.mark.requirement("ACC-12", "ACC-20")
@pytest.mark.parametrize(
    "kind",
    ["none", "hs256", "own key", "another allowed by nobody", "asks for more", "changed"],
)
def test_algorithm_confusion(
    reception: Reception,
    issuing: Issuing,
    clock: FixedClock,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No token decides how it is checked: none, HMAC with a public key, its own key are refused."""
    issuer = trusted(reception, issuing)
    gone = begin_sso(reception, issuer.id, back=BACK, wanted="")
    nonce = parse_qs(urlsplit(gone.url).query)["nonce"][0]
    forged = confused(kind, issuing, clock, nonce)
    told = {"id_token": forged, "access_token": "access"}
    monkeypatch.setattr(Issuing, "exchange", lambda *_: told)
    says = refused(finish_sso(reception, gone.step, issuing.authorize(gone.url), HERE))
    assert "allowed" in says or "signed" in says or "do not know" in says


def test_keys_may_be_changed(reception: Reception, issuing: Issuing, clock: FixedClock) -> None:
    """A key that is new is asked for, at most once a minute whatever tokens come."""
    issuer = trusted(reception, issuing)
    assert come(reception, issuing, issuer).attempt.outcome is Outcome.IN
    issuing.keys, issuing.signing = ["one", "ec2"], "ec2"
    assert refused(come(reception, issuing, issuer))
    clock.advance(61)
    assert come(reception, issuing, issuer).attempt.outcome is Outcome.IN
    issuing.signing = "two"
    before = issuing.asked.count("/jwks")
    for _turn in range(5):
        assert refused(come(reception, issuing, issuer))
    assert issuing.asked.count("/jwks") == before


def test_what_is_missing_is_asked_for(reception: Reception, issuing: Issuing) -> None:
    """An address that the token leaves out is asked for, and counts of the same person only."""
    issuer = trusted(reception, issuing)
    issuing.discovery = {"userinfo_endpoint": f"{issuing.url}/userinfo"}
    issuing.claims = {"sub": "00u1"}
    issuing.userinfo = {**INES, "sub": "00u9"}
    assert "another one" in refused(come(reception, issuing, issuer))
    issuing.userinfo = dict(INES)
    assert come(reception, issuing, issuer).attempt.outcome is Outcome.IN


@pytest.mark.requirement("ACC-01", "ACC-21")
def test_roles_follow_groups(reception: Reception, issuing: Issuing) -> None:
    """Groups give roles at each sign-in, and take back what they gave and give no more."""
    mapping = (GroupRole("ml", "compliance"), GroupRole("ops", "operator"))
    issuer = trusted(reception, issuing, replace(JUST_IN_TIME, group_roles=mapping))
    held = []
    for groups in (["ml", "other"], ["ml", "ops"], ["ops"], None):
        issuing.claims["groups"] = groups
        session = come(reception, issuing, issuer).attempt.session
        assert session is not None
        held.append(roles_held(reception.database, session.sign_in.person_id))
    assert held == [{"compliance"}, {"compliance", "operator"}, {"operator"}, set()]


def test_groups_do_not_bring_duties_together(reception: Reception, issuing: Issuing) -> None:
    """A group that would bring conflicting duties together gives nothing, and that is recorded."""
    mapping = (GroupRole("ml", "builder"), GroupRole("ml", "operator"))
    issuer = trusted(reception, issuing, replace(JUST_IN_TIME, group_roles=mapping))
    issuing.claims["groups"] = ["ml"]
    session = come(reception, issuing, issuer).attempt.session
    assert session is not None
    assert roles_held(reception.database, session.sign_in.person_id) == {"builder"}
    told = [each for each in records(reception.database) if "refused" in each["kind"]]
    assert [(each["kind"], each["body"]["role"]) for each in told] == [
        ("access.group_role_refused", "operator")
    ]


def roles_held(database: Database, person_id: str) -> set[str]:
    """Name the roles a person holds now."""
    with database.look(ROOT) as work:
        found = grants_of(work, [Holder(HolderKind.PERSON, person_id)])
        return {each.role for each in found if each.holds(work.now)}


def test_a_role_that_asks_for_more(reception: Reception, issuing: Issuing) -> None:
    """A role whose holders need a second factor asks for it unless the issuer already did."""
    mapping = (GroupRole("root", "security"),)
    issuer = trusted(reception, issuing, replace(JUST_IN_TIME, group_roles=mapping))
    issuing.claims["groups"] = ["root"]
    assert come(reception, issuing, issuer).attempt.outcome is Outcome.SECOND_FACTOR
    issuing.claims["amr"] = ["pwd", "mfa"]
    assert come(reception, issuing, issuer).attempt.outcome is Outcome.IN


def test_signing_out_there_too(reception: Reception, issuing: Issuing) -> None:
    """Signing out gives the address that ends the session at the issuer, with its own token."""
    issuer = trusted(reception, issuing)
    session = come(reception, issuing, issuer).attempt.session
    assert session is not None
    asked = urlsplit(end_url(reception, session, back=BACK))
    assert asked.path == "/logout"
    fields = parse_qs(asked.query)
    assert fields["post_logout_redirect_uri"] == [BACK]
    assert fields["id_token_hint"][0].count(".") == 2


def test_an_issuer_that_is_stopped(reception: Reception, issuing: Issuing) -> None:
    """Nobody comes in through an issuer that is believed no more, nor through one unknown."""
    issuer = trusted(reception, issuing)
    gone = begin_sso(reception, issuer.id, back=BACK, wanted="")
    with reception.database.work(ROOT) as work:
        change_issuer(reception, work, issuer, active=False)
    with pytest.raises(NotFoundError):
        finish_sso(reception, gone.step, issuing.authorize(gone.url), HERE)
    with pytest.raises(NotFoundError):
        begin_sso(reception, "iss_unknown", back=BACK, wanted="")


PRIVATE = "which is not a public address"
PLAIN = "is not an https address"


@pytest.mark.parametrize(
    ("discovery", "why"),
    [
        ({"jwks_uri": "http://169.254.169.254/latest/meta-data"}, PLAIN),
        ({"jwks_uri": "https://10.0.0.1/keys"}, PRIVATE),
        ({"jwks_uri": "https://[fd00::1]/keys"}, PRIVATE),
        ({"jwks_uri": "https://[::ffff:169.254.169.254]/latest"}, PRIVATE),
        ({"jwks_uri": "https://2852039166/latest"}, "169.254.169.254"),
        ({"jwks_uri": "REDIRECT"}, "302"),
        ({"token_endpoint": "file:///etc/passwd"}, "is not an address"),
        ({"token_endpoint": "http://internal.example/token"}, PLAIN),
        ({"authorization_endpoint": "javascript:alert(1)"}, "is not an address"),
        ({"issuer": "https://evil.example"}, "it calls itself 'https://evil.example'"),
    ],
)
def test_ssrf_in_discovery(
    reception: Reception, issuing: Issuing, discovery: dict[str, str], why: str
) -> None:
    """An issuer cannot send us to a private address, to a file, or to another issuer.

    It is refused for where it leads, and not because nobody happens to answer there.
    """
    issuer = trusted(reception, issuing)
    led = f"{issuing.url}/redirect"  # it leads to good keys, and is not followed
    issuing.discovery = {name: led if to == "REDIRECT" else to for name, to in discovery.items()}
    told = [each.says for each in check_issuer(reception, issuer) if not each.ok]
    assert why in " ".join(told)
    with suppress(ForbiddenError, InvalidError):
        gone = begin_sso(reception, issuer.id, back=BACK, wanted="")
        assert refused(finish_sso(reception, gone.step, issuing.authorize(gone.url), HERE))


@pytest.mark.parametrize(
    "url",
    [
        "http://issuer.example",
        "https://user@issuer.example",
        "ftp://x",
        "https://",
        "https://x/?a=1",
    ],
)
def test_what_cannot_be_an_issuer(reception: Reception, issuing: Issuing, url: str) -> None:
    """An address that could never be trusted is refused when it is written down."""
    issuing.url = url
    with pytest.raises((ForbiddenError, InvalidError)):
        trusted(reception, issuing)


def test_a_check_in_words(reception: Reception, issuing: Issuing) -> None:
    """A check says what holds, and what does not."""
    issuer = trusted(reception, issuing)
    assert all(each.ok for each in check_issuer(reception, issuer))
    issuing.keys = []
    told = check_issuer(reception, issuer)
    assert [each.says for each in told if not each.ok] == [
        "It has no key for RS256.",
        "It has no key for ES256.",
    ]
