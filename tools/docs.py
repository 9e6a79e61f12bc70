"""Build the documentation as a site of its own: strictly, and with nothing asked from elsewhere.

Use: python -m tools.docs            builds .artefacts/site
     python -m tools.docs --serve    builds it and shows it on this machine
The pages of docs/ and of the root are laid side by side, links between them turned; then zensical
draws them. A link or an anchor that leads nowhere, a list or table that a forge would draw and the
site does not, a page in no menu, a request to another host or any warning is a failure.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final

from tools.docs_checks import problems

ROOT: Final = Path(__file__).resolve().parent.parent
CONFIG: Final = "zensical.toml"
MARK: Final = "src/muniment/web/static/mark.svg"
STYLE: Final = "tools/docs.css"
# Pages of the root, and what they are called on the site.
BESIDE: Final[Mapping[str, str]] = {
    "README.md": "readme.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "NOTICE": "notice.md",
    "LICENSE": "license.md",
}
ADDRESS: Final = ("127.0.0.1", 8485)
_LINK: Final = re.compile(r"(\]\()(?![a-z]+:|#)([^)#\s]+)((?:#[^)\s]*)?\))")
_FENCE: Final = re.compile(r"^( *)(```+)[^\n]*\n.*?^ *\2 *$", re.MULTILINE | re.DOTALL)
_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*m")


class SiteError(Exception):
    """The site cannot be built as it is; the message names every page and what is wrong."""


def site_name(path: PurePosixPath) -> PurePosixPath | None:
    """Say where a file of the repository stands on the site; nothing, where it does not."""
    if str(path) in BESIDE:
        return PurePosixPath(BESIDE[str(path)])
    return path.relative_to("docs") if path.parts[:1] == ("docs",) else None


def turned(text: str, page: PurePosixPath, root: Path) -> tuple[str, list[str]]:
    """Turn the links of a page to where things stand on the site; name those that leave it."""
    lost: list[str] = []
    here = site_name(page) or page

    def turn(match: re.Match[str]) -> str:
        target = PurePosixPath(os.path.normpath(page.parent / match[2]))
        there = site_name(target)
        if there is None or not (root / target).is_file():
            lost.append(f"{page}: ({match[2]}) is not on the site")
            return match[0]
        return f"{match[1]}{os.path.relpath(there, here.parent)}{match[3]}"

    parts, at = [], 0
    for fence in _FENCE.finditer(text):  # what stands in a block of code is no link
        parts += [_LINK.sub(turn, text[at : fence.start()]), fence[0]]
        at = fence.end()
    return "".join([*parts, _LINK.sub(turn, text[at:])]), lost


def lay_out(root: Path, pages: Path) -> list[str]:
    """Lay the pages of the repository side by side; name the links that lead off the site."""
    shutil.rmtree(pages, ignore_errors=True)
    shutil.copytree(root / "docs", pages)
    for name, called in BESIDE.items():
        text = (root / name).read_text(encoding="utf-8")
        if not name.endswith(".md"):
            text = f"# {name.capitalize()}\n\n```\n{text.strip()}\n```\n"
        (pages / called).write_text(text, encoding="utf-8")
    shutil.copy(root / MARK, pages / "mark.svg")
    shutil.copy(root / STYLE, pages / "site.css")
    lost: list[str] = []
    for source in [*(root / "docs").rglob("*.md"), *map(root.joinpath, BESIDE)]:
        path = PurePosixPath(source.relative_to(root))
        there = pages / (site_name(path) or path)
        text, leaving = turned(there.read_text(encoding="utf-8"), path, root)
        there.write_text(text, encoding="utf-8")
        lost += leaving
    return sorted(lost)


def named(nav: Sequence[Any]) -> Iterator[str]:
    """List the pages that a menu leads to, in reading order."""
    for each in nav:
        if isinstance(each, str):
            yield each
            continue
        for inner in each.values():
            yield from [inner] if isinstance(inner, str) else named(inner)


def in_no_menu(pages: Path, nav: Sequence[Any]) -> list[str]:
    """Name the pages that no menu leads to."""
    led_to = set(named(nav))
    found = {str(page.relative_to(pages)) for page in pages.rglob("*.md")}
    return [f"{name}: stands in no menu of {CONFIG}" for name in sorted(found - led_to)]


def build(root: Path) -> Path:
    """Build the site, or say everything that is wrong with it."""
    config = tomllib.loads((root / CONFIG).read_text(encoding="utf-8"))["project"]
    pages, site = root / config["docs_dir"], root / config["site_dir"]
    found = lay_out(root, pages) + in_no_menu(pages, config["nav"])
    shutil.rmtree(site, ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--clean", "--strict", "-f", CONFIG],
        cwd=root,
        check=False,
        capture_output=True,
        text=True,
    )
    said = _COLOURS.sub("", done.stdout + done.stderr)
    if done.returncode or "warning" in said.lower():
        raise SiteError("\n".join([*found, said]))
    found += problems(pages, site)
    if found:
        raise SiteError("\n".join(found))
    return Path(site)


def serve(site: Path) -> None:
    """Show the site on this machine until somebody stops it."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(site))
    with http.server.ThreadingHTTPServer(ADDRESS, handler) as server:
        print(f"  The documentation is on http://{ADDRESS[0]}:{ADDRESS[1]}/  (Ctrl-C stops)")
        server.serve_forever()


def main(arguments: Sequence[str]) -> int:
    """Build the site, and show it where that was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tools.docs", description=__doc__)
    parser.add_argument("--serve", action="store_true", help="show it on this machine")
    asked = parser.parse_args(arguments)
    try:
        site = build(ROOT)
    except SiteError as error:
        print(f"muniment: the site was not built\n{error}", file=sys.stderr)
        return 1
    print(f"  The documentation is in {site.relative_to(ROOT)}")
    if asked.serve:
        try:
            serve(site)
        except KeyboardInterrupt:
            return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
