"""The server: one ASGI application made of the doors, with health, errors and headers around it.

Nouns: House (everything built from settings), the application. Verbs: make_app, serve.
Floor: above the doors, below the command line.
"""

from muniment.server.app import make_app
from muniment.server.house import House
from muniment.server.listen import require_safe_address, serve

__all__ = ["House", "make_app", "require_safe_address", "serve"]
