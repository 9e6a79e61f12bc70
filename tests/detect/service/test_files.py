"""Files of every kind are read where their texts stand; what cannot be read is a gap."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment import detect
from muniment.core.errors import InvalidError
from muniment.detect import Asked, FileScan, Scanner
from muniment.detect.service.files import files_under, scan_file, scan_many

MAIL = "maria.lopez@example.com"
SCANNER = Scanner(layers="patterns")


def told(scan: FileScan) -> list[tuple[str, str, int, int]]:
    """Give type, where, line and column of each finding."""
    return [(each.finding.type, each.where, each.line, each.column) for each in scan.places]


def test_lines_and_columns_are_those_an_editor_shows(tmp_path: Path) -> None:
    """Counted from one, also in a file with Windows line ends and a mark at its beginning."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfone\r\ntwo " + MAIL.encode() + b" and\r\n" + MAIL.encode())
    assert told(scan_file(SCANNER, path)) == [
        ("EMAIL_ADDRESS", "", 2, 5),
        ("EMAIL_ADDRESS", "", 3, 1),
    ]


def test_trees_are_walked_in_order_without_tools_folders(tmp_path: Path) -> None:
    """Links are not followed, folders of tools are left out."""
    for name in ("b/two.py", "a/one.py", ".git/config", "node_modules/x.js"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"# {MAIL}\n")
    (tmp_path / "link.py").symlink_to(tmp_path / "a/one.py")
    names = [path.relative_to(tmp_path).as_posix() for path in files_under(tmp_path)]
    assert names == ["a/one.py", "b/two.py"]
    scans = list(detect.scan_files(SCANNER, [tmp_path]))
    assert [len(each.places) for each in scans] == [1, 1]
    with pytest.raises(InvalidError):
        list(files_under(tmp_path / "none"))


def test_many_texts_are_scanned_as_they_come() -> None:
    """An endless source is no problem."""
    scans = scan_many(SCANNER, (f"{number} {MAIL}" for number in range(10**9)))
    assert len(next(scans).findings) == 1


def test_memory_stays_bounded_by_reading_in_blocks(tmp_path: Path) -> None:
    """A long file is read in blocks, and lines go on counting."""
    path = tmp_path / "long.log"
    path.write_text(("plain words only\n" * 30 + "\n") * 1_500 + f"at the end {MAIL}\n")
    scan = scan_file(SCANNER, path)
    assert told(scan) == [("EMAIL_ADDRESS", "", 31 * 1_500 + 1, 12)]
    assert scan.characters == path.stat().st_size


def test_what_is_missing_in_asked_means_all() -> None:
    """Nothing narrowed, nothing sampled."""
    assert Asked() == Asked(fields=(), sample=0)
