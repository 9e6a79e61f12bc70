"""Reads fields that are to be translated; what has no counterpart is refused by its name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from muniment.core.errors import InvalidError, UnavailableError
from muniment.gateway.dialects.base import number, read_value
from muniment.gateway.translating.said import Picture

Json = Mapping[str, Any]
MEDIA: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_REMEDY: Final = "Leave it out, or ask for a model that speaks your client's own interface."


def untranslatable(at: str, why: str = "it has no counterpart there") -> InvalidError:
    """Make the error of a field of a request that cannot be said in the other interface."""
    return InvalidError(
        f"{at[:120]} cannot be translated for this model: {why}", field=at[:120], remedy=_REMEDY
    )


def unheard(at: str, why: str = "it has no counterpart here") -> UnavailableError:
    """Make the error of a part of an answer that cannot be said in the caller's interface."""
    return UnavailableError(
        f"{at[:120]} of the provider's answer cannot be translated: {why}",
        remedy="Use a client of the interface that the model speaks.",
    )


def place(at: str, name: object) -> str:
    """Name a field within another."""
    if isinstance(name, int):
        return f"{at}[{name}]"
    return f"{at}.{name}" if at else str(name)


def require_known(
    value: Json,
    known: Collection[str],
    at: str = "",
    usual: Mapping[str, Collection[Any]] | None = None,
) -> None:
    """Refuse each field that is not known, unless it is null or says what is usual anyhow."""
    for name, each in value.items():
        if each is None or name in known:
            continue
        if usual and name in usual and each in usual[name]:
            continue
        raise untranslatable(place(at, name))


def an_object(value: object, at: str) -> dict[str, Any]:
    """Take an object."""
    if not isinstance(value, dict):
        raise untranslatable(at, "it is no object")
    return value


def a_list(value: object, at: str) -> list[Any]:
    """Take a list."""
    if not isinstance(value, list):
        raise untranslatable(at, "it is no list")
    return value


def a_text(value: object, at: str) -> str:
    """Take a text."""
    if not isinstance(value, str):
        raise untranslatable(at, "it is no text")
    return value


def optional_text(value: object, at: str) -> str:
    """Take a text, or nothing."""
    return "" if value is None else a_text(value, at)


def a_flag(value: object, at: str) -> bool:
    """Take a truth; what is not said is false."""
    if value is None:
        return False
    if not isinstance(value, bool):
        raise untranslatable(at, "it is neither true nor false")
    return value


def a_number(value: object, at: str) -> float | None:
    """Take a number, or nothing."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise untranslatable(at, "it is no number")
    return value


def texts(value: object, at: str) -> tuple[str, ...]:
    """Take a text or a list of them."""
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    return tuple(a_text(each, place(at, n)) for n, each in enumerate(a_list(value, at)))


def arguments_in(value: object, at: str) -> dict[str, Any]:
    """Read the arguments of a tool, which stand as JSON in a text."""
    try:
        read = read_value(a_text(value, at) or "{}")
    except InvalidError as error:
        raise untranslatable(at, "it is no JSON") from error
    return an_object(read, at)


def heard_arguments(value: object) -> dict[str, Any]:
    """Read the arguments of a tool that an answer wants called."""
    try:
        read = read_value(value or "{}") if isinstance(value, str) else value
    except InvalidError as error:
        raise unheard("the arguments of a tool", "they are no JSON") from error
    if not isinstance(read, dict):
        raise unheard("the arguments of a tool", "they are no object")
    return read


def picture_at(url: str, at: str) -> Picture:
    """Read the address of a picture, which may hold its bytes."""
    if url.startswith(("https://", "http://")):
        return Picture(url=url)
    head, comma, data = url.partition(",")
    media = head.removeprefix("data:").removesuffix(";base64")
    if not comma or not head.endswith(";base64") or media not in MEDIA:
        raise untranslatable(at, f"pictures are {', '.join(sorted(MEDIA))} in base64, or addresses")
    return Picture(media, data)


def counted(value: object, name: str) -> int:
    """Read a count in an answer; what is none counts nothing."""
    return number(value, name) if isinstance(value, dict) else 0


def objects(value: object, at: str) -> Sequence[dict[str, Any]]:
    """Take the list of objects that an answer must have."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise unheard(at, "it is no list of objects")
    return value
