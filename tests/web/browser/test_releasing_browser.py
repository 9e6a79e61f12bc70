"""What people decide, as a browser does it: a promotion and its way back, a policy, a held call."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from muniment import access, policy, registry
from muniment.access import EVERYTHING, Holder, HolderKind, Method, SignIn
from tests.gateway.calling import ECHO, HERE, gate_in
from tests.gateway.stages.test_hold import CARD, HOLDING
from tests.policy.company import source
from tests.policy.judging import ALLOW
from tests.policy.office import policy_office
from tests.server.registered import registered_in
from tests.web.browser.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@contextmanager
def seen_by(browser: Browser, origin: str, secret: str) -> Iterator[Page]:
    """Open a browser in which somebody is signed in."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "muniment", "value": secret, "url": origin}])
    try:
        yield context.new_page()
    finally:
        context.close()


def test_a_change_is_promoted_and_rolled_back(browser: Browser, tmp_path: Path) -> None:
    """Every step by its button until it serves whole; one form goes back, and the story stays."""
    with registered_in(tmp_path) as there:
        system = there.live()
        there.released("one")
        change = there.drafted("two")
        with there.house.database.work(there.who("builder").actor) as work:
            asked = registry.ask(work, change.id)
        there.yes(asked.request_id)
        where = f"/console/registry/changes/{change.id}"
        with (
            serving(there.app) as origin,
            seen_by(browser, origin, there.who("releaser").secret) as page,
        ):
            page.goto(f"{origin}{where}")
            steps = 0
            while page.get_by_role("link", name=re.compile("^Promote to")).count():
                page.get_by_role("link", name=re.compile("^Promote to")).click()
                page.get_by_role("button", name="Promote it").click()
                expect(page).to_have_url(f"{origin}{where}")
                steps += 1
            assert steps > 1
            page.goto(f"{origin}/console/registry/systems/{system.id}")
            page.get_by_role("link", name="Roll back").click()
            page.get_by_label("Environment").select_option("production")
            page.get_by_label("Why").fill("It scores worse.")
            page.get_by_role("button", name=re.compile("back")).click()
            expect(page.get_by_role("alert")).to_have_count(0)
            page.goto(f"{origin}/console/registry/systems/{system.id}")
            expect(page.get_by_text("rollback declared").first).to_be_visible()


def test_a_policy_is_published_on_a_peers_yes(browser: Browser, tmp_path: Path) -> None:
    """What a peer agreed to is put in force by a form that asks why."""
    with policy_office(tmp_path) as office:
        with office.house.database.work(office.ada.actor) as work:
            policy.draft(work, source(ALLOW), reason="To begin with.")
            policy.ask_for_review(work, 1)
        office.approve()
        with (
            serving(office.office.app) as origin,
            seen_by(browser, origin, office.bo.secret) as page,
        ):
            page.goto(f"{origin}/console/policy/versions/1")
            page.get_by_role("link", name="Put in force").click()
            page.get_by_label("Why").fill("Agreed by both.")
            page.get_by_role("button", name="Put in force").click()
            page.goto(f"{origin}/console/policy")
            expect(page.get_by_text("Version 1 is in force.")).to_be_visible()


def test_a_held_call_is_let_go(browser: Browser, tmp_path: Path) -> None:
    """The caller is told where it waits; a yes there lets exactly this request through, once."""
    given: dict[str, Any] = {"gateway.hold_seconds": 1}
    with gate_in(tmp_path, ECHO, HOLDING, **given) as gate:
        told = gate.post("/v1/chat/completions", CARD)
        assert told.error["code"] == "held"
        found = re.search(r"/console/approvals/apr_\w+", told.error["reasons"][0])
        assert found is not None
        with gate.house.database.work(HERE) as work:
            made = access.add_person(work, "Sven", "sven@example.org")
            holder = Holder(HolderKind.PERSON, made.id)
            access.grant(work, holder, "security", scope=EVERYTHING, reason="for the test")
            sign_in = SignIn(made.id, (Method.PASSKEY,), strong=True)
            settings = gate.house.settings
            _, secret = access.begin_session(work, sign_in, "127.0.0.1", "", settings=settings)
        with seen_by(browser, gate.origin, secret) as page:
            page.goto(f"{gate.origin}{found[0]}")
            page.get_by_label("Approve exactly this").check()
            page.get_by_label("Reason").first.fill("It is a test card.")
            page.get_by_role("button", name="Record my answer").click()
            expect(page.get_by_text("It is a test card.")).to_be_visible()
        assert gate.post("/v1/chat/completions", CARD).status == 200
        assert gate.post("/v1/chat/completions", CARD).error["code"] == "held"
