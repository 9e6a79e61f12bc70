"""The whole life of one system: declared, tested, approved, released, seen, left, and retired."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from muniment import access, registry
from muniment.core.digest import digest_bytes
from muniment.core.errors import ConflictError
from muniment.registry import ChangeState, Source, SystemState
from muniment.testing.candidates import scripted_model
from tests.cli.registry.left import Left
from tests.cli.test_evaluate import evaluate
from tests.registry.rules.test_evaluating import SET
from tests.server.office import words
from tests.server.people import MACHINE
from tests.server.registered import KEY, Registered
from tests.web.registry.test_seen import Entry, see

FILE = """\
muniment: 1
system:
  id: credit-score
  name: Credit score
  purpose: Score applications for small loans.
  owner: {owner}
  alert_reviewer: {operator}
  change_approver: {releaser}
  tier: low
  decision_logic: A model scores; a person decides.
  refresh: Trained anew each quarter.
  environments: [{{name: staging, stage: staging}}, {{name: production, stage: production}}]
  components:
    - {{name: app, sort: application, entry_point: true}}
    - {{name: model, sort: model_endpoint, vendor: acme}}
    - {{name: log, sort: prompt_log, retained_days: 30}}
  flows: [{{source: app, target: model}}]
prompts: [{{file: main.md}}]
"""
HISTORY = """\
system,environment,starts_at,ends_at,versions
credit-score,production,2025-01-01,2025-06-01,prompt/main=1
"""


@pytest.fixture
def left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Left:
    """A folder to keep house in, and a way to run commands there."""
    return Left(tmp_path, capsys)


@pytest.mark.slow
@pytest.mark.requirement("CHG-01", "CHG-15", "CHG-16", "REG-08", "INV-10")
def test_the_whole_life_of_one_system(left: Left) -> None:
    """Each step by the person whose step it is, by file, command, page, API and follower."""
    ben = left.somebody("builder")
    with left.inside() as there:
        people = {name: each.id for name, each in there.people.items()}
    left.file("main.md", "Be kind.")
    file = left.file("muniment.yaml", FILE.format(**people))
    assert "is as the file says" in left.by(ben, "apply", file, "--yes", "--ticket", "T-1")
    (change,) = left.json("changes")
    _tested(left, change["id"])
    with left.inside() as there:
        _let_it_run(there)
        there.yes(there.api("builder", f"/changes/{change['id']}/ask", {}).json["request_id"])
        _released(there, change["id"])
        _seen(there)
        there.house.log.seal()
    assert left("prove", change["id"]) == 0
    assert "Tested (" in left.capsys.readouterr().out
    with left.inside() as there:
        _drifted(there)
        _left_and_handed_over(there)
        _brought_in(there)
        _retired(there)


def _tested(left: Left, change: str) -> None:
    """An evaluation of exactly the change's set, by a model behind an address."""
    cases = left.file("set.json", json.dumps({**SET, "redacted": False}))
    with scripted_model(lambda text: "Yes." if "Ana" in text else "No.") as url:
        assert evaluate(left, cases, "--url", url, "--model", "big", "--change", change) == 0


def _let_it_run(there: Registered) -> None:
    """The owner submits, others say yes."""
    with there.house.database.work(there.who("owner").actor) as work:
        asked = registry.submit(work, KEY)
    there.yes(asked.request_id)
    with there.house.database.work(MACHINE) as work:
        assert registry.take_review(work, asked.id).state is SystemState.APPROVED


def _released(there: Registered, change: str) -> None:
    """The releaser takes each step by the API; then it is live and nothing drifted."""
    for place in ("staging", "production"):
        step = there.api("releaser", f"/changes/{change}/promote", {"environment": place}).json
        assert step["environment"] == place
    told = there.api("operator", f"/systems/{KEY}").json
    assert (told["state"], told["missing"]) == ("live", [])
    moment = there.api("operator", f"/systems/{KEY}/at").json
    assert [each["label"] for each in moment["versions"]] == ["prompt/main"]
    assert moment["approvals"][0]["approved_by"] == [there.who("releaser").id]


def _seen(there: Registered) -> None:
    """Traffic shows the prompt, and a tool that nobody registered; it is settled on a page."""
    system = there.api("operator", f"/systems/{KEY}").json["id"]
    see(there, system, "prompt", "main", digest=digest_bytes(b"Be kind."))
    tool = see(there, system, "tool", "wire")
    told = there.api("operator", f"/systems/{system}/completeness").json
    assert (told["open"], told["unseen"]) == (1, [])
    assert there.send("builder", f"/seen/{tool}/not-ours", reason="a drill").status == 303


def _drifted(there: Registered) -> None:
    """A second prompt gets a share of production, leaves its bounds, and is taken back by rule."""
    change = there.drafted("Be cruel.")
    with there.house.database.work(there.who("builder").actor) as work:
        asked = registry.ask(work, change.id)
    there.yes(asked.request_id)
    for _ in range(2):
        with there.house.database.work(there.who("releaser").actor) as work:
            made = registry.promote(work, change.id)
    assert [each.percent for each in made.shares] == [90, 10]
    body = {"system_id": change.system_id, "environment": "production", "measure": "kindness"}
    with there.house.database.work(MACHINE) as work:
        registry.follow_drift(work, Entry(body))
        assert registry.get_change(work, change.id).state is ChangeState.ROLLED_BACK
    page = words(there.page("operator", f"/systems/{change.system_id}"))
    assert "Timeline" in page
    assert "rollback" in page


def _left_and_handed_over(there: Registered) -> None:
    """The owner leaves; the system says so until compliance answers for it."""
    with there.house.database.work(MACHINE) as work:
        access.leave(work, access.person(work, there.who("owner").id).id)
    told = there.api("operator", f"/systems/{KEY}").json
    assert "its owner is not named or has left" in told["missing"]
    given = {"owner": there.who("compliance").id, "reason": "the owner left"}
    assert there.api("compliance", f"/systems/{KEY}/transfer", given).status == 200


def _brought_in(there: Registered) -> None:
    """What served before Muniment came is asserted, and says so."""
    given = {"csv": HISTORY, "reason": "from the old wiki"}
    assert there.api("compliance", "/imports", given).json["count"] == 1
    then = there.api("operator", f"/systems/{KEY}/at?at=2025-03-01T12:00:00Z").json
    assert then["source"] == Source.ASSERTED.value


def _retired(there: Registered) -> None:
    """Nothing serves any more, nothing is removed, and the past is still told."""
    gone = dict.fromkeys(("data", "models", "access", "records"), "deleted")
    assert there.api("compliance", f"/systems/{KEY}/retire", gone).json["state"] == "retired"
    assert there.api("operator", f"/systems/{KEY}/at").json["deployment_id"] == ""
    rows = there.api("operator", f"/systems/{KEY}/deployments").json["rows"]
    assert {each["cause"] for each in rows} == {"promotion", "rollback", "import"}
    there.house.log.seal()
    actor = there.who("compliance").actor
    with there.house.database.look(actor) as work, pytest.raises(ConflictError, match="served"):
        registry.remove(work, KEY)
