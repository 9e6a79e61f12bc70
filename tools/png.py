"""Small pictures of pages: a PNG of few colours, each pixel one byte, written anew.

A page has few colours and the blurred edges of its letters. The most frequent are kept beside an
even grid of all, every other pixel takes the nearest of them: the picture is a quarter of its size.
"""

from __future__ import annotations

import struct
import zlib
from typing import Final

import numpy as np
import numpy.typing as npt

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
COLOURS: Final = 256
Pixels = npt.NDArray[np.uint8]
_BATCH: Final = 4_096
_LEVELS: Final = (0, 85, 170, 255)
_GRID: Final = np.array(
    [(r << 16) | (g << 8) | b for r in _LEVELS for g in _LEVELS for b in _LEVELS], dtype=np.uint32
)


def decode(data: bytes) -> Pixels:
    """Read the pixels of a PNG as browsers write it: eight bits, colour with or without alpha."""
    if not data.startswith(SIGNATURE):
        raise ValueError("this is no PNG")
    chunks = dict(_chunks(data))
    width, height, depth, kind = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    channels = {2: 3, 6: 4}.get(kind, 0)
    if depth != 8 or not channels:
        raise ValueError("this PNG is of another sort than browsers write")
    raw = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), dtype=np.uint8)
    rows = raw.reshape(height, 1 + width * channels)
    return _unfiltered(rows, channels).reshape(height, width, channels)[:, :, :3]


def encode(pixels: Pixels) -> bytes:
    """Write pixels as a PNG of at most 256 colours."""
    height, width, _ = pixels.shape
    palette, places = reduced(pixels)
    lines = np.zeros((height, width + 1), dtype=np.uint8)
    lines[:, 1:] = places.reshape(height, width)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    body = zlib.compress(lines.tobytes(), 9)
    parts = ((b"IHDR", header), (b"PLTE", palette.tobytes()), (b"IDAT", body), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(name, part) for name, part in parts)


def reduced(pixels: Pixels) -> tuple[Pixels, Pixels]:
    """Give the colours that are kept, and for each pixel which of them it takes."""
    flat = pixels.reshape(-1, 3).astype(np.uint32)
    packed = (flat[:, 0] << 16) | (flat[:, 1] << 8) | flat[:, 2]
    colours, inverse, counts = np.unique(packed, return_inverse=True, return_counts=True)
    often = colours[np.argsort(-counts, kind="stable")]
    kept = often if len(often) <= COLOURS else np.union1d(often[: COLOURS - len(_GRID)], _GRID)
    palette = _parts(kept)
    nearest = np.empty(len(colours), dtype=np.uint8)
    for at in range(0, len(colours), _BATCH):
        some = _parts(colours[at : at + _BATCH]).astype(np.int32)
        apart = ((some[:, None, :] - palette.astype(np.int32)[None, :, :]) ** 2).sum(axis=2)
        nearest[at : at + _BATCH] = apart.argmin(axis=1)
    return palette, nearest[inverse.reshape(-1)]


def _parts(packed: npt.NDArray[np.uint32]) -> Pixels:
    return np.stack([packed >> 16, packed >> 8, packed], axis=1).astype(np.uint8)


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """List the chunks, those of one name put together."""
    found: dict[bytes, bytes] = {}
    at = len(SIGNATURE)
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        name = data[at + 4 : at + 8]
        found[name] = found.get(name, b"") + data[at + 8 : at + 8 + length]
        at += 12 + length
    return list(found.items())


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _unfiltered(rows: Pixels, channels: int) -> Pixels:
    """Undo what each line was filtered by: the pixel before, the line above, or both."""
    lines = np.zeros((rows.shape[0], rows.shape[1] - 1), dtype=np.uint8)
    above = np.zeros(lines.shape[1], dtype=np.uint8)
    for at, row in enumerate(rows):
        kind, body = int(row[0]), row[1:]
        if kind == 0:
            line = body.copy()
        elif kind == 1:
            parts = body.reshape(-1, channels)
            line = np.cumsum(parts, axis=0, dtype=np.uint64).astype(np.uint8).reshape(-1)
        elif kind == 2:
            line = body + above
        else:
            line = _slowly(kind, bytes(body), bytes(above), channels)
        lines[at] = above = line
    return lines


def _slowly(kind: int, body: bytes, above: bytes, channels: int) -> Pixels:
    """Undo the two filters in which every pixel waits for the one before it."""
    line = bytearray(len(body))
    for at, value in enumerate(body):
        left = line[at - channels] if at >= channels else 0
        corner = above[at - channels] if at >= channels else 0
        guess = (left + above[at]) // 2 if kind == 3 else _paeth(left, above[at], corner)
        line[at] = (value + guess) & 0xFF
    return np.frombuffer(bytes(line), dtype=np.uint8)


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    apart = (abs(guess - left), abs(guess - up), abs(guess - corner))
    return (left, up, corner)[apart.index(min(apart))]
