"""Temporary minimum by the lead so that others can run; helper: overwrite this file with yours."""

from collections.abc import Mapping
from typing import Any

from muniment.core.canonical import canonical_bytes


def validate_entry(value: Mapping[str, Any]) -> bytes:
    return canonical_bytes(value)
