"""What the endpoints of policy share."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path
from pydantic import Field

from muniment.access import Scope

AREA: Final = Scope.of(console="policy")

Number = Annotated[int, Path(ge=1, le=1 << 31, description="Number of the version.")]
Reason = Annotated[str, Field(min_length=1, max_length=500, examples=["Cards are masked now."])]
