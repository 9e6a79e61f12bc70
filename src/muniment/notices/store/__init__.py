"""The memory of notices."""

from muniment.notices.store import channels, groups, messages, seeing

__all__ = ["channels", "groups", "messages", "seeing"]
