"""Feeds that come along: a system that speaks SCIM, and one that lists its rights as JSON.

Each tells every right of one place, or raises; they know no database and no credential.
"""
