"""Bills of materials of a version set: CycloneDX with model cards, SPDX 3 with its AI profile."""

from muniment.registry.rules.bills.cyclonedx import as_cyclonedx
from muniment.registry.rules.bills.spdx import as_spdx

__all__ = ["as_cyclonedx", "as_spdx"]
