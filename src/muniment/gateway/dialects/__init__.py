"""The forms in which callers ask: one file for each, pure, and strangers to each other."""

from collections.abc import Mapping
from typing import Final

from muniment.gateway.dialects import chat, completions, embeddings, messages, responses
from muniment.gateway.dialects.base import Dialect, Piece, PieceKind, Reader

BY_PATH: Final[Mapping[str, Dialect]] = {
    "/v1/chat/completions": chat.Chat(),
    "/v1/completions": completions.Completions(),
    "/v1/embeddings": embeddings.Embeddings(),
    "/v1/responses": responses.Responses(),
    "/v1/messages": messages.Messages(),
    "/v1/messages/count_tokens": messages.CountTokens(),
}
BY_SURFACE: Final[Mapping[str, Dialect]] = {each.surface: each for each in BY_PATH.values()}

__all__ = ["BY_PATH", "BY_SURFACE", "Dialect", "Piece", "PieceKind", "Reader"]
