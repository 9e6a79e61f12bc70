"""What exchanges keep in the database."""

from muniment.exchanges.store import calls, counting, pricing, setting, using

__all__ = ["calls", "counting", "pricing", "setting", "using"]
