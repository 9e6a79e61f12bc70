"""Systems are found by any part of any word they say, and by no word they say no more."""

from __future__ import annotations

import runpy

from alembic.migration import MigrationContext
from alembic.operations import Operations
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from muniment import registry
from muniment.db.migrate import VERSIONS
from muniment.registry import SystemQuery
from muniment.registry.store.words import ends_of, parts_of, worded_table, words_of, words_table
from tests.approvals.people import ROOT
from tests.registry.together import at_once
from tests.registry.yard import Yard


@given(st.text(max_size=400), st.integers(0, 400), st.integers(1, 60))
def test_no_part_of_a_text_is_missed(text: str, first: int, size: int) -> None:
    """Whatever stands in a text, each word of it stands in a word that the text was cut into."""
    folded = text.casefold()
    words = words_of(text)
    assert all(len(each) <= 100 for each in words)
    for part in parts_of(folded[first : first + size]):
        found = [each for each in words if part in each]
        assert found
        assert all(any(end.startswith(part) for end in ends_of(each)) for each in found)


def found(yard: Yard, words: str) -> list[str]:
    """Give the keys of the systems that words find."""
    with yard.looking() as work:
        rows = registry.find_systems(work, SystemQuery(words=words)).rows
        assert registry.count_systems(work, SystemQuery(words=words)) == len(rows)
    return [each.key for each in rows]


def test_a_part_of_a_word_finds_and_what_is_said_no_more_does_not(yard: Yard) -> None:
    """The middle of a word, two words at once, signs between them; a change forgets old words."""
    yard.raise_up(name="Kreditprüfung 客服助手", purpose="Score 50% of loans.")
    for words in ("prüf", "助手", "credit-score", "it-sc", "score LOANS", "50%", ""):
        assert found(yard, words) == ["credit-score"], words
    for words in ("prüfx", "loans nowhere", "50_", "score-credit"):
        assert found(yard, words) == [], words
    with yard.by("olga") as work:
        registry.change_system(work, "credit-score", yard.stated(name="Scorer", purpose="Rate."))
    assert (found(yard, "prüf"), found(yard, "scorer rate")) == ([], ["credit-score"])
    with yard.looking() as work:
        kept = {row.word for row in work.read(select(words_table.c.word))}
    assert kept == {"", "credit", "score", "scorer", "rate"}


def test_a_word_that_one_gives_up_and_another_takes_is_kept(yard: Yard) -> None:
    """Two who change words at the same moment leave no system that cannot be found."""
    yard.raise_up(name="Alpha", purpose="Shared.")

    def gives_up() -> None:
        with yard.database.work(ROOT) as work:
            stated = yard.stated(name="Beta", purpose="Own.")
            registry.change_system(work, "credit-score", stated)

    def takes() -> None:
        with yard.database.work(ROOT) as work:
            registry.register(work, "second", yard.stated(name="Gamma", purpose="Shared."))

    assert at_once(gives_up, takes) == [None, None]
    assert (found(yard, "shared"), found(yard, "own beta")) == (["second"], ["credit-score"])


def test_systems_that_were_there_before_are_found(yard: Yard) -> None:
    """The revision that brings the words cuts what older systems say as new ones are cut."""
    yard.raise_up(name="Kreditprüfung", purpose=f"Score loans of {'x' * 150}.")
    (file,) = VERSIONS.glob("0029_*.py")
    revision, tables = runpy.run_path(str(file)), (worded_table, words_table)
    with yard.database.machine() as connection:
        before = [set(connection.execute(select(table)).all()) for table in tables]
        for table in tables:
            connection.execute(delete(table))
        with Operations.context(MigrationContext.configure(connection)):
            revision["_fill_words"]()  # the rest of it has run already
        after = [set(connection.execute(select(table)).all()) for table in tables]
    assert after == [before[0], before[1] - {("", "")}]
    assert found(yard, "prüf") == found(yard, "x" * 50) == ["credit-score"]
