"""How tests are shared out over processes: together what shares a server, a browser or a company.

The groups that pytest-xdist reads from marks do nothing under pytest 9.2, whose tests' names can no
longer be changed; so the groups are told from where a test stands.
"""

from __future__ import annotations

from typing import Final

BY_FOLDER: Final = frozenset({"demo", "gateway"})
BY_FILE: Final = frozenset({"server", "web"})


def group_of(nodeid: str) -> str:
    """Name the group of a test: its folder, its file, or only itself."""
    path = nodeid.partition("::")[0]
    folder = path.removeprefix("tests/").partition("/")[0]
    if folder in BY_FOLDER:
        return folder
    return path if folder in BY_FILE else nodeid
