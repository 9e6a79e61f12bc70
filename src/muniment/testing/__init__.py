"""Fakes and contract suites, shipped for whoever writes a plug-in or tests against Muniment.

Fakes stand only for the outside world and for time; databases and crypto are always real.
Floor: beside the server and the worker.
"""

from muniment.testing.clock import START, FixedClock, counting_ids
from muniment.testing.database import fresh_database, settings_for

__all__ = ["START", "FixedClock", "counting_ids", "fresh_database", "settings_for"]
