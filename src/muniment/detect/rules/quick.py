"""Compiled code for what every text is asked, where there is some; Python does the same."""

from __future__ import annotations

from muniment.core.compiled import compiled_part

compiled = compiled_part("muniment.detect.rules._marks")
