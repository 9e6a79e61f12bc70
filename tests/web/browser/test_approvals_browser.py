"""Decisions and the vault in a real browser: seen at both widths, read by axe, decided for real."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from muniment import access, approvals, ledger
from muniment.access import EVERYTHING, PersonId, Scope
from muniment.access.rules.totp import hotp, step_at
from muniment.access.service.seconds import confirm_totp
from muniment.approvals import Answer, Check, Matter, Request, Rule, Timing, rule_for_tier
from muniment.core.actor import Actor
from muniment.ledger import Query
from muniment.server import House
from muniment.server.app import make_app
from tests.server.people import MACHINE, Somebody, found_admin, person_with
from tests.vault.kept import Kept, filled
from tests.web.browser.looking import SIGHTS, Theme, opened, violations
from tests.web.browser.pictures import picture
from tests.web.browser.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HERE: Final = "/console/approvals"
PASSWORD: Final = "plum ladder quiet tram"
SYSTEM: Final = Scope.of(system="credit-score", environment="production")
DOCUMENT: Final = {"model": "sha256:4f2a9c", "prompt": "sha256:b07d11", "share_percent": 10}


@dataclass
class Site:
    """A console that is served, its people, and what waits there."""

    origin: str
    kept: Kept
    people: dict[str, Somebody]
    paths: dict[str, str]

    @property
    def house(self) -> House:
        """Give the installation."""
        return self.kept.house


def ask_for(house: House, who: Somebody, title: str, rule: Rule, version: int = 4) -> Request:
    """Ask for a release to production."""
    matter = Matter(
        kind="registry.deploy",
        subject=("system", f"credit-score-{version}"),
        title=title,
        document={**DOCUMENT, "version": version},
        before={**DOCUMENT, "model": "sha256:11c0de", "share_percent": 0, "version": version - 1},
        consequence=f"One in ten credit decisions is made by version {version}.",
        checks=(
            Check("evaluation", "met", "F1 is 0.93 on 12,000 cases; 0.90 was asked for."),
            Check("fairness", "could_not_tell", "No labels have come from the branches yet."),
            Check("latency", "not_met", "99 of 100 answers within 820 ms; 700 were asked for."),
        ),
        policies=("release.baseline", "credit.fairness"),
        scope={"system": "credit-score", "environment": "production"},
    )
    timing = Timing(expires_at=house.clock.now() + timedelta(days=3))
    with house.database.work(who.actor) as work:
        return approvals.ask(work, matter, rule, timing=timing)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve an installation with open, denied and overridden requests, and things in the vault."""
    with filled(tmp_path_factory.mktemp("brightwater")) as kept:
        house = kept.house
        found_admin(house)
        people = {
            "ada": person_with(house, "builder", SYSTEM, name="Ada Brandt"),
            "bo": person_with(house, "releaser", SYSTEM, name="Bo Lindqvist"),
            "cora": person_with(house, "compliance", SYSTEM, name="Cora Haddad"),
            "sam": person_with(house, "security", EVERYTHING, name="Sam Okafor"),
        }
        waiting = ask_for(house, people["ada"], "Deploy credit-score 4", rule_for_tier("high"))
        denied = ask_for(house, people["ada"], "Deploy credit-score 5", Rule(), 5)
        overridden = ask_for(
            house, people["ada"], "Deploy credit-score 6", rule_for_tier("critical"), 6
        )
        decide(house, people["bo"], denied, Answer.DENY)
        decide(house, people["sam"], overridden, Answer.OVERRIDE)
        with house.database.work(actor_of(house, people["bo"])) as work:
            approvals.delegate(
                work,
                people["cora"].id,
                ends_at=house.clock.now() + timedelta(days=14),
                reason="On leave until December.",
            )
        with serving(make_app(house), "localhost") as origin:
            paths = {
                "inbox": HERE,
                "open": f"{HERE}?which=open",
                "decided": f"{HERE}?which=decided",
                "decision": f"{HERE}/{waiting.id}",
                "denied": f"{HERE}/{denied.id}",
                "overridden": f"{HERE}/{overridden.id}",
                "delegations": f"{HERE}/delegations",
                "vault": "/console/vault",
            }
            yield Site(origin, kept, people, paths)


def decide(house: House, who: Somebody, request: Request, answer: Answer) -> None:
    """Open a request and answer it, in the session of somebody."""
    actor = actor_of(house, who)
    with house.database.work(actor) as work:
        approvals.open_request(work, request.id)
    with house.database.work(actor) as work:
        approvals.decide(
            work,
            request.id,
            answer,
            digest=request.version.digest,
            reason="The latency is beyond what was promised to the branches.",
        )


def actor_of(house: House, who: Somebody) -> Actor:
    """Give the one who acts in somebody's session."""
    found = access.identify_session(house.database, who.secret)
    assert found is not None
    return found[1]


def enrol(house: House, who: Somebody) -> tuple[str, bytes]:
    """Give somebody a password and a code generator; give their address and its key."""
    with house.database.work(MACHINE) as work:
        person = access.person(work, PersonId(who.id))
    hashed = access.prepare_password(house.reception, person, PASSWORD)
    with house.database.work(MACHINE) as work:
        access.set_password(work, person.id, hashed, way="test")
        text = access.begin_totp(house.reception, work, person).secret
        key = base64.b32decode(text + "=" * (-len(text) % 8))
        code = hotp(key, step_at(datetime.now(UTC)) - 1)  # each code counts once
        confirm_totp(house.reception, work, person.id, code)
    return person.email, key


def come_in(page: Page, site: Site, name: str) -> None:
    """Give the browser somebody's session."""
    cookie = {"name": "muniment", "value": site.people[name].secret, "url": site.origin}
    page.context.add_cookies([cookie])  # type: ignore[list-item]


