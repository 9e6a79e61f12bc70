"""Parts and their versions, and the runs and facts about exactly them."""

from __future__ import annotations

import pytest

from muniment import registry
from muniment.core.actor import system_actor
from muniment.core.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
)
from muniment.registry import Origin, RunSort
from tests.registry.yard import Yard


@pytest.mark.requirement("CHG-02", "CHG-03", "CHG-14", "REG-01", "REG-15")
def test_the_same_content_is_the_same_version(yard: Yard) -> None:
    """A changed content is another version, with who wrote it and where it came from."""
    yard.raise_up()
    first = yard.version(text="Be kind.")
    assert yard.version(text="Be kind.") == first
    yard.later(1)
    with yard.by("ben") as work:
        second = registry.add_version(
            work,
            "credit-score",
            "prompt/main",
            {"text": "Be exact."},
            origin=Origin("T-7", "0f3a", "https://git.example/7"),
        )
        told = registry.versions_of(work, "credit-score", "prompt/main").rows
        assert registry.diff(work, "credit-score", "prompt/main", 1, 2) == (
            "@@ -1 +1 @@",
            "-text: Be kind.",
            "+text: Be exact.",
        )
    assert [each.number for each in told] == [2, 1]
    assert second.author == yard.id("ben")
    entry = yard.recorded("registry.version_added")[-1]
    assert entry["body"]["commit"] == "0f3a"
    assert "exact" not in str(entry)


def test_who_may_not_write_writes_nothing(yard: Yard) -> None:
    """A releaser does not write versions; a part that is not there is told."""
    yard.raise_up()
    with pytest.raises(ForbiddenError):
        yard.version(name="rita")
    with pytest.raises(NotFoundError), yard.by("ben") as work:
        registry.version_at(work, "credit-score", "prompt/none", 1)


def test_reports_are_of_known_checks_and_a_digest(yard: Yard) -> None:
    """Nobody reports a check that the registry makes itself."""
    yard.raise_up()
    digest = "sha256:" + "a" * 64
    with pytest.raises(InvalidError, match="not reported"), yard.by("ben") as work:
        registry.report(work, "credit-score", "owner", digest, "met", "yes")
    with pytest.raises(InvalidError, match="not a digest"), yard.by("ben") as work:
        registry.report(work, "credit-score", "artefact_scan", "abc", "met", "yes")
    with yard.by("ben") as work:
        run = registry.record_run(work, "credit-score", RunSort.TRAINING, digest, {"seed": 7})
        assert registry.runs_of(work, "credit-score", of=digest) == (run,)
    assert run.verdict == "not_met"


def test_a_person_answers_for_what_was_written_without_a_name(yard: Yard) -> None:
    """The check of authors is met then, who adopted it does not approve it, and nobody twice."""
    yard.approved()
    with yard.database.work(system_actor("cli")) as work:
        made = registry.add_version(work, "credit-score", "prompt/main", {"text": "Hello."})
        assert made.author == "cli"
    with yard.by("ben") as work:
        named = {"prompt/main": made.number}
        change = registry.draft(work, "credit-score", "Hello", named, reason="as asked")
    with yard.by("ben") as work, pytest.raises(ConflictError, match="cannot be asked") as caught:
        registry.ask(work, change.id)
    assert "adopts" in str(caught.value.reasons)
    adopt = registry.adopt_version
    with yard.database.work(system_actor("cli")) as work, pytest.raises(ForbiddenError):
        adopt(work, "credit-score", "prompt/main", 1, reason="mine")
    with yard.by("cora") as work, pytest.raises(ForbiddenError):
        adopt(work, "credit-score", "prompt/main", 1, reason="mine")
    with yard.by("olga") as work:
        assert adopt(work, "credit-score", "prompt/main", 1, reason="mine") == yard.id("olga")
    with yard.by("ben") as work, pytest.raises(ConflictError, match="already"):
        adopt(work, "credit-score", "prompt/main", 1, reason="mine too")
    own = yard.version(text="Mine.")
    with yard.by("olga") as work, pytest.raises(ConflictError, match="has an author"):
        adopt(work, "credit-score", "prompt/main", own.number, reason="not mine")
    with yard.by("ben") as work:
        asked = registry.ask(work, change.id)
    assert yard.recorded("registry.version_adopted")[-1]["body"]["person"] == yard.id("olga")
    yard.say_yes("olga", asked.request_id)
    with yard.by("rita") as work, pytest.raises(ForbiddenError, match="does not approve") as mine:
        registry.promote(work, change.id)
    assert mine.value.reasons == (yard.id("olga"),)
