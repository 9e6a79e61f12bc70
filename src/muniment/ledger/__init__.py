"""Ledger: what happened, and can you prove it?

Nouns: Entry, Head, the record kinds. Verbs: record (in a unit of work), Recorder.
Writes kinds: ledger.*. Follows: nothing. Floor: just above the machinery, below every other room.
"""

from muniment.ledger.kinds import all_kinds, kind_of
from muniment.ledger.models import Draft, Entry, Head
from muniment.ledger.service import Recorder, record

__all__ = ["Draft", "Entry", "Head", "Recorder", "all_kinds", "kind_of", "record"]
