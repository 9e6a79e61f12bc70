"""The pages of access in a browser: seen at both widths, read by axe, whole without a script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from muniment import access
from muniment.access import (
    GroupRole,
    Holder,
    HolderKind,
    IssuerUse,
    LineSort,
    PersonId,
    Scope,
    Trust,
)
from tests.server.office import PAGES, Office, office_in
from tests.server.people import MACHINE, Somebody, give, person_with, service_with
from tests.web.browser.looking import NARROW, SIGHTS, Theme, violations
from tests.web.browser.pictures import picture
from tests.web.browser.serving import serving

pytestmark = pytest.mark.browser


@dataclass
class Site:
    """A console that is served, and who looks at it."""

    origin: str
    office: Office
    paths: dict[str, str]
    reviewer: Somebody


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve an installation with people, teams, grants, keys, a review and an emergency."""
    with office_in(tmp_path_factory.mktemp("brightwater")) as office:
        paths, reviewer = furnished(office)
        with serving(office.app) as address:
            yield Site(address, office, paths, reviewer)


def furnished(office: Office) -> tuple[dict[str, str], Somebody]:
    """Fill the office; give the pages to look at."""
    house, ada = office.house, office.ada
    ines = person_with(house, "owner", Scope.of(system="credit-score"), name="Ines Ferreira")
    noor = person_with(house, "builder", Scope.of(system="support-agent"), name="Noor Haddad")
    sam = person_with(house, "security", name="Sam Okafor")
    cora = person_with(house, "compliance", name="Cora Lindqvist")
    shop = service_with(house, ines, "operator", Scope.of(system="credit-score"), name="web-shop")
    with house.database.work(MACHINE) as work:
        team = access.add_team(work, "Credit risk")
        access.join(work, team.id, Holder(HolderKind.PERSON, ines.id))
        told = [
            access.Told("noor@example.org", "Editor of all dashboards"),
            access.Told("root", "Administrator"),
        ]
        access.tell_outside(work, "grafana", told, source="csv")
    grant = give(
        house, Holder(HolderKind.TEAM, team.id), "operator", Scope.of(system="fraud-watch")
    )
    with house.database.work(noor.actor) as work:
        _, emergency = access.break_glass(
            work, "operator", reason="It answers nonsense.", scope=Scope.of(system="support-agent")
        )
    with house.database.work(cora.actor) as work:
        review = access.open_review(
            work,
            "Quarterly review, Q4",
            [PersonId(sam.id), PersonId(cora.id)],
            due_at=work.now + timedelta(days=20),
            sorts=frozenset(LineSort),
        )
    house.log.seal()
    with house.database.look(MACHINE) as work:
        key = access.keys(work).rows[0]
    with house.database.work(MACHINE) as work:
        issuer = access.add_issuer(
            house.reception,
            work,
            name="Brightwater directory",
            url="https://login.brightwater.example/realms/people",
            use=IssuerUse.PEOPLE,
            client_id="muniment",
            trust=Trust(group_roles=(GroupRole("ml-operators", "operator"),)),
        )
    lists = ("people", "teams", "services", "roles", "grants", "keys", "reviews", "at", "outside")
    pages = {name: f"/{name}" for name in (*lists, "exceptions", "emergencies", "duties")}
    return {
        **pages,
        "person": f"/people/{ines.id}",
        "suspend": f"/people/{ines.id}/suspend",
        "service": f"/services/{shop.id}",
        "team": f"/teams/{team.id}",
        "role": "/roles/auditor",
        "define": "/roles/define",
        "grant": f"/grants/{grant.id}",
        "give": "/grants/give",
        "key": f"/keys/{key.id}",
        "issue": "/keys/issue",
        "review": f"/reviews/{review.id}",
        "answer": f"/reviews/{review.id}/answer",
        "break": "/emergencies/break",
        "nothing": "/people?text=nobody-at-all",
        "wrong": "/at?when=soon",
        "invite": "/people/invite",
        "unfounded": f"/people/{ada.id}x",
        "sessions": "/sessions",
        "end": f"/people/{ines.id}/end-sessions",
        "issuers": "/issuers",
        "issuer": f"/issuers/{issuer.id}",
        "trust": f"/issuers/{issuer.id}/change",
        "revoke": f"/grants/{grant.id}/revoke",
        "open": "/reviews/open",
        "allow": "/exceptions/allow",
        "bring": "/outside/bring-in",
        "over": f"/emergencies/{emergency.id}/review",
    }, sam


