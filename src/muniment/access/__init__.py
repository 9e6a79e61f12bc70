"""Access: who is asking, and may they?

Nouns: Person, Service, Team, Role, Scope, Grant, Key, Session, Campaign. Verbs: require (the one
gate every verb of every room passes), may, standing, viewing; found, invite, suspend, leave; join,
grant, extend, revoke, except_duty, define_role; issue_key, rotate_key, revoke_key, identify_key.
Writes kinds: access.*. Follows: nothing. Floor: above the ledger, below every room that asks.
"""

from muniment.access.models import *  # noqa: F403 every noun
from muniment.access.service import *  # noqa: F403 every verb
