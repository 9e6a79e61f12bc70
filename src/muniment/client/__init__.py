"""Client: what applications import to work with Muniment; the standard library is all it needs.

Floor: words, and outside the house: it knows nothing of the rooms.
"""

from muniment.client.registry import (
    ApiError,
    ChangeTold,
    Client,
    MomentTold,
    RunTold,
    SystemTold,
    UnreachableError,
    VersionTold,
)
from muniment.client.webhooks import ReplayGuard, WebhookError, verify_webhook

__all__ = [
    "ApiError",
    "ChangeTold",
    "Client",
    "MomentTold",
    "ReplayGuard",
    "RunTold",
    "SystemTold",
    "UnreachableError",
    "VersionTold",
    "WebhookError",
    "verify_webhook",
]
