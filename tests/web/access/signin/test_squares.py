"""QR codes drawn as one path hold what they were made of."""

from __future__ import annotations

import re

import segno

from muniment.web.access.signin.squares import squares


def test_every_dark_square_is_drawn() -> None:
    """The path covers the dark modules of the code, inside a quiet border, and nothing else."""
    drawn = squares("otpauth://totp/Muniment:ines?secret=ABC")
    matrix = segno.make("otpauth://totp/Muniment:ines?secret=ABC", error="m", micro=False).matrix
    dark = sum(module for row in matrix for module in row)
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", drawn.path)
    assert "".join(f"M{x} {y}h{w}v1h-{w}z" for x, y, w in runs) == drawn.path
    assert sum(int(width) for _, _, width in runs) == dark
    assert drawn.size == len(matrix) + 8
    assert min(int(x) for x, _, _ in runs) == 4
