"""Whose data a call carries: a random name in the place of what the caller called them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from muniment import vault
from muniment.core.actor import Actor
from muniment.db import Work
from muniment.exchanges import store
from muniment.exchanges.service.book import Book
from muniment.ledger import Entry
from muniment.vault import Safe

_MOST: Final = 10_000


@dataclass(slots=True)
class Subjects:
    """The names that one process knows; what is not known is asked for or made.

    With a book it forgets them all as soon as somebody was erased anywhere; without one, after a
    second.
    """

    safe: Safe = field(repr=False)
    book: Book | None = field(default=None, repr=False)
    _since: float = float("-inf")
    _known: OrderedDict[str, str] = field(default_factory=OrderedDict, repr=False)

    def name_of(self, actor: Actor, identifier: str) -> str:
        """Give the random name of a person that a caller calls so; the same one every time."""
        since = self._now()
        if since != self._since:
            self.forget()
            self._since = since
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

    def _now(self) -> float:
        if self.book is not None:
            return float(self.book.pulse())
        return float(int(self.safe.database.clock.monotonic()))

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
    """Forget who is behind a random name, in every process; tell whether it was known."""
    gone = store.calls.forget_subject(work, named)
    if gone:
        store.setting.beat(work)
    return gone


def follow_shredded(work: Work, entry: Entry) -> None:
    """Forget who is behind the name of whose keys were destroyed, all of them."""
    if not entry.body["classification"]:
        erase_subject(work, entry.body["subject"])
