"""Registry: which AI do we run, who answers for it, what changed, and what served on that date?

Nouns: System (its Profile says purpose, owner, reviewer, approver, boundary), Part and PartVersion
(a model, prompt, routing, guardrail …, named by content), VersionSet (exactly what serves
together), Run, Change, Deployment (an interval in which sets share an environment), Moment.
Verbs: register, change_system, transfer, submit, suspend, resume, retire; add_version, record_run,
report; draft, check, ask, promote, roll_back, freeze; at, period, correct, prove.
Writes kinds: registry.*. Follows: approvals.decided and its like, risk.assessed, monitor.drifted.
Floor: above policy and approvals, beside exchanges, vendors and people, who are strangers.
"""

from muniment.registry.models import *  # noqa: F403 every noun
from muniment.registry.service import *  # noqa: F403 every verb
