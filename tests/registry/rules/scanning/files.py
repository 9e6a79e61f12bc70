"""Files of models, safe and unsafe, made by the libraries' own writers or byte by byte."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import zipfile
from collections.abc import Mapping
from typing import Any

from muniment.registry.models.artefacts import Scanned
from muniment.registry.rules.scanning import scan
from muniment.registry.rules.scanning.reading import Bytes


class Evil:
    """Runs a command where it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Say which."""
        return (os.system, ("true",))


def scanned(data: bytes, name: str = "model.bin") -> Scanned:
    """Scan some bytes."""
    return scan(Bytes(data), name)


def rules_of(data: bytes, name: str = "model.bin") -> set[str]:
    """Name the rules that speak up about some bytes."""
    return {each.rule for each in scanned(data, name).dangers}


def archive(entries: Mapping[str, bytes], *, packed: bool = False) -> bytes:
    """Make a zip archive."""
    kept = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(kept, "w", method) as made:
        for name, data in entries.items():
            made.writestr(name, data)
    return kept.getvalue()


def torch_file(value: object, **more: bytes) -> bytes:
    """Make an archive as torch saves it."""
    inside = {"data.pkl": pickle.dumps(value, protocol=2), "version": b"3\n", "data/0": bytes(64)}
    return archive({f"model/{name}": data for name, data in {**inside, **more}.items()})


def safetensors_file(header: object, numbers: bytes = b"", *, length: int | None = None) -> bytes:
    """Make a safetensors file, lawful or not."""
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + numbers


def gguf_file(
    facts: Mapping[str, str], *, tensors: int = 0, version: int = 3, rest: bytes = b""
) -> bytes:
    """Make a GGUF file whose facts are texts."""
    out = b"GGUF" + struct.pack("<IQQ", version, tensors, len(facts))
    for name, value in facts.items():
        for part, kind in ((name, b"\x08\0\0\0"), (value, b"")):
            out += struct.pack("<Q", len(part.encode())) + part.encode() + kind
    return out + rest


def gguf_tensor(name: str, shape: tuple[int, ...], offset: int) -> bytes:
    """Describe a tensor as GGUF does."""
    told = struct.pack("<Q", len(name)) + name.encode() + struct.pack("<I", len(shape))
    return (
        told + b"".join(struct.pack("<Q", each) for each in shape) + struct.pack("<IQ", 0, offset)
    )


def field(number: int, value: bytes | int) -> bytes:
    """Write a field as protocol buffers do."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def onnx_file(*, domain: str = "", location: str = "") -> bytes:
    """Make an ONNX model of one node and one tensor."""
    node = field(4, b"Add") + field(7, domain.encode())
    tensor = field(8, b"w")
    if location:
        tensor += field(13, field(1, b"location") + field(2, location.encode()))
    graph = field(1, node) + field(5, tensor)
    return (
        field(1, 9)
        + field(2, b"muniment")
        + field(7, graph)
        + field(8, field(1, b"") + field(2, 20))
    )


def _varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])
