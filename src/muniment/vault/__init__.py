"""Vault: where content is kept, and who can still read it.

Nouns: Unlock (what opens the keyring, and what that protects). Verbs: find_unlock, open_keyring.
Keyrings are plug-ins; the local file is the embedded default. Floor: beside approvals.
"""

from muniment.vault.models import Unlock, UnlockSource
from muniment.vault.service import find_unlock, load_keyring, open_keyring, unlock_source

__all__ = ["Unlock", "UnlockSource", "find_unlock", "load_keyring", "open_keyring", "unlock_source"]
