"""Asks the pages of approvals as one person or another."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from muniment import approvals
from muniment.approvals import Check, Matter, Request, Rule, Timing
from muniment.server import House
from muniment.server.app import make_app
from tests.server.asking import Answer, ask
from tests.server.people import Somebody

DOCUMENT = {"model": "sha256:aa", "share": 10, "note": "<b>bold</b> & “quoted”"}
BEFORE = {**DOCUMENT, "model": "sha256:00"}


class Desk:
    """People at an installation, and its pages."""

    def __init__(self, house: House, people: Mapping[str, Somebody]) -> None:
        self.house = house
        self.people = people
        self.app = make_app(house)

    def ask_for(
        self,
        rule: Rule | None = None,
        *,
        timing: Timing | None = None,
        before: Mapping[str, object] | None = BEFORE,
    ) -> Request:
        """Let Ada ask for a yes."""
        matter = Matter(
            kind="registry.deploy",
            subject=("system", "sys_1"),
            title="Deploy credit-score 4 <now>",
            document=DOCUMENT,
            before=before,
            consequence="Credit decisions are made by version 4.",
            checks=(
                Check("evaluation", "met", "F1 is 0.93, 0.90 was asked for"),
                Check("fairness", "could_not_tell", "no labels have come yet"),
            ),
            policies=("release.baseline",),
            scope={"system": "sys_1"},
        )
        with self.house.database.work(self.people["ada"].actor) as work:
            return approvals.ask(work, matter, rule or Rule(), timing=timing or Timing())

    def get(self, name: str, path: str) -> Answer:
        """Look at a page as somebody."""
        headers = {**self.people[name].headers, "accept": "text/html"}
        return ask(self.app, f"/console/approvals{path}", headers=headers)

    def post(self, name: str, path: str, **fields: str) -> Answer:
        """Send a form as somebody."""
        headers = {
            **self.people[name].headers,
            "accept": "text/html",
            "content-type": "application/x-www-form-urlencoded",
            "sec-fetch-site": "same-origin",
        }
        body = urlencode(fields).encode()
        return ask(
            self.app,
            f"/console/approvals{path}",
            method="POST",
            headers={**headers, "content-length": str(len(body))},
            chunks=(body,),
        )

    def answer(self, name: str, request: Request, **fields: str) -> Answer:
        """Look at a decision, then answer it."""
        self.get(name, f"/{request.id}")
        given = {
            "answer": "approve",
            "digest": request.version.digest,
            "reason": "looked at it",
            **fields,
        }
        return self.post(name, f"/{request.id}/answer", **given)
