"""A muniment.yaml, imported with its plan shown first."""

from __future__ import annotations

import html
import re

from tests.gateway.test_beginning import DECLARED
from tests.server.asking import ask
from tests.server.office import Office, words
from tests.web.begin.test_showing import see, send


def test_the_plan_is_shown_then_exactly_it_is_done(office: Office) -> None:
    """Nothing is done before the plan was seen; a changed plan does nothing; then all of it."""
    assert "First you see what would be done" in words(see(office, "/registry/apply"))
    assert "Choose a muniment.yaml" in words(send(office, "/registry/apply", text=" "))
    broken = send(office, "/registry/apply", text="system: [")
    assert broken.status == 422
    assert "muniment.yaml:" in words(broken).lower()
    shown = send(office, "/registry/apply", text=DECLARED)
    assert "Register credit-score" in words(shown)
    assert see(office, "/registry/systems").status == 200
    plan = re.search(r'name="plan" value="([^"]+)"', html.unescape(shown.body.decode()))
    assert plan is not None
    refused = send(office, "/registry/apply/plan", text=DECLARED, plan="sha256:0")
    assert refused.status == 409
    assert f'value="{plan[1]}"' in html.unescape(refused.body.decode()), (
        "what is shown is confirmed"
    )
    done = send(office, "/registry/apply/plan", text=DECLARED, plan=plan[1])
    assert (done.status, done.headers.get("location")) == (303, "/console/begin")
    headers = {"accept": "text/html", **office.who("builder").headers}
    later = ask(office.app, "/console/registry/apply", headers=headers)
    assert later.status == 200
    assert see(office, "/registry/apply").status == 403  # an admin registers no second one
