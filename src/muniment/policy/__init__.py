"""Policy: is this allowed, and why?

Nouns: Rule (a Cedar policy with its id, reason, controls and remedy), Bundle, Facts, Decision,
Version, Standing. Verbs: read_bundle, Engine.decide; draft, ask_for_review, publish, roll_back,
shadow; Judge.decide, keep_decision, replay, simulate_version, in_force_at.
Writes kinds: policy.*. Follows: nothing. Floor: beside detect, above approvals; it judges facts
handed to it and fetches none.
"""

from muniment.policy.models import *  # noqa: F403 every noun
from muniment.policy.rules import *  # noqa: F403 every judgement
from muniment.policy.service import *  # noqa: F403 every verb
