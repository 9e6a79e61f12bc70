"""What the overview says of the path: a task before the first call, and a line ever after."""

from __future__ import annotations

from muniment.db import Work
from muniment.ledger import Log
from muniment.web.begin.steps import ADDRESS, Path, look
from muniment.web.overview.glance import Glance, Said, Waiting


def first_steps(work: Work, log: Log) -> Glance:
    """Tell how far the first steps have come."""
    return told(look(work, log))


def told(path: Path) -> Glance:
    """Say it: while nobody has sent a call it waits for the reader, then it is a line below."""
    left = path.left
    if not left:
        return Glance(foot=(Said("The first steps are done.", ADDRESS),))
    if any(each.key == "call" for each in left):
        done = len(path.steps) - len(left)
        note = f"{done} of {len(path.steps)} done. Next: {_lowered(left[0].title)}."
        return Glance(waiting=(Waiting("First steps", note, ADDRESS, "Go on"),))
    names = ", ".join(_lowered(each.title) for each in left)
    return Glance(foot=(Said(f"Of the first steps these are left: {names}.", ADDRESS),))


def _lowered(title: str) -> str:
    return title[:1].lower() + title[1:]
