"""Exchanges: which calls were made, what may be spent, what was stopped, and what is still open?

Nouns: Intent, Outcome, Refusal, Exchange, Explained; Limit, Claim, Overrun; Stop; Price; Subject;
ToolUse.
Verbs: intend, hold, conclude, refuse, find, get, explain, match, close_open, let_go; set_limit,
end_limit; stop, resume; set_price, withdraw_price, cost; Book.limits_for, Book.stop_for,
Book.price_for, Book.tools.
Writes kinds: exchanges.*. Follows: its own records, into the index of calls; monitor.alarm_raised
and incidents.opened, which may ask for a stop; vault.shredded; how approvals end, after which what
was kept for a yes is discarded.
Floor: beside the registry, whose systems it names by id only; below the gateway, which has no
tables of its own.
"""

from muniment.exchanges.models import *  # noqa: F403 every noun
from muniment.exchanges.service import *  # noqa: F403 every verb
