"""Exchanges: which calls were made, what may be spent, what was stopped, and what is still open?

Nouns: Intent, Outcome, Refusal, Exchange; Limit, Claim, Overrun; Stop; Subject. Verbs: intend,
conclude, refuse, find, get, close_open; set_limit, end_limit, used; stop, resume; subject_of,
digest_of; Book.limits_for, Book.stop_for.
Writes kinds: exchanges.*. Follows: its own records, into the index of calls.
Floor: beside the registry, whose systems it names by id only; below the gateway, which has no
tables of its own.
"""

from muniment.exchanges.models import *  # noqa: F403 every noun
from muniment.exchanges.service import *  # noqa: F403 every verb
