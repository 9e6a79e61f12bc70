"""Who calls is found out once, by cookie or key and nothing else, and no other site can pretend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from muniment.access import Method, PersonId, Session, SignIn, Visitor
from muniment.core.actor import Actor, ActorKind
from muniment.core.clock import SystemClock
from muniment.core.ids import IdMaker
from muniment.server.callers import Callers, Identifier, Shown
from muniment.server.metrics import Metrics
from muniment.server.middleware import ErrorMapping, RequestId
from muniment.testing import FixedClock, settings_for
from muniment.web.callers import csrf_token, safe_next
from tests.server.asking import HERE, Answer, ask

PUBLIC: Any = {"ledger.publish": True}
NOW = FixedClock().now()
SECRET, OTHER, KEY = "ses-ines", "ses-mallory", "mun_svc_" + "a" * 39
SESSION = Session(
    "ses_1", SignIn(PersonId("per_1"), (Method.SSO,), strong=True), NOW, NOW, NOW, NOW
)
INES = Visitor(Actor(ActorKind.PERSON, "per_ines", "ses_1"), session=SESSION, name="Ines")
MALLORY = Visitor(Actor(ActorKind.PERSON, "per_mallory", "ses_2"), session=SESSION, name="Mallory")
SHOP = Visitor(Actor(ActorKind.SERVICE, "svc_shop", "key_1"), name="shop")
KNOWN = {SECRET: INES, OTHER: MALLORY, KEY: SHOP}


@dataclass
class Gatekeeper:
    """Knows a few callers, and remembers what it was asked."""

    empty: bool = False
    asked: list[Shown] = field(default_factory=list)

    def identify(self, shown: Shown) -> Visitor | None:
        self.asked.append(shown)
        return KNOWN.get(shown.bearer or shown.session)

    def app(self, **overrides: object) -> Starlette:
        """Build an application of a few pages behind the four that surround every request."""
        settings = settings_for(Path("data"), **overrides)
        inner = Starlette(
            routes=[
                Route(path, tell, methods=["GET", "POST", "DELETE"])
                for path in (
                    "/console/things",
                    "/console/sign-in",
                    "/console/set-up/go",
                    "/console",
                    "/api/v1/things",
                    "/api/v1/about",
                    "/health",
                    "/log/checkpoint",
                    "/consoles",
                )
            ]
        )
        identifier = Identifier(self.identify, lambda: self.empty)
        found = Callers(inner, settings=settings, identifier=identifier)
        ids, clock = IdMaker(SystemClock()), SystemClock()
        mapped = ErrorMapping(found, ids=ids, secure=False)
        return RequestId(mapped, ids=ids, clock=clock, metrics=Metrics())  # type: ignore[return-value]


async def tell(request: Request) -> Response:
    """Say who was found, and what came in the body."""
    visitor = request.scope.get("state", {}).get("visitor")
    body = (await request.body()).decode()
    return JSONResponse({"who": visitor.actor.id if visitor else "", "body": body})


def person(secret: str = SECRET, **more: str) -> dict[str, str]:
    """Give the headers of a browser that is signed in."""
    return {"cookie": f"muniment={secret}", **{k.replace("_", "-"): v for k, v in more.items()}}


def get(path: str, headers: Mapping[str, str] | None = None, **overrides: Any) -> Answer:
    """Ask for a page."""
    return ask(Gatekeeper().app(**overrides), path, headers=headers)


def post(headers: Mapping[str, str], body: bytes = b"", path: str = "/console/things") -> Answer:
    """Send a form."""
    form = {"content-type": "application/x-www-form-urlencoded"}
    app = Gatekeeper().app()
    return ask(app, path, method="POST", headers={**form, **headers}, chunks=[body])


def test_a_session_names_a_person() -> None:
    """The cookie of a session, and nothing else, makes a person known."""
    assert get("/console/things", person()).json["who"] == "per_ines"


@pytest.mark.parametrize("header", ["authorization", "x-api-key"])
def test_a_key_names_a_program(header: str) -> None:
    """A key comes in either of two headers."""
    value = f"Bearer {KEY}" if header == "authorization" else KEY
    assert get("/api/v1/things", {header: value}).json["who"] == "svc_shop"


def test_a_key_counts_and_a_cookie_beside_it_does_not() -> None:
    """Who shows a key acts as its holder, whatever cookie the browser adds."""
    both = person(authorization=f"Bearer {KEY}")
    assert get("/api/v1/things", both).json["who"] == "svc_shop"


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer mun_svc_wrong"},
        {"authorization": "Basic aW5lczpzZWNyZXQ="},
        {"authorization": "Bearer "},
        {"authorization": KEY},
        {"x-api-key": "mun_svc_wrong"},
    ],
)
def test_what_opens_nothing_is_refused_even_where_nothing_is_asked(
    headers: dict[str, str],
) -> None:
    """A wrong key is told so at once, in the one error shape, with the standard's challenge."""
    for path in ("/api/v1/things", "/api/v1/about"):
        answer = get(path, headers)
        assert answer.status == 401
        assert answer.json["code"] == "unauthenticated"
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_two_keys_are_no_key() -> None:
    """Who sends two is not guessed at."""
    answer = get("/api/v1/things", {"authorization": f"Bearer {KEY}", "x-api-key": KEY})
    assert answer.status == 400


