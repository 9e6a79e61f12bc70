"""Whose data a call carries: a random name in the place of what the caller called them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from muniment import vault
from muniment.core.actor import Actor
from muniment.db import Work
from muniment.exchanges import store
from muniment.vault import Safe

_MOST: Final = 10_000


@dataclass(slots=True)
class Subjects:
    """The names that one process knows; what is not known is asked for or made."""

    safe: Safe = field(repr=False)
    _known: OrderedDict[str, str] = field(default_factory=OrderedDict, repr=False)

    def name_of(self, actor: Actor, identifier: str) -> str:
        """Give the random name of a person that a caller calls so; the same one every time."""
        known = self._known.get(identifier)
        if known is None:
            known = self._look_up(actor, identifier)
            self._known[identifier] = known
            while len(self._known) > _MOST:
                self._known.popitem(last=False)
        return known

    def forget(self) -> None:
        """Ask anew for every name, because some were erased."""
        self._known.clear()

    def _look_up(self, actor: Actor, identifier: str) -> str:
        with self.safe.database.work(actor) as work:
            lookup = vault.pseudonym(work, self.safe, identifier)
            found = store.calls.subject(work, lookup)
            if found is not None:
                return found
            made = work.new_id("sub")
            store.calls.add_subject(work, lookup, made)
            return store.calls.subject(work, lookup) or made


def find_subject(work: Work, safe: Safe, identifier: str) -> str | None:
    """Find the random name of a person, if any call carried data of theirs."""
    return store.calls.subject(work, vault.pseudonym(work, safe, identifier))


def erase_subject(work: Work, named: str) -> bool:
    """Forget who is behind a random name; tell whether it was known."""
    return store.calls.forget_subject(work, named)
