"""The calls that change a disk."""

import errno
import os
import re
from pathlib import Path

import pytest

from muniment.blobs.files import SystemFiles, disk_errors_told
from muniment.core.errors import InvalidError, UnavailableError


def test_every_failure_has_its_code_and_a_remedy(tmp_path: Path) -> None:
    """Whatever number the system gives, the error names it, the folder and what to do."""
    for number in errno.errorcode:
        with (
            pytest.raises(UnavailableError, match=re.escape(str(tmp_path))) as caught,
            disk_errors_told(tmp_path, "a/b"),
        ):
            raise OSError(number, os.strerror(number))
        assert errno.errorcode[number] in str(caught.value)
        assert caught.value.subject == "a/b"
        assert caught.value.remedy.endswith(".")


def test_errors_of_the_family_pass_unchanged(tmp_path: Path) -> None:
    """An error that already says what to do is not wrapped in another."""
    with pytest.raises(InvalidError, match=r"^as it was$"), disk_errors_told(tmp_path, "a"):
        raise InvalidError("as it was")


def test_a_new_file_is_new_and_private(tmp_path: Path) -> None:
    """A staged file is never one that was there before, not even through a link."""
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    folder = os.open(tmp_path, os.O_RDONLY)
    try:
        os.close(SystemFiles().create("new", folder))
        for name in ("new", "link"):
            with pytest.raises(FileExistsError):
                SystemFiles().create(name, folder)
    finally:
        os.close(folder)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "elsewhere").exists()
