"""SCIM 2.0 (RFC 7643, RFC 7644): a directory tells us who is there, and in which teams.

Served at /scim/v2 to a key that may manage people and teams. The door reads and writes the
protocol; what it means for people and teams is decided by access.
"""

from muniment.api.scim.routes import scim_routes

__all__ = ["scim_routes"]
