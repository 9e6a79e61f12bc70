"""The mark of a demonstration: the name of its log, which no setting gives or takes later."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from muniment.ledger import demo_origin, is_demo, names_demo, producer_name
from muniment.settings import Settings
from muniment.testing import fresh_database, settings_for
from muniment.testing.ledger import open_test_log, opened_log


def _named(settings: Settings, origin: str) -> Settings:
    return replace(settings, ledger=replace(settings.ledger, origin=origin))


def test_only_its_own_name_is_that_of_a_demonstration() -> None:
    """A name that merely speaks of one is an ordinary name."""
    assert names_demo(demo_origin("brightwater"))
    assert not names_demo("demo.example.com/muniment")
    assert not names_demo("demo.invalid")


def test_a_producer_says_it_once() -> None:
    """Whoever records in a demonstration has a name that says so; elsewhere it stays as it is."""
    assert producer_name("serve", demo=True) == "demo.serve"
    assert producer_name("demo.serve", demo=True) == "demo.serve"
    assert producer_name("serve", demo=False) == "serve"


def test_the_mark_is_fixed_when_the_log_begins(tmp_path: Path) -> None:
    """No setting takes it from a log that has it, and none gives it to one that began without."""
    for name, origin, later in (
        ("made-up", demo_origin("x"), "example.org/real"),
        ("real", "example.org/real", demo_origin("x")),
    ):
        settings = settings_for(tmp_path / name, **{"ledger.origin": origin})
        with fresh_database(settings) as database:
            with opened_log(database, settings) as log:
                log.begin()
                size = log.seal()
                producers = {each.value["producer"] for each in log.read_after(0, size)}
            wanted = name == "made-up"
            assert producers == {"demo.sequencer" if wanted else "sequencer"}
            changed = _named(settings, later)
            assert is_demo(database, changed) is wanted
            reopened = open_test_log(database, changed)
            assert reopened.is_demo() is wanted
            reopened.close()
