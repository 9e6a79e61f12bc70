"""The storage named in the settings."""

from pathlib import Path

import pytest

import muniment
from muniment.blobs import DiskStorage, make_storage
from muniment.core.errors import InvalidError
from muniment.settings import Settings
from muniment.settings.areas import BlobSettings, DataSettings, PluginSettings


def test_the_default_is_the_disk(tmp_path: Path) -> None:
    """Without settings content rests on the disk, and the record says whose code that is."""
    storage, plugin = make_storage(Settings(data=DataSettings(dir=tmp_path)))
    assert isinstance(storage, DiskStorage)
    assert plugin.as_record() == {
        "group": "muniment.storage",
        "name": "disk",
        "distribution": "muniment",
        "version": muniment.__version__,
        "target": "muniment.blobs.disk:DiskStorage",
    }


def test_an_unknown_storage_stops_the_start(tmp_path: Path) -> None:
    """A name nobody offers is refused with the names there are."""
    settings = Settings(data=DataSettings(dir=tmp_path), blobs=BlobSettings(storage="tape"))
    with pytest.raises(InvalidError, match=r"no plug-in 'tape'.*disk.*s3"):
        make_storage(settings)


def test_our_own_plugins_need_the_allow_list_too(tmp_path: Path) -> None:
    """Ours enter by the same door: without `muniment` on the list even the disk is refused."""
    settings = Settings(data=DataSettings(dir=tmp_path), plugins=PluginSettings(allow=()))
    with pytest.raises(InvalidError, match=r"plugins\.allow: .*'muniment'.*not on the allow-list"):
        make_storage(settings)
