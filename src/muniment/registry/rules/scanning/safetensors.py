"""Reads the header of a safetensors file: tensors one behind the other, and nothing else."""

from __future__ import annotations

import json
from typing import Any, Final

from muniment.registry.rules.scanning.reading import (
    Reader,
    Search,
    UnreadableError,
    counted,
    shown,
)

MAX_HEADER: Final = 100_000_000
_LOOKED_THROUGH: Final = 32 << 20
_MOST_FACTS: Final = 50
_BITS: Final = {
    **dict.fromkeys(("F64", "I64", "U64", "C64"), 64),
    **dict.fromkeys(("F32", "I32", "U32"), 32),
    **dict.fromkeys(("F16", "BF16", "I16", "U16"), 16),
    **dict.fromkeys(("F8_E5M2", "F8_E4M3", "F8_E8M0", "I8", "U8", "BOOL"), 8),
    **dict.fromkeys(("F6_E2M3", "F6_E3M2"), 6),
    **dict.fromkeys(("F4",), 4),
}


def is_safetensors(head: bytes, size: int) -> bool:
    """Tell by its first bytes whether a file is one."""
    length = int.from_bytes(head[:8], "little")
    return head[8:9] == b"{" and 2 <= length <= min(MAX_HEADER, size - 8)


def scan_safetensors(search: Search, reader: Reader) -> None:
    """Read the header and check it against the file; keep what it tells."""
    length = int.from_bytes(reader.read(0, 8), "little")
    if length > _LOOKED_THROUGH:
        raise UnreadableError(f"its header has {length:,} bytes")
    header = _header(reader.read(8, length), length)
    facts = header.pop("__metadata__", {})
    if not isinstance(facts, dict) or not all(isinstance(each, str) for each in facts.values()):
        raise UnreadableError("its metadata are not texts")
    spans, numbers, types = [], 0, set()
    for name, told in header.items():
        begin, end, count, kind = _tensor(name, told)
        spans.append((begin, end))
        numbers += count
        types.add(kind)
    reached = 0
    for begin, end in sorted(spans):
        if begin != reached:
            raise UnreadableError("tensors share bytes, or bytes belong to none")
        reached = end
    if reached != reader.size - 8 - length:
        raise UnreadableError("the file is not as long as its tensors")
    search.metadata.update(
        tensors=len(spans),
        parameters=counted(numbers),
        types=sorted(types),
        facts=[[shown(name), shown(value)] for name, value in sorted(facts.items())[:_MOST_FACTS]],
    )


def _header(data: bytes, length: int) -> dict[str, Any]:
    if len(data) != length:
        raise UnreadableError("its header is cut off")
    try:
        found = json.loads(data, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise UnreadableError("its header is not JSON") from error
    if not isinstance(found, dict):
        raise UnreadableError("its header is no object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnreadableError("its header names something twice")
    return found


def _tensor(name: str, told: object) -> tuple[int, int, int, str]:
    if not isinstance(told, dict):
        raise UnreadableError(f"{shown(name)} is not described")
    kind, shape = told.get("dtype"), _sizes(told.get("shape"))
    if not isinstance(kind, str) or kind not in _BITS or shape is None:
        raise UnreadableError(f"{shown(name)} has no type or shape that is known")
    place = _sizes(told.get("data_offsets"))
    if place is None or len(place) != 2:
        raise UnreadableError(f"{shown(name)} has no place")
    count = 1
    for each in shape:
        count *= each
        if count >= 1 << 63:
            raise UnreadableError(f"{shown(name)} is larger than any file")
    begin, end = place
    if (end - begin) * 8 != count * _BITS[kind]:
        raise UnreadableError(f"{shown(name)} is not as long as its shape says")
    return begin, end, count, kind


def _sizes(value: object) -> list[int] | None:
    """Give a list of sizes, if it is one and nothing else."""
    if isinstance(value, list) and all(type(each) is int and 0 <= each < 1 << 63 for each in value):
        return value
    return None
