"""The detector of the company: what people said about its findings, and what was changed in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from muniment import detect
from muniment.demo.scenes.wording import NAMES
from muniment.demo.stage import Stage
from muniment.demo.story import Event, Scale
from muniment.detect import CaseKind, Configuration, Term, TermKind

_MARK = "deploy to production"


def scene(scale: Scale) -> Iterator[Event]:
    """Teach it one phrase of the company, report what it got wrong, and ask for another change."""
    yield Event(26.3, _report)
    yield Event(27.2, lambda stage: _propose(stage, "phrase", _phrase(), "The agent asks for it."))
    yield Event(27.5, lambda stage: _agree(stage, "phrase"))
    yield Event(27.6, lambda stage: _apply(stage, "phrase"))
    yield Event(scale.days - 5.2, _report_more)
    yield Event(scale.days - 5.1, _propose_last)


def _phrase() -> Configuration:
    term = Term("deploy", TermKind.EXACT, _MARK, type="PRODUCTION_CHANGE")
    return replace(Configuration(), terms=(term,))


def _report(stage: Stage) -> None:
    text = f"Please call Dr {NAMES[0]} about her order."
    begin = text.index(NAMES[0])
    _say(stage, text, CaseKind.MISSED, "PERSON", begin, begin + len(NAMES[0]))


def _report_more(stage: Stage) -> None:
    text = "The colour is called Sienna Rossa, and it is out of stock."
    begin = text.index("Sienna")
    _say(stage, text, CaseKind.FALSE_ALARM, "PERSON", begin, begin + len("Sienna Rossa"))


def _say(stage: Stage, text: str, kind: CaseKind, named: str, start: int, end: int) -> None:
    with stage.by("sven") as work:
        detect.report(work, stage.house.safe, text, kind, type=named, start=start, end=end)


def _propose(stage: Stage, name: str, wanted: Configuration, reason: str) -> None:
    actor = stage.actor("sven")
    texts = detect.open_texts(stage.house.safe, actor)
    with stage.by("sven") as work:
        made = detect.propose(work, wanted, texts, owner="Security", reason=reason)
    stage.kept[f"detector {name}"] = made.id
    stage.kept[f"detector {name} request"] = made.request_id


def _agree(stage: Stage, name: str) -> None:
    request = stage.kept[f"detector {name} request"]
    stage.answer("cora", request, reason="It finds more and misses nothing it found.")


def _apply(stage: Stage, name: str) -> None:
    texts = detect.open_texts_of(
        stage.house.safe, stage.actor("sven"), stage.kept[f"detector {name}"]
    )
    with stage.by("sven") as work:
        detect.apply(work, stage.kept[f"detector {name}"], texts)


def _propose_last(stage: Stage) -> None:
    wanted = replace(_phrase(), allowed=(detect.Allowed("Sienna Rossa"),))
    actor = stage.actor("sven")
    texts = detect.open_texts(stage.house.safe, actor)
    with stage.by("sven") as work:
        detect.propose(
            work,
            wanted,
            texts,
            owner="Security",
            reason="It is a colour and no person.",
            expires_at=work.now + timedelta(days=180),
        )
