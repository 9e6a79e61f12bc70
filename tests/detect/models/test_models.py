"""The nouns of the room are there, and loaded no sooner than they are asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from muniment.detect import models
from muniment.detect.models.calibration import Case
from muniment.detect.models.protection import Policy


def test_every_noun_is_there() -> None:
    """Those that are loaded later are the same ones; what is no noun is refused."""
    assert models.Case is Case
    assert models.Policy is Policy
    for name in ("Nothing", "_words"):
        with pytest.raises(AttributeError, match=name):
            getattr(models, name)


def test_who_scans_loads_nothing_else() -> None:
    """A first scan pays neither for what protects nor for cases, and by patterns not for NumPy."""
    code = (
        "import sys; from muniment.detect import Scanner; Scanner(layers='patterns').scan('a')"
        "; print([m for m in ('numpy', 'muniment.detect.rules.segments', 'muniment.detect.models."
        "calibration', 'muniment.detect.models.protection') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert told.stdout == "[]\n"
