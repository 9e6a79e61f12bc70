"""What exchanges keep in the database."""

from muniment.exchanges.store import calls, counting, setting

__all__ = ["calls", "counting", "setting"]
