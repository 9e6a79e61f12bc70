"""The memory of the registry: tables and queries; nothing else in the room speaks SQL."""

from muniment.registry.store import (
    adopting,
    artefacts,
    changes,
    mlflow,
    observing,
    parts,
    serving,
    sightings,
    suspensions,
    systems,
    views,
)
from muniment.registry.store.changes import ChangeQuery
from muniment.registry.store.observing import ObservedQuery, Times
from muniment.registry.store.parts import VersionQuery
from muniment.registry.store.profiles import kept_profile
from muniment.registry.store.serving import DeploymentQuery
from muniment.registry.store.sightings import SightingQuery
from muniment.registry.store.systems import Stated, SystemQuery

__all__ = [
    "ChangeQuery",
    "DeploymentQuery",
    "ObservedQuery",
    "SightingQuery",
    "Stated",
    "SystemQuery",
    "Times",
    "VersionQuery",
    "adopting",
    "artefacts",
    "changes",
    "kept_profile",
    "mlflow",
    "observing",
    "parts",
    "serving",
    "sightings",
    "suspensions",
    "systems",
    "views",
]
