"""Where a person may be led after signing in: to a page of this console and nowhere else."""

from __future__ import annotations

import re
from typing import Final

HOME: Final = "/console"
_LONGEST: Final = 1_000
# No second slash or backslash at the start, nothing a browser drops, no scheme: all of these have
# led people elsewhere. A path of ours needs none of them.
_OURS: Final = re.compile(r"/console(?:/[A-Za-z0-9._~%/-]*)?(?:\?[A-Za-z0-9._~%=&+,:*/-]*)?\Z")


def safe_return(text: str) -> str:
    """Give the address back if it is a page of this console, and the first page if not."""
    inside = len(text) <= _LONGEST and _OURS.match(text) and "//" not in text.partition("?")[0]
    dotted = "/.." in text or "%2e" in text.lower()
    return text if inside and not dotted else HOME