@pytest.mark.parametrize(
    "query", [f"key={KEY}", f"q=a&token={KEY}", f"x={KEY.replace('_', '%5F')}"]
)
def test_a_key_in_the_query_is_refused(query: str) -> None:
    """A key in an address is refused with advice to revoke it, and is not told back."""
    for headers in ({}, {"authorization": f"Bearer {KEY}"}):
        answer = get(f"/api/v1/things?{query}", headers)
        assert answer.status == 422
        assert "Revoke" in answer.json["remedy"]
        assert KEY.encode() not in answer.body


@pytest.mark.parametrize(
    "name",
    [
        "x-forwarded-user",
        "x-remote-user",
        "remote-user",
        "x-auth-request-email",
        "x-webauth-user",
        "x-muniment-actor",
        "x-forwarded-email",
        "x-ssl-client-dn",
        "from",
    ],
)
def test_no_header_smuggles_an_identity(name: str) -> None:
    """Headers by which proxies name users mean nothing here."""
    assert get("/api/v1/things", {name: "per_ines"}).status == 401
    assert get("/console/things", person(**{name: "per_mallory"})).json["who"] == "per_ines"


@pytest.mark.parametrize(
    "cookie",
    [
        "muniment=ses-mallory; muniment=ses-ines",
        "muniment=",
        "muniment",
        "__Host-muniment=ses-ines",
        "muniment_=ses-ines",
        "=ses-ines",
    ],
)
def test_a_doubtful_cookie_names_nobody(cookie: str) -> None:
    """Two cookies of one name, or one of another name, are no session."""
    assert get("/console/things", {"cookie": cookie}).status == 303


def test_the_cookie_is_bound_to_the_host_where_there_is_tls() -> None:
    """Behind TLS only the cookie counts that browsers bind to this host."""
    secure: Any = {"server.behind_proxy": True, "server.trusted_proxies": ("10.0.0.7",)}
    assert get("/console/things", {"cookie": f"__Host-muniment={SECRET}"}, **secure).status == 200
    assert get("/console/things", person(), **secure).status == 303


def test_strangers_are_sent_to_sign_in_and_back() -> None:
    """A page sends who is not known to sign in, and remembers where they were going."""
    answer = get("/console/things?kind=a.b&x=1")
    assert answer.status == 303
    where = urlsplit(answer.headers["location"])
    assert where.path == "/console/sign-in"
    assert parse_qs(where.query) == {"next": ["/console/things?kind=a.b&x=1"]}
    assert get("/console").headers["location"] == "/console/sign-in"
    assert post({}).headers["location"] == "/console/sign-in"


def test_programs_are_told_how_to_call() -> None:
    """The API answers strangers with 401 and a remedy, in JSON."""
    answer = get("/api/v1/things", {"accept": "text/html"})
    assert (answer.status, answer.json["code"]) == (401, "unauthenticated")
    assert "Authorization" in answer.json["remedy"]
    assert get("/log/checkpoint").status == 401
    assert get("/log/checkpoint", **PUBLIC).status == 200


def test_before_anybody_exists_there_is_the_set_up_page_only() -> None:
    """With no person yet every page leads to set-up, from this machine as from afar."""
    for client in (HERE, ("203.0.113.9", 1)):
        answer = ask(Gatekeeper(empty=True).app(), "/console/things", client=client)
        assert answer.headers["location"] == "/console/set-up"
        assert ask(Gatekeeper(empty=True).app(), "/api/v1/things", client=client).status == 401


def test_open_places_ask_nobody() -> None:
    """Signing in, setting up, health and what names the product need no visitor, and no look-up."""
    gate = Gatekeeper()
    for path in ("/console/sign-in", "/console/set-up/go", "/api/v1/about", "/health", "/consoles"):
        assert ask(gate.app(), path).status == 200
    assert gate.asked == []


