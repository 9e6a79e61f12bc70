"""Pictures of pages are written small, and still show what the page showed."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import png

KINDS = st.lists(st.integers(0, 4), min_size=1, max_size=6)


def filtered(pixels: png.Pixels, kinds: list[int]) -> bytes:
    """Write pixels as a browser may: each line by one of the five filters."""
    height, width, channels = pixels.shape
    above, lines = bytes(width * channels), b""
    for row, kind in zip(pixels.reshape(height, -1), kinds, strict=True):
        line = bytes(row)
        left = bytes(channels) + line[:-channels]
        corner = bytes(channels) + above[:-channels]
        guess = {
            0: lambda _l, _u, _c: 0,
            1: lambda one, _u, _c: one,
            2: lambda _l, up, _c: up,
            3: lambda one, up, _c: (one + up) // 2,
            4: png._paeth,
        }[kind]
        lines += bytes([kind]) + bytes(
            (value - guess(*near)) & 255
            for value, near in zip(line, zip(left, above, corner, strict=True), strict=True)
        )
        above = line
    header = struct.pack(">IIBBBBB", width, height, 8, 6 if channels == 4 else 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return png.SIGNATURE + b"".join(png._chunk(name, body) for name, body in parts)


@given(KINDS, st.integers(1, 5), st.sampled_from([3, 4]), st.integers(0, 2**32 - 1))
def test_every_filter_of_a_line_is_undone(
    kinds: list[int], width: int, channels: int, seed: int
) -> None:
    """Whatever a browser chose for a line, the same pixels come out; alpha is left behind."""
    shape = (len(kinds), width, channels)
    pixels = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    assert np.array_equal(png.decode(filtered(pixels, kinds)), pixels[:, :, :3])


def test_a_picture_of_few_colours_loses_none() -> None:
    """Up to 256 colours are kept exactly; of more, each pixel takes the nearest that is kept."""
    few = np.zeros((20, 20, 3), dtype=np.uint8)
    few[:, :, 0] = np.arange(20) * 12
    palette, places = png.reduced(few)
    assert np.array_equal(palette[places].reshape(few.shape), few)
    many = np.zeros((40, 40, 3), dtype=np.uint8)
    many[:, :, 1] = np.arange(1_600).reshape(40, 40) % 251
    many[:, :, 2] = np.arange(1_600).reshape(40, 40) // 251
    palette, places = png.reduced(many)
    assert len(palette) <= 256
    apart = palette[places].reshape(many.shape).astype(int) - many
    assert abs(apart).max() <= 43  # half of a step of the grid
    assert png.encode(many).startswith(png.SIGNATURE)


@pytest.mark.parametrize("data", [b"", b"GIF89a", filtered(np.zeros((1, 1, 3), np.uint8), [0])[:8]])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    """Another file is not taken for a picture."""
    with pytest.raises((ValueError, KeyError)):
        png.decode(data)
