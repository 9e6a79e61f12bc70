"""Gateway: let this call through, safely.

One straight corridor: receive, identify, resolve, limit, inspect, decide, protect, intend, forward,
and the answer's way back; the order stands in `pipeline.py` alone. Nouns: Gateway (the
application at /v1), Means (what stages are given), Declared (a file). Verbs: read_declared, apply,
begin_trial; ask_exception, end_exception, exceptions.
It has no tables: what it records goes through exchanges. Follows: nothing.
Floor: above every room it asks; the doors mount it.
"""

from muniment.gateway.applying import Applied, apply
from muniment.gateway.connecting import Outside, Providers
from muniment.gateway.declaring import Declared, read_declared
from muniment.gateway.edge import Gateway
from muniment.gateway.excepting import ask_exception, end_exception, exceptions
from muniment.gateway.means import Means
from muniment.gateway.trying import Trial, begin_trial

__all__ = [
    "Applied",
    "Declared",
    "Gateway",
    "Means",
    "Outside",
    "Providers",
    "Trial",
    "apply",
    "ask_exception",
    "begin_trial",
    "end_exception",
    "exceptions",
    "read_declared",
]
