"""Opens the texts of cases: one for a person to read, or all to measure a change on them.

Nothing of a text comes out before the record of its opening is durable, so texts are opened in a
unit of work of their own, before the one that needs them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from muniment import vault
from muniment.access import require
from muniment.core.actor import Actor, system_actor
from muniment.core.errors import ConflictError, MunimentError, NotFoundError
from muniment.db import Work
from muniment.detect.models import Case, OpenTexts
from muniment.detect.service.calibrate import place_of
from muniment.detect.service.feedback import found_case, held_of, measured_cases
from muniment.detect.service.proposing import change_for
from muniment.vault import Opening, Safe

_AT_ONCE: Final = 250
_READER: Final = system_actor("detect")


def open_case(work: Work, safe: Safe, case_id: str, *, reason: str) -> tuple[Case, Opening]:
    """Open the text of a case for somebody to read; it comes out once this is on record."""
    require(work, "vault.open")
    case = found_case(work, case_id, "detect.read")
    if case.erased_at is not None or case.kept is None:
        raise ConflictError(
            "the text of this case is erased" if case.erased_at else "this text is not kept yet",
            subject=case.id,
            remedy="Nobody can read it again." if case.erased_at else "Let the worker run once.",
        )
    return case, vault.open(work, safe, held_of(case.kept), reason=reason)


def text_of(opening: Opening) -> str:
    """Read the text of a case whose opening is on record."""
    return opening.read().decode("utf-8", "surrogatepass")


def open_texts(safe: Safe, actor: Actor, *, system: str = "") -> OpenTexts:
    """Open the texts of all cases that a change of a system's detector is measured on."""
    with safe.database.look(actor) as work:
        require(work, "detect.calibrate", place_of(system))
        found = measured_cases(work, system)
    return _opened(safe, found, f"a change is measured for {actor.kind.value} {actor.id}")


def open_texts_of(safe: Safe, actor: Actor, change_id: str) -> OpenTexts:
    """Open the texts that an approved change is measured on once more before it is in force."""
    with safe.database.look(actor) as work:
        wanted = change_for(work, change_id, "detect.configure")
        found = measured_cases(work, wanted.system)
    return _opened(safe, found, f"change {wanted.id} comes into force by {actor.id}")


def _opened(safe: Safe, found: Iterable[Case], reason: str) -> OpenTexts:
    wanted = [each for each in found if each.erased_at is None and each.kept is not None]
    texts: dict[str, str] = {}
    for at in range(0, len(wanted), _AT_ONCE):
        texts.update(_read(safe, wanted[at : at + _AT_ONCE], reason))
    return OpenTexts(texts)


def _read(safe: Safe, some: Sequence[Case], reason: str) -> Iterator[tuple[str, str]]:
    """Open some, then read them; what cannot be read is left out, which is *could not tell*."""
    openings: list[tuple[str, Opening]] = []
    with safe.database.work(_READER) as work:
        for case in some:
            opening = _opening(work, safe, case, reason)
            if opening is not None:
                openings.append((case.id, opening))
    for case_id, opening in openings:
        try:
            yield case_id, text_of(opening)
        except MunimentError:
            continue


def _opening(work: Work, safe: Safe, case: Case, reason: str) -> Opening | None:
    if case.kept is None:
        return None
    try:
        return vault.open(work, safe, held_of(case.kept), reason=reason)
    except NotFoundError:  # it was erased since we looked
        return None
