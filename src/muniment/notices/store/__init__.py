"""The memory of notices."""

from muniment.notices.store import channels, groups, messages

__all__ = ["channels", "groups", "messages"]