def page_of(
    browser: Browser, site: Site, *, width: int = 1440, theme: Theme = "light", script: bool = True
) -> Page:
    """Open a browser in which the reviewer, or for pages of admins the admin, is signed in."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=theme,
        java_script_enabled=script,
        reduced_motion="reduce",
    )
    return context.new_page()


def signed_in(page: Page, site: Site, who: Somebody) -> None:
    """Give the browser somebody's session."""
    page.context.add_cookies([{"name": "muniment", "value": who.secret, "url": site.origin}])


REVIEWER: Final = ("answer", "open", "allow", "bring", "over")
IN_THE_DARK: Final = ("people", "person", "grant", "give", "review", "answer", "wrong", "issue")
READ_WIDE: Final = ("people", "grant", "give")  # axe reads the rest once, on a narrow screen
NAMES: Final = (
    *("people", "teams", "services", "roles", "grants", "keys", "reviews", "at", "outside"),
    *("exceptions", "emergencies", "duties", "person", "suspend", "service", "team", "role"),
    *("define", "grant", "give", "key", "issue", "review", "answer", "break", "nothing", "wrong"),
    *("invite", "unfounded", "sessions", "end", "issuers", "issuer", "trust", "revoke"),
    *REVIEWER[1:],
)


@pytest.mark.parametrize(("width", "theme"), SIGHTS)
def test_every_page_holds_at_both_widths_and_is_read_by_axe(
    browser: Browser, site: Site, screens: Path, width: int, theme: Theme
) -> None:
    """No page scrolls sideways or complains, and none is hard to read for a machine."""
    page = page_of(browser, site, width=width, theme=theme)
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type == "error" else None
    )
    found = []
    for name in NAMES if theme == "light" else IN_THE_DARK:
        who = site.reviewer if name in REVIEWER else site.office.ada
        signed_in(page, site, who)
        page.goto(f"{site.origin}{PAGES}{site.paths[name]}")
        expect(page.locator("h1")).to_be_visible()
        picture(page, screens / f"access-{name}-{width}-{theme}.png")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{name} is {wide} px wide")
        if width == NARROW or name in READ_WIDE:
            found += [f"{name}: {each}" for each in violations(page)]
    page.context.close()
    assert found == []
    assert [each for each in said if "404" not in each and "422" not in each] == []


def test_a_form_works_without_a_script(browser: Browser, site: Site) -> None:
    """A mistake comes back beside its field with what was typed; mended, the person is there."""
    page = page_of(browser, site, width=NARROW, script=False)
    signed_in(page, site, site.office.ada)
    page.goto(f"{site.origin}{PAGES}/people/invite")
    page.get_by_label("Name").fill("Tove Berg")
    page.get_by_label("E-mail address").fill("nonsense")
    page.get_by_role("button", name="Invite").click()
    expect(page.locator("#email-error")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Tove Berg")
    page.get_by_label("E-mail address").fill("tove@example.org")
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tove Berg")
    page.get_by_text("Menu", exact=True).click()
    expect(page.get_by_role("button", name="Sign out").first).to_be_visible()
    page.context.close()


def test_a_key_is_copied_and_never_seen_again(browser: Browser, site: Site) -> None:
    """The secret has a way to copy it, and after the next page it is gone."""
    page = page_of(browser, site)
    signed_in(page, site, site.office.ada)
    page.goto(f"{site.origin}{PAGES}/keys/issue")
    page.get_by_label("For whom").select_option(label="yourself")
    page.get_by_label("What it is for").fill("a look")
    page.get_by_role("button", name="Make the key").click()
    expect(page.locator("#secret")).to_contain_text("mun_per_")
    secret = page.locator("#secret").inner_text()
    page.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("a look")
    assert secret not in page.content()
    page.context.close()


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_rows_are_picked_and_only_those_are_saved(
    browser: Browser, site: Site, *, script: bool
) -> None:
    """The bar below the table comes with the first row that is picked, counts, and saves those."""
    page = page_of(browser, site, script=script)
    signed_in(page, site, site.office.ada)
    page.goto(f"{site.origin}{PAGES}/people")
    save = page.get_by_role("button", name="Save as CSV")
    expect(save).to_be_hidden()
    rows = page.locator("tbody .pick input")
    rows.nth(0).check()
    rows.nth(2).check()
    expect(save).to_be_visible()
    if script:
        expect(page.locator(".picked")).to_contain_text("2 picked")
        page.get_by_label("Select all rows shown").check()
        expect(rows.nth(1)).to_be_checked()
        rows.nth(1).uncheck()
    with page.expect_download() as started:
        save.click()
    text = Path(started.value.path()).read_text()
    picked = len([line for line in text.splitlines() if "@example.org" in line])
    expected = rows.count() - 1 if script else 2
    assert picked == expected
    assert f"# rows,{expected}" in text
    page.context.close()
