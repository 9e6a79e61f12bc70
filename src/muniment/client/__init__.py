"""Client: what applications import to work with Muniment; the standard library is all it needs.

Floor: words, and outside the house: it knows nothing of the rooms.
"""

from muniment.client.webhooks import ReplayGuard, WebhookError, verify_webhook

__all__ = ["ReplayGuard", "WebhookError", "verify_webhook"]
