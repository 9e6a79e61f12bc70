"""The server: one ASGI application made of the doors, with health, errors and headers around it.

Nouns: House (everything built from settings), the application. Verbs: `app.make_app` and
`listen.serve`, which are imported only where they are called: the web framework takes a second
to load, and most commands never need it. Floor: above the doors, below the command line.
"""

from muniment.server.house import House

__all__ = ["House"]
