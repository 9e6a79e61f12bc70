"""`muniment access reviews|outside|emergencies|tidy`: every command as a person types it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from muniment import access
from muniment.core.actor import Actor, ActorKind, system_actor
from muniment.core.errors import ForbiddenError, InvalidError, NotFoundError
from muniment.main import open_house
from tests.cli.access.conftest import Muniment


def test_rights_elsewhere_come_in(muniment: Muniment, tmp_path: Path) -> None:
    """A preview changes nothing; bad rows are named; a good file comes in; orphans are given."""
    muniment("access", "people", "invite", "Ana", "ana@x.org")
    bad, good, raw = (tmp_path / name for name in ("bad.csv", "good.csv", "raw.csv"))
    bad.write_text("account,what\n,x\n")
    good.write_text("account,what\nroot,admin\n")
    raw.write_bytes(b"account,what\n\xff,x\n")
    place = ("access", "outside", "import", "grafana")
    wrong = muniment(*place, str(bad))
    assert "row 2: account is empty" in wrong.stderr
    assert isinstance(wrong.exception, InvalidError)
    for file in (raw, tmp_path / "none.csv"):
        assert isinstance(muniment(*place, str(file)).exception, InvalidError)
    assert "1 would be new" in muniment(*place, str(good), "--preview").stdout
    assert muniment("access", "outside", "list", "--json").stdout == "[]\n"
    assert "1 are new" in muniment(*place, str(good)).stdout
    (right,) = json.loads(muniment("access", "outside", "list", "--orphans", "--json").stdout)
    told = muniment("access", "outside", "resolve", right["id"], "ana@x.org")
    assert told.stdout.startswith("root in grafana is per_")
    assert "grafana" in muniment("access", "outside", "list").stdout


def test_reviews_are_listed_and_exported(muniment: Muniment, tmp_path: Path) -> None:
    """What people did in the console is read here, as JSON and CSV, with its entries."""
    environment = {"MUNIMENT_UNLOCK_FOLDER": str(tmp_path / "unlock")}
    house = open_house(None, {}, environment=environment)
    with house.database.work(system_actor("host")) as work:
        ines = access.found(work, "Ines", "ines@x.org").id
        cora = access.add_person(work, "Cora", "cora@x.org").id
        holder = access.Holder(access.HolderKind.PERSON, cora)
        access.grant(work, holder, "compliance", reason="x")
    with house.database.work(Actor(ActorKind.PERSON, cora, "ses_1")) as work:
        due = work.now + timedelta(days=7)
        review = access.open_review(work, "Q1", [ines, cora], due_at=due)
        access.break_glass(work, "security", reason="x")
    house.close()
    assert review.id in muniment("access", "reviews", "list").stdout
    told = json.loads(muniment("access", "reviews", "export", review.id).stdout)
    assert told["population_holds"] is True
    assert [each["kind"] for each in told["entries"]] == ["access.review_opened"]
    exported = muniment("access", "reviews", "export", review.id, "--csv").stdout
    assert len(exported.splitlines()) == 3
    assert isinstance(muniment("access", "reviews", "export", "x").exception, NotFoundError)
    assert "nobody yet" in muniment("access", "emergencies", "--unreviewed").stdout
    assert muniment("access", "tidy").stdout.startswith("0 idle keys ended")
    assert json.loads(muniment("access", "tidy", "--json").stdout)["keys"] == []


def test_a_place_is_asked_by_its_feed(muniment: Muniment, tmp_path: Path) -> None:
    """The feeds of the file are listed; one that is not reached is told, and recorded as such."""
    file = tmp_path / "feeds.toml"
    file.write_text('[grafana]\nfeed = "scim"\nurl = "https://127.0.0.1/scim/v2"\n')
    (tmp_path / "muniment.toml").write_text(f'[access]\nfeeds = "{file}"\n')
    muniment("access", "people", "invite", "Ana", "ana@x.org")
    with_file = ("--config", str(tmp_path / "muniment.toml"))
    listed = muniment("access", "outside", "feeds", "--json", *with_file)
    assert json.loads(listed.stdout) == [{"place": "grafana", "feed": "scim"}]
    assert "grafana" in muniment("access", "outside", "feeds", *with_file).stdout
    pulled = muniment("access", "outside", "pull", "grafana", *with_file)
    assert isinstance(pulled.exception, ForbiddenError)
    assert "not a public address" in str(pulled.exception)
    unknown = muniment("access", "outside", "pull", "elsewhere", *with_file)
    assert isinstance(unknown.exception, NotFoundError)
