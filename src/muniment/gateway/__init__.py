"""Gateway: let this call through, safely.

One straight corridor: receive, identify, resolve, limit, inspect, decide, protect, intend, forward,
and the answer's way back; the order stands in `pipeline.py` alone. Verbs: make_gateway, make_means.
It has no tables: what it records goes through exchanges. Follows: nothing.
Floor: above every room it asks; the doors mount it.
"""

from muniment.gateway.connecting import Outside, Providers
from muniment.gateway.edge import Gateway
from muniment.gateway.means import Means

__all__ = ["Gateway", "Means", "Outside", "Providers"]
