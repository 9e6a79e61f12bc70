"""What is stated about a system rests in a row and reads back."""

from __future__ import annotations

from muniment.core.canonical import canonical_text, parse_canonical
from muniment.registry import read_profile
from muniment.registry.store.profiles import kept_profile, read_kept_profile
from tests.registry.yard import BOUNDARY


def test_a_profile_survives_its_row() -> None:
    """Every part of it, also components and flows, is the same after."""
    stated = {"name": "A", "purpose": "B", "owner": "per_c", "regions": ["EU"], **BOUNDARY}
    profile = read_profile(stated)
    kept = parse_canonical(canonical_text(kept_profile(profile)).encode())
    assert read_kept_profile(kept) == profile