@pytest.mark.requirement("ACC-12")
def test_a_form_needs_the_token_of_its_session() -> None:
    """What changes something by a session carries that session's token, in a field or a header."""
    token = csrf_token(SECRET)
    body = f"name=x&csrf={token}".encode()
    told = post(person(), body)
    assert told.json == {"who": "per_ines", "body": body.decode()}
    assert post(person(x_csrf_token=token)).status == 200
    for refused in (
        post(person(), b"name=x"),
        post(person(), f"csrf={csrf_token(OTHER)}".encode()),
        post(person(x_csrf_token=csrf_token(OTHER))),
        post(person(x_csrf_token="ü")),
        post(person(), b"", "/api/v1/things"),
    ):
        assert refused.status == 403
        assert "token" in refused.json["detail"]


def test_a_token_in_a_form_with_files_is_found() -> None:
    """A form with files carries the token too, and its body arrives whole."""
    token = csrf_token(SECRET)
    body = (
        '--b\r\ncontent-disposition: form-data; name="csrf"\r\n\r\n'
        f'{token}\r\n--b\r\ncontent-disposition: form-data; name="f"; filename="a.csv"\r\n\r\n'
        "1,2\r\n--b--\r\n"
    )
    headers = person(content_type="multipart/form-data; boundary=b")
    app = Gatekeeper().app()
    pieces = [body[:50].encode(), body[50:].encode()]
    told = ask(app, "/console/things", method="POST", headers=headers, chunks=pieces)
    assert told.json["body"] == body


def test_the_token_of_a_form_with_files_comes_first() -> None:
    """It is looked for before the files, which nobody reads until it was found."""
    token = csrf_token(SECRET)
    named = f'--b\r\ncontent-disposition: form-data; name="csrf"\r\n\r\n{token}\r\n'
    filler = '--b\r\ncontent-disposition: form-data; name="f"\r\n\r\nx\r\n'
    headers = person(content_type="multipart/form-data; boundary=b")
    for body in (filler + named + "--b--\r\n", filler * 200, named, ""):
        pieces = [body[:70].encode(), body[70:].encode()]
        app = Gatekeeper().app()
        told = ask(app, "/console/things", method="POST", headers=headers, chunks=pieces)
        assert told.status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost.evil.example"},
    ],
)
def test_another_site_changes_nothing(headers: dict[str, str]) -> None:
    """Even with the right token another site is refused; nor may it sign a visitor in."""
    token = csrf_token(SECRET)
    sent = {**person(x_csrf_token=token), **headers}
    assert post(sent).status == 403
    assert post(headers, path="/console/sign-in").status == 403


def test_our_own_pages_and_programs_are_not_another_site() -> None:
    """A form of this console passes; a key needs no token, for no browser adds it by itself."""
    token = csrf_token(SECRET)
    ours = {"sec-fetch-site": "same-origin", "origin": "http://localhost"}
    assert post({**person(x_csrf_token=token), **ours}).status == 200
    assert post({"authorization": f"Bearer {KEY}", "origin": "https://evil.example"}).status == 200


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/console/ledger?kind=a.b&since=2026-01-01", True),
        ("/console/access/people", True),
        ("https://evil.example/console", False),
        ("//evil.example/console", False),
        ("/\\evil.example", False),
        ("/console\\..\\x", False),
        ("/console/../api/v1/access", False),
        ("/console//evil.example", False),
        ("/console/%2e%2e/x", False),
        ("/consoles", False),
        ("/api/v1/about", False),
        ("javascript:alert(1)", False),
        ("/console/sign-in?next=/console", False),
        ("/console/\nset-cookie: a=b", False),
        ("/console/ü", False),
        ("", False),
        ("/console/" + "x" * 2000, False),
    ],
)
def test_no_address_leads_out(given: str, kept: bool) -> None:  # noqa: FBT001
    """Where to go next is a page of this console or its first page; it is no open redirect."""
    assert safe_next(given) == (given if kept else "/console")


@given(st.text(max_size=40) | st.text("/\\.%:@?#consle", max_size=20))
def test_where_to_go_next_is_always_ours(text: str) -> None:
    """Whatever is asked for, a browser stays on this host, under the console."""
    for given_text in (text, "/console" + text, "/console/" + text):
        parts = urlsplit(safe_next(given_text))
        assert (parts.scheme, parts.netloc) == ("", "")
        assert parts.path == "/console" or parts.path.startswith("/console/")