LOOKERS: Final = {"vault": "sam", "denied": "ada"}
NAMES: Final = (
    *("inbox", "open", "decided", "decision", "denied", "overridden", "delegations"),
    "vault",
)


@pytest.mark.parametrize(("width", "theme"), SIGHTS)
def test_every_page_holds_at_both_widths_and_is_read_by_axe(
    browser: Browser, site: Site, screens: Path, width: int, theme: Theme
) -> None:
    """No error, nothing from elsewhere, no barrier, no sideways scroll, in light and dark."""
    with opened(browser, f"{site.origin}/health", width=width, theme=theme) as (page, watch):
        for name in NAMES:
            come_in(page, site, LOOKERS.get(name, "bo"))
            page.goto(site.origin + site.paths[name])
            expect(page.locator("h1")).to_be_visible()
            picture(page, screens / f"approvals-{name}-{width}-{theme}.png")
            page.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true; })")
            assert violations(page) == [], name
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert [said for said in watch.said if "status of 4" not in said] == []
        assert [url for url in watch.asked if not url.startswith(site.origin + "/")] == []


@pytest.mark.parametrize("script", [True, False])
def test_one_decision_from_the_link_to_the_ledger(
    browser: Browser, site: Site, *, script: bool
) -> None:
    """A link opens a sign-in with two factors, then one decision; its answer says what was seen."""
    house, bo = site.house, site.people["bo"]
    number = 40 + script
    rule = rule_for_tier("high")
    request = ask_for(house, site.people["ada"], f"Deploy credit-score {number}", rule, number)
    email, key = _enrolled(house, bo)
    with house.database.work(MACHINE) as work:
        mac = approvals.mac_of(house.reception.keyring())
        link = approvals.make_link(work, request.id, bo.id, mac=mac)
    with opened(browser, f"{site.origin}{HERE}/link/{link}", script=script) as (page, _watch):
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", name="Show a second factor")).to_be_visible()
        page.get_by_label("Code").fill(hotp(key, step_at(datetime.now(UTC)) + (not script)))
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("h1")).to_have_text(f"Deploy credit-score {number}")
        expect(
            page.get_by_text(request.version.digest.removeprefix("sha256:")[:12])
        ).to_be_visible()
        expect(page.get_by_text("Nobody has answered")).to_be_visible()
        page.wait_for_timeout(1_100)
        page.get_by_label("Approve exactly this").check()
        page.get_by_role("button", name="Record my answer").click()
        expect(page.get_by_role("alert")).to_contain_text("Nothing was recorded")
        expect(page.get_by_label("Approve exactly this")).to_be_checked()
        page.get_by_label("Reason").first.fill("Read the evaluation; the share is small.")
        page.get_by_role("button", name="Record my answer").click()
        expect(page.get_by_text("Read the evaluation; the share is small.")).to_be_visible()
        expect(page.get_by_text("It still needs")).to_contain_text("compliance")
        page.goto(f"{site.origin}{HERE}/link/{link}")
        expect(page.get_by_text("it was followed before")).to_be_visible()
    house.log.seal()
    rows = ledger.find(house.log, Query(subject=request.id, oldest_first=True), limit=50).rows
    kinds = [row.kind.removeprefix("approvals.") for row in rows]
    assert kinds == ["asked", "linked", "link_followed", "opened", "decided"]
    body = ledger.entry(house.log, rows[-1].index).value["body"]
    assert (body["person"], body["digest"]) == (bo.id, request.version.digest)
    assert body["seconds"] >= 1
    assert re.search("totp", body["signed_in"])


def test_nothing_in_the_inbox_answers_several(browser: Browser, site: Site) -> None:
    """There is no box to tick and no form: each decision is a page of its own."""
    with opened(browser, f"{site.origin}/health") as (page, _watch):
        come_in(page, site, "bo")
        page.goto(f"{site.origin}{HERE}?which=open")
        expect(page.locator("h1")).to_have_text("Approvals")
        inbox = page.locator("main section.grid")
        expect(inbox.locator("tbody tr").first).to_be_visible()
        expect(inbox.locator("input, form")).to_have_count(0)


def test_a_decision_that_changed_meanwhile_is_not_answered(browser: Browser, site: Site) -> None:
    """The page that was open is void; what it says now is shown, and nothing was recorded."""
    house, rule = site.house, rule_for_tier("high")
    request = ask_for(house, site.people["ada"], "Deploy credit-score 60", rule, 60)
    with opened(browser, f"{site.origin}/health") as (page, _watch):
        come_in(page, site, "bo")
        page.goto(f"{site.origin}{HERE}/{request.id}")
        expect(page.locator("h1")).to_have_text("Deploy credit-score 60")
        with house.database.work(site.people["ada"].actor) as work:
            changed = approvals.revise(work, request.id, {**DOCUMENT, "share_percent": 100})
        page.get_by_label("Approve exactly this").check()
        page.get_by_label("Reason").first.fill("Looked at it.")
        page.get_by_role("button", name="Record my answer").click()
        expect(page.get_by_role("alert")).to_contain_text("changed since you saw it")
        digest = changed.version.digest.removeprefix("sha256:")[:12]
        expect(page.get_by_text(digest)).to_be_visible()
        expect(page.get_by_text("Nobody has answered")).to_be_visible()


_KNOWN: Final[dict[str, tuple[str, bytes]]] = {}


def _enrolled(house: House, who: Somebody) -> tuple[str, bytes]:
    """Enrol somebody once."""
    if who.id not in _KNOWN:
        _KNOWN[who.id] = enrol(house, who)
    return _KNOWN[who.id]
