"""Somebody asked to be forgotten: what was kept of them is destroyed, and it can be proved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from muniment import exchanges, vault
from muniment.demo.scenes.calls import ask
from muniment.demo.stage import Stage
from muniment.demo.story import Event, Scale

_WHO: Final = "customer 21"


def scene(scale: Scale) -> Iterator[Event]:
    """Keep something of a customer, and erase it again on their word."""
    for number in range(6):
        yield Event(62.3 + number / 50, _write)
    yield Event(73.4, _ask)
    yield Event(74.2, _agree)
    yield Event(74.5, _erase)
    yield Event(scale.days - 1.4, _ask_again)


def _write(stage: Stage) -> None:
    text = "My name is Amina Yusuf and my mail is amina@example.org. Where is my parcel?"
    ask(stage, "support-assistant", "helper", text, subject=_WHO)


def _ask(stage: Stage) -> None:
    stage.kept["shred"] = _asked(stage, _WHO, "A customer asked to be forgotten.")


def _asked(stage: Stage, whom: str, reason: str) -> str:
    safe = stage.house.safe
    with stage.by("omar") as work:
        named = exchanges.find_subject(work, safe, whom) or whom
        return vault.ask_shred(work, safe, subject=named, reason=reason).id


def _agree(stage: Stage) -> None:
    with stage.by("cora") as work:
        vault.approve_shred(work, stage.kept["shred"], reason="There is no reason to keep it.")


def _erase(stage: Stage) -> None:
    stage.follow()  # what was asked and agreed to is read from the sealed log
    with stage.by("sven") as work:
        vault.shred(work, stage.house.safe, stage.kept["shred"])


def _ask_again(stage: Stage) -> None:
    """Leave a second erasure that waits for its second person."""
    _write(stage)
    _asked(stage, _WHO, "The same customer wrote once more.")
