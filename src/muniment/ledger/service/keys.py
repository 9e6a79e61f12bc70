"""The log's key: replaced in good order, or given up when it is lost."""

from __future__ import annotations

from muniment.core.actor import Actor
from muniment.core.errors import ConflictError, InvalidError
from muniment.ledger import store
from muniment.ledger.kinds import KeyLost, KeyRotated
from muniment.ledger.service.log import PURPOSE, Log
from muniment.ledger.service.record import record
from muniment.ledger.signers.keyring import KeyringSigner
from muniment.verify import encode_base64, rotation_message


def rotate_key(log: Log, actor: Actor) -> str:
    """Replace the log's key; the old one vouches for the new one in the log; give the new vkey."""
    head = log.begin()
    keyring = log.keyring()
    with log.database.look(actor) as work:
        current = store.current_keys(work)[0]
    new = KeyringSigner(keyring, keyring.rotate(PURPOSE), head.origin)
    new_vkey = new.verifier_key
    message = rotation_message(current.vkey, new_vkey)
    signature = encode_base64(keyring.sign(current.key_id, message))
    with log.database.work(actor) as work:
        store.head(work, hold=True)  # whoever else rotates or gives up the key waits here
        if store.current_keys(work)[0].vkey != current.vkey:
            raise ConflictError("somebody else rotated the key meanwhile", remedy="Look again.")
        store.end_current_key(work, "retired")
        store.add_key(work, new_vkey, new.key_id)
        record(work, KeyRotated(current.vkey, new_vkey, signature))
    return new_vkey


def lose_key(log: Log, actor: Actor, *, reason: str) -> str:
    """Go on with a fresh key when the old one is lost; readers must be told the new vkey."""
    if not reason.strip():
        raise InvalidError("a reason is needed", field="reason", remedy="Say what happened.")
    head = log.begin()
    keyring = log.reopen_keyring()
    new = KeyringSigner(keyring, keyring.rotate(PURPOSE), head.origin)
    new_vkey = new.verifier_key
    with log.database.work(actor) as work:
        sealed = store.head(work, hold=True) or head
        lost = tuple(key.vkey for key in store.current_keys(work) if key.state == "current")
        store.end_current_key(work, "lost")
        store.add_key(work, new_vkey, new.key_id)
        what = KeyLost(lost, new_vkey, sealed.size, sealed.root.hex(), reason.strip()[:500])
        record(work, what)
    return new_vkey
