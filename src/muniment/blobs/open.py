"""Opens the storage that the settings name, by the same door for ours and for a stranger's."""

from __future__ import annotations

from typing import Final, cast

from muniment.plugins import LoadedPlugin, build, load
from muniment.plugins.sockets import Storage
from muniment.settings import Settings

STORAGE_GROUP: Final = "muniment.storage"


def make_storage(settings: Settings) -> tuple[Storage, LoadedPlugin]:
    """Open the storage named in `blobs.storage`; give it with where its code came from."""
    plugin = load(STORAGE_GROUP, settings.blobs.storage, allow=settings.plugins.allow)
    return cast("Storage", build(plugin, settings)), plugin
