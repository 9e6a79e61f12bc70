"""Words everyone uses and nobody owns: ids, clock, errors, canonical form, digests, pages, actors.

Rules: standard library only, pure, no import from any other room. A thing belongs here only if it
has no subject of its own; whatever judges or remembers lives in a room.
"""
