"""Gateway: let this call through, safely.

One straight corridor: receive, identify, resolve, limit, inspect, decide, protect, intend, forward,
and the answer's way back; the order stands in `pipeline.py` alone. Nouns: Gateway (the
application at /v1), Means (what stages are given), Declared (a file). Verbs: read_declared, apply,
begin_trial, begin_first, begin_from_file; ask_exception, end_exception, exceptions.
It has no tables: what it records goes through exchanges. Follows: nothing.
Floor: above every room it asks; the doors mount it.
"""

from muniment.gateway.applying import Applied, apply
from muniment.gateway.beginning import MAY as MAY_BEGIN
from muniment.gateway.beginning import (
    Caller,
    begin_first,
    begin_from_file,
    callers_of,
    is_first,
    plan_first,
)
from muniment.gateway.connecting import Outside, Providers
from muniment.gateway.declaring import Declared, read_declared
from muniment.gateway.edge import Gateway
from muniment.gateway.excepting import ask_exception, end_exception, exceptions
from muniment.gateway.means import Means
from muniment.gateway.trying import Trial, begin_trial

__all__ = [
    "MAY_BEGIN",
    "Applied",
    "Caller",
    "Declared",
    "Gateway",
    "Means",
    "Outside",
    "Providers",
    "Trial",
    "apply",
    "ask_exception",
    "begin_first",
    "begin_from_file",
    "begin_trial",
    "callers_of",
    "end_exception",
    "exceptions",
    "is_first",
    "plan_first",
    "read_declared",
]
