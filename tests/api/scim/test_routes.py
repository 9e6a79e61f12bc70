"""SCIM as directories speak it: against the published schemas, and against those who lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import httpx
import httpx2
import pytest

from muniment.access import (
    Holder,
    HolderKind,
    KeyLimits,
    Method,
    PersonId,
    ServiceKind,
    SignIn,
    begin_session,
    found,
    grant,
    identify_session,
    issue_key,
)
from muniment.access.service.programs import add_service
from muniment.core.actor import Actor, ActorKind, system_actor
from muniment.server import House
from muniment.server.app import make_app
from tests.server.asking import house_in
from tests.web.browser.serving import serving

ROOT: Final = system_actor("test")
LIMITS: Final = KeyLimits(frozenset({"access.manage_people", "access.manage_teams"}))


@dataclass
class Directory:
    """A directory that holds a key, and the house it speaks to."""

    house: House
    base: str
    key: str
    key_id: str
    client: httpx.Client

    def ask(self, method: str, path: str, told: Any = None, **headers: str) -> httpx.Response:
        """Send one request."""
        return self.client.request(method, path, json=told, headers=headers)

    def add(self, name: str, **more: Any) -> dict[str, Any]:
        """Add a user."""
        answer = self.ask("POST", "/Users", {"userName": name, **more})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    """Serve a house, with a key of an application that may manage people and teams."""
    folder = tmp_path_factory.mktemp("scim") / "data"
    with house_in(folder, **{"jobs.inside": False}) as house:
        key, key_id = _key(house)
        with serving(make_app(house)) as address:
            base = f"{address}/scim/v2"
            given = {"authorization": f"Bearer {key}"}
            with httpx.Client(base_url=base, headers=given, timeout=30) as client:
                yield Directory(house, base, key, key_id, client)


def _key(house: House) -> tuple[str, str]:
    with house.database.work(ROOT) as work:
        admin = found(work, "Ada Root", "ada@example.org")
        service = add_service(work, ServiceKind.APPLICATION, "Directory", admin.id)
        holder = Holder(HolderKind.SERVICE, service.id)
        grant(work, holder, "admin", reason="It manages people.")
    with house.database.work(Actor(ActorKind.PERSON, admin.id, "session:test")) as work:
        fresh = issue_key(
            work,
            holder,
            label="SCIM",
            limits=LIMITS,
            expires_at=work.now + timedelta(days=1),
        )
    return fresh.secret, fresh.key.id


@pytest.mark.slow
def test_the_published_schemas(directory: Directory) -> None:
    """An independent checker of RFC 7643 and RFC 7644 finds nothing that is wrong."""
    # Loading these takes seconds, so only the process that asks them pays.
    from scim2_client.engines.httpx2 import SyncSCIMClient  # noqa: PLC0415
    from scim2_tester import Status, check_server  # noqa: PLC0415

    given = {"authorization": f"Bearer {directory.key}"}
    with httpx2.Client(base_url=directory.base, headers=given, timeout=60) as client:
        scim = SyncSCIMClient(client)
        scim.discover()
        told = check_server(scim)
    wrong = [each for each in told if each.status in (Status.ERROR, Status.CRITICAL)]
    assert [f"{each.title}: {each.reason}" for each in wrong] == []
    assert sum(each.status is Status.SUCCESS for each in told) > 30


@pytest.mark.requirement("ACC-21")
def test_put_out_at_once(directory: Directory) -> None:
    """Whoever is not active any more has no session from the next request on, and no key."""
    made = directory.add("ines@example.org", displayName="Ines Moreau", externalId="00u1")
    house = directory.house
    with house.database.work(ROOT) as work:
        _, secret = begin_session(
            work,
            SignIn(PersonId(made["id"]), (Method.SSO,), strong=True),
            "203.0.113.7",
            "",
            settings=house.settings,
        )
    assert identify_session(house.database, secret)
    off = {"Operations": [{"op": "Replace", "path": "active", "value": "False"}]}
    assert directory.ask("PATCH", f"/Users/{made['id']}", off).json()["active"] is False
    assert identify_session(house.database, secret) is None
    on = {"Operations": [{"op": "replace", "value": {"active": True}}]}
    assert directory.ask("PATCH", f"/Users/{made['id']}", on).json()["active"] is True
    assert identify_session(house.database, secret) is None
    assert directory.ask("DELETE", f"/Users/{made['id']}").status_code == 204
    assert directory.ask("GET", f"/Users/{made['id']}").status_code == 404
    assert directory.add("ines@example.org")["id"] != made["id"]


def test_filters_and_pages(directory: Directory) -> None:
    """A directory finds people by what it knows of them, and reads them page by page."""
    for number in range(5):
        directory.add(f"page{number}@example.com", externalId=f"page-{number}", title="Page")
    query = {"filter": 'userName eq "PAGE3@example.com"'}
    told = directory.client.get("/Users", params=query).json()
    assert [each["externalId"] for each in told["Resources"]] == ["page-3"]
    query = {"filter": 'title eq "Page" and not (externalId ew "-3")'}
    assert directory.client.get("/Users", params=query).json()["totalResults"] == 4
    query |= {"startIndex": "3", "count": "1", "attributes": "userName"}
    page = directory.client.get("/Users", params=query).json()
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (4, 3, 1)
    assert set(page["Resources"][0]) == {"schemas", "id", "meta", "userName"}
    query = {"filter": 'emails[value co "page1"]', "excludedAttributes": "emails"}
    told = directory.client.get("/Users", params=query).json()
    assert ["emails" in each for each in told["Resources"]] == [False]


def test_groups_are_teams(directory: Directory) -> None:
    """A group is a team: its members come and go with it, one by one or all at once."""
    one, other = directory.add("g1@example.com"), directory.add("g2@example.com")
    told = {"displayName": "Platform", "members": [{"value": one["id"]}]}
    group = directory.ask("POST", "/Groups", told).json()
    assert [each["value"] for each in group["members"]] == [one["id"]]
    path = f"/Groups/{group['id']}"
    change = {
        "Operations": [
            {"op": "Add", "path": "members", "value": [{"value": other["id"]}]},
            {"op": "remove", "path": f'members[value eq "{one["id"]}"]'},
        ]
    }
    changed = directory.ask("PATCH", path, change).json()
    assert [each["value"] for each in changed["members"]] == [other["id"]]
    seen = directory.ask("GET", f"/Users/{other['id']}").json()
    assert [each["display"] for each in seen["groups"]] == ["Platform"]
    assert directory.ask("PUT", path, {"displayName": "Plat"}).json().get("members") is None
    stranger = {"displayName": "Plat", "members": [{"value": "per_nobody"}]}
    assert directory.ask("PUT", path, stranger).status_code == 404
    assert directory.ask("DELETE", path).status_code == 204
    assert directory.ask("GET", path).status_code == 404


def test_versions(directory: Directory) -> None:
    """Two that change one person do not overwrite each other; what is known is not sent."""
    made = directory.add("etag@example.com")
    path, version = f"/Users/{made['id']}", made["meta"]["version"]
    assert directory.ask("GET", path, **{"if-none-match": version}).status_code == 304
    told = {"userName": "etag@example.com", "title": "First"}
    changed = directory.ask("PUT", path, told, **{"if-match": version})
    assert changed.status_code == 200
    assert changed.headers["etag"] != version
    assert directory.ask("PUT", path, told, **{"if-match": version}).status_code == 412
    assert directory.ask("DELETE", path, **{"if-match": version}).status_code == 412


@pytest.mark.parametrize(
    ("method", "path", "told", "status", "kind"),
    [
        ("POST", "/Users", {}, 400, "invalidValue"),
        ("POST", "/Users", {"userName": "ada@example.org"}, 409, "uniqueness"),
        ("POST", "/Users", {"userName": "x@example.com", "active": 7}, 400, "invalidValue"),
        ("POST", "/Users", {"userName": "a\nb"}, 400, "invalidValue"),
        ("POST", "/Users", [], 400, "invalidSyntax"),
        ("GET", "/Users?filter=userName eq", None, 400, "invalidFilter"),
        ("GET", "/Users?filter=" + "(" * 50, None, 400, "invalidFilter"),
        ("GET", '/Users?filter=id zz "1"', None, 400, "invalidFilter"),
        ("GET", "/Users?count=many", None, 400, "invalidSyntax"),
        ("GET", "/Users/per_nobody", None, 404, None),
        ("GET", "/Everything", None, 404, None),
        ("POST", "/Groups", {"displayName": ""}, 400, "invalidValue"),
    ],
)
def test_what_is_wrong_is_said(
    directory: Directory, method: str, path: str, told: Any, status: int, kind: str | None
) -> None:
    """A request that cannot be carried out is answered in SCIM's own words."""
    answer = directory.ask(method, path, told)
    assert answer.status_code == status, answer.text
    assert answer.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert answer.json().get("scimType") == kind


