"""The verbs of the log: record, seal, read, prove, rotate, reconcile."""

from muniment.ledger.service.forward import read_told, told
from muniment.ledger.service.halves import SharedContent
from muniment.ledger.service.indexing import reindex
from muniment.ledger.service.keys import lose_key, rotate_key
from muniment.ledger.service.log import Log, open_log
from muniment.ledger.service.marking import demo_origin, is_demo, names_demo, producer_name
from muniment.ledger.service.promise import Handed, Promise
from muniment.ledger.service.read import (
    check_index,
    count,
    entry,
    find,
    find_by_id,
    newest,
    prove,
    tail,
)
from muniment.ledger.service.reconcile import reconcile
from muniment.ledger.service.record import Recorder, record
from muniment.ledger.service.restore import accept_restore
from muniment.ledger.service.sealer import Sealer
from muniment.ledger.service.template import Template
from muniment.ledger.service.verified import note_verified
from muniment.ledger.service.watch import check
from muniment.ledger.service.writer import Source, Writer, open_writer

__all__ = [
    "Handed",
    "Log",
    "Promise",
    "Recorder",
    "Sealer",
    "SharedContent",
    "Source",
    "Template",
    "Writer",
    "accept_restore",
    "check",
    "check_index",
    "count",
    "demo_origin",
    "entry",
    "find",
    "find_by_id",
    "is_demo",
    "lose_key",
    "names_demo",
    "newest",
    "note_verified",
    "open_log",
    "open_writer",
    "producer_name",
    "prove",
    "read_told",
    "reconcile",
    "record",
    "reindex",
    "rotate_key",
    "tail",
    "told",
]