def test_mass_assignment(directory: Directory) -> None:
    """A directory sets what it may set: no ids, no groups by way of a user, no role, no secret."""
    made = directory.add(
        "mass@example.com", id="per_mine", groups=[{"value": "x"}], roles=["admin"]
    )
    assert made["id"] != "per_mine"
    assert "groups" not in made
    assert "roles" not in made
    change = {"Operations": [{"op": "replace", "path": "id", "value": "per_mine"}]}
    answer = directory.ask("PATCH", f"/Users/{made['id']}", change)
    assert (answer.status_code, answer.json()["scimType"]) == (400, "mutability")


def test_the_last_admin_stays(directory: Directory) -> None:
    """A directory cannot close the account of the only one who manages access."""
    query = {"filter": 'userName eq "ada@example.org"'}
    ada = directory.client.get("/Users", params=query).json()["Resources"][0]
    assert directory.ask("DELETE", f"/Users/{ada['id']}").status_code == 409
    off = {"userName": "ada@example.org", "displayName": "Ada Root", "active": False}
    assert directory.ask("PUT", f"/Users/{ada['id']}", off).status_code == 409
    assert directory.ask("GET", f"/Users/{ada['id']}").json()["active"] is True


def test_only_a_key_that_may(directory: Directory) -> None:
    """Without a key, with a made-up one, or with one that may not, nothing is told."""
    for given in ({}, {"authorization": "Bearer mun_madeup"}):
        with httpx.Client(base_url=directory.base, headers=given) as stranger:
            assert stranger.get("/Users").status_code == 401
    house = directory.house
    with house.database.work(ROOT) as work:
        ada = access_person(work)
        service = add_service(work, ServiceKind.AGENT, "Agent", ada)
        holder = Holder(HolderKind.SERVICE, service.id)
    with house.database.work(Actor(ActorKind.PERSON, ada, "session:test")) as work:
        later = work.now + timedelta(days=1)
        fresh = issue_key(work, holder, label="none", limits=KeyLimits(), expires_at=later)
    given = {"authorization": f"Bearer {fresh.secret}"}
    with httpx.Client(base_url=directory.base, headers=given) as agent:
        assert agent.get("/Users").status_code == 403
        assert agent.post("/Users", json={"userName": "z@example.com"}).status_code == 403


def access_person(work: Any) -> PersonId:
    """Find Ada."""
    from muniment.access.store import person_by_email  # noqa: PLC0415

    ada = person_by_email(work, "ada@example.org")
    assert ada is not None
    return ada.id
