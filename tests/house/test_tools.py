"""The commands' own judgements: which wheel to run, which PostgreSQL to accept, which claims count.

What needs a network or a bare machine is proved by running the commands themselves (.ci/run).
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.postgres import fresh_database, server_shared_in
from tools import browser, environment, postgres, requirements, step

ROOT = Path(__file__).resolve().parent.parent.parent
TABLE = """
| ID | Requirement | Kind | Source | TSC |
|---|---|---|---|---|
| ABC-01 | Do one thing \\| well. | C | S0, S1 | CC1.1 |
| ABC-02 | Do another. | K | S2 |  |
"""


def test_the_pip_in_the_repository_is_the_pinned_one() -> None:
    """The pip that bootstraps an environment lies in the repository and matches its pin."""
    pin = environment.read_pin((ROOT / "requirements" / "pip.lock").read_text())
    wheel = environment.checked_wheel(ROOT / "requirements", pin)
    assert [wheel] == list((ROOT / "requirements").glob("*.whl"))


def test_a_changed_wheel_is_refused(tmp_path: Path) -> None:
    """One changed byte, and the wheel is not run; the message names the file and the remedy."""
    good = b"a wheel"
    pin = environment.Pin("pip", "1.0", hashlib.sha256(good).hexdigest())
    (tmp_path / pin.wheel).write_bytes(good)
    assert environment.checked_wheel(tmp_path, pin) == tmp_path / pin.wheel
    (tmp_path / pin.wheel).write_bytes(b"a whee1")
    with pytest.raises(environment.SetupError, match=r"pip-1\.0.*not the pinned.*check it out"):
        environment.checked_wheel(tmp_path, pin)


def test_a_missing_wheel_is_named(tmp_path: Path) -> None:
    """A checkout without the wheel says which file is missing."""
    with pytest.raises(environment.SetupError, match=r"pip-1\.0-py3-none-any\.whl is missing"):
        environment.checked_wheel(tmp_path, environment.Pin("pip", "1.0", "0" * 64))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pip==26.3",
        "pip==26.3 \\\n    --hash=sha256:abc\n",
        "pip==26.3 \\\n    --hash=md5:0123456789abcdef0123456789abcdef\n",
        f"pip==1 \\\n --hash=sha256:{'0' * 64}\nsix==1 \\\n --hash=sha256:{'0' * 64}\n",
    ],
)
def test_a_pin_without_exactly_one_digest_is_refused(text: str) -> None:
    """Only one version with one SHA-256 is a pin."""
    with pytest.raises(environment.SetupError, match=r"pip\.lock must hold"):
        environment.read_pin(text)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Copy the files that an environment depends on."""
    (tmp_path / "requirements").mkdir()
    names = ["pyproject.toml", *(f"requirements/{name}.lock" for name in ("run", "dev", "pip"))]
    for name in names:
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(
    "name", ["pyproject.toml", "requirements/run.lock", "requirements/pip.lock"]
)
def test_a_changed_lock_makes_the_environment_again(house: Path, name: str) -> None:
    """The second `make up` is skipped only while nothing that it depends on has changed."""
    before = environment.stamp_for("run", root=house)
    assert environment.stamp_for("run", root=house) == before
    with (house / name).open("a") as changed:
        changed.write("\n")
    assert environment.stamp_for("run", root=house) != before


def test_another_python_or_place_makes_the_environment_again(house: Path) -> None:
    """An environment belongs to one Python and one folder; a copy of it is not trusted."""
    here = environment.stamp_for("run", root=house)
    assert environment.stamp_for("run", root=house, python="cpython-399") != here
    elsewhere = house / "elsewhere"
    shutil.copytree(house, elsewhere, ignore=shutil.ignore_patterns("elsewhere"))
    assert environment.stamp_for("run", root=elsewhere) != here


def test_the_development_lock_concerns_only_developers(house: Path) -> None:
    """A change of the development lock does not touch an environment for running."""
    run, dev = (environment.stamp_for(kind, root=house) for kind in ("run", "dev"))
    with (house / "requirements" / "dev.lock").open("a") as changed:
        changed.write("\n")
    assert environment.stamp_for("run", root=house) == run
    assert environment.stamp_for("dev", root=house) != dev


@pytest.mark.parametrize("written", ["", "{", "[]", "null"])
def test_a_damaged_stamp_counts_as_none(tmp_path: Path, written: str) -> None:
    """A stamp that cannot be read never passes for a finished environment."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    (tmp_path / environment.STAMPS).write_text(written)
    assert environment.read_stamps(tmp_path) == {}


def test_a_stamp_without_a_python_counts_as_none(tmp_path: Path) -> None:
    """A stamp is not believed when the environment's Python is gone."""
    (tmp_path / environment.STAMPS).write_text(json.dumps({"run": "x"}))
    assert environment.read_stamps(tmp_path) == {}


@pytest.mark.parametrize(
    "lock", ["run.lock", "dev.lock", "pip.lock", "postgres.lock", "mlflow.lock"]
)
def test_every_locked_package_has_a_hash_and_no_index(lock: str) -> None:
    """A lock names versions and hashes only: what is installed is checked, wherever it is from."""
    text = (ROOT / "requirements" / lock).read_text()
    assert "://" not in text
    entries = [entry for entry in text.replace("\\\n", " ").splitlines() if entry.strip()]
    assert entries
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", "15.18"),
        ("postgres (PostgreSQL) 18.4", "18.4"),
        ("postgres (PostgreSQL) 19beta1", "19beta1"),
    ],
)
def test_postgresql_15_and_newer_are_accepted(line: str, version: str) -> None:
    """PostgreSQL 15 and everything after it will do."""
    assert postgres.new_enough(line) == version


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("postgres (PostgreSQL) 14.22", "14.22 is too old; 15 or newer"),
        ("postgres (PostgreSQL) 9.6.24", "9.6.24 is too old; 15 or newer"),
        ("mysqld 8.4", "not a PostgreSQL version"),
        ("", "not a PostgreSQL version"),
    ],
)
def test_an_older_postgresql_is_refused(line: str, reason: str) -> None:
    """An older server, or none, is refused with the version found and the version needed."""
    with pytest.raises(postgres.PostgresError, match=reason):
        postgres.new_enough(line)


def test_a_folder_too_long_for_a_socket_is_refused(tmp_path: Path) -> None:
    """A path that a Unix socket cannot have is refused before anything is made there."""
    folder = tmp_path / ("long" * 30)
    with pytest.raises(postgres.PostgresError, match="too long a path"):
        postgres.start(folder)
    assert not folder.exists()


@pytest.mark.slow
def test_a_run_shares_one_server_with_fsync_and_it_ends_with_the_run(tmp_path: Path) -> None:
    """Two workers share one server that keeps fsync on, and it is gone when the last one leaves."""
    import psycopg  # noqa: PLC0415 - only this test needs a database

    with (
        server_shared_in(tmp_path) as url,
        server_shared_in(tmp_path) as again,
        fresh_database(url) as database,
    ):
        assert url == again
        with psycopg.connect(database.replace("+psycopg", "")) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    folder = Path(url.partition("host=")[2].partition("&")[0])
    assert _gone(folder)


def _gone(folder: Path) -> bool:
    for _ in range(600):
        if not folder.exists():
            return True
        time.sleep(0.1)
    return False


def test_requirement_rows_are_read() -> None:
    """Every row of the table becomes one requirement, bars in its sentence included."""
    first, second = requirements.read_table(TABLE)
    assert first == requirements.Requirement(
        "ABC-01", "Do one thing \\| well.", "C", "S0, S1", "CC1.1"
    )
    assert (second.id, second.kind, second.criteria) == ("ABC-02", "K", "")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("| ABC-03 | No kind. | Z | S0 | |", "line 6 is no requirement row"),
        ("| ABC-01 | Again. | C | S0 | |", "line 6 names ABC-01 a second time"),
    ],
)
def test_a_broken_requirement_row_is_refused(line: str, reason: str) -> None:
    """A row that cannot be read, or comes twice, is refused with its line; none is lost."""
    with pytest.raises(requirements.RequirementsError, match=reason):
        requirements.read_table(TABLE + line)


def test_the_real_table_has_every_row() -> None:
    """All 366 founding requirements are in docs/requirements.md."""
    assert len(requirements.read_table((ROOT / "docs" / "requirements.md").read_text())) == 366


def test_claims_are_found_wherever_a_marker_may_stand() -> None:
    """A test, its class, its module and one of its parameters may each claim rows."""
    source = """
import pytest
pytestmark = pytest.mark.requirement("ABC-01")

@pytest.mark.requirement("ABC-02", "ABC-03")
class TestAll:
    @pytest.mark.requirement("ABC-04")
    async def test_one(self): ...

@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.requirement("ABC-05"))])
def test_two(x): ...
"""
    claims = [(claim.id, claim.test) for claim in requirements.claims_in(source, "t.py")]
    assert claims == [
        ("ABC-01", "t.py"),
        ("ABC-02", "t.py::TestAll"),
        ("ABC-03", "t.py::TestAll"),
        ("ABC-04", "t.py::TestAll::test_one"),
        ("ABC-05", "t.py::test_two"),
    ]


def test_a_claim_that_is_not_a_literal_is_refused() -> None:
    """A computed ID could not be read here, so it is refused with its place."""
    with pytest.raises(requirements.RequirementsError, match=r"t\.py:1: .*literal, not by ID"):
        requirements.claims_in("pytestmark = pytest.mark.requirement(ID)", "t.py")


def test_a_claim_for_an_unknown_row_fails() -> None:
    """A test cannot prove a requirement that does not exist."""
    rows = requirements.read_table(TABLE)
    claims = requirements.claims_in(
        '@pytest.mark.requirement("ABC-99")\ndef test_it(): ...', "t.py"
    )
    with pytest.raises(requirements.RequirementsError, match=r"ABC-99 in t\.py::test_it, line 1"):
        requirements.tests_by_requirement(rows, claims)


def test_every_claim_in_this_house_names_a_real_row() -> None:
    """`make requirements` succeeds on this very tree, and counts what it shows."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.requirements", "--json"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert len(json.loads(done.stdout)) == 366


def test_rows_and_their_proofs_are_laid_out() -> None:
    """The table shows each row once, with its tests below each other and a dash for none."""
    rows = requirements.read_table(TABLE)
    shown = requirements.as_table(rows, {"ABC-01": ["t.py::a", "t.py::b"], "ABC-02": []})
    lines = shown.splitlines()
    assert lines[1].endswith("C     t.py::a")
    assert lines[2].strip() == "t.py::b"
    assert lines[3].endswith("K     -")


def test_a_failed_step_shows_its_output_and_keeps_its_exit_code(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A quiet step that fails says everything it had to say and fails the command."""
    program = "import sys; print('the reason'); sys.exit(3)"
    assert step.main(["Trying", "--", sys.executable, "-c", program]) == 3
    said = capfd.readouterr()
    assert "FAILED" in said.out
    assert "the reason" in said.err


def test_a_step_that_succeeds_stays_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    """A step that succeeds prints its one line and nothing of its own output."""
    assert step.main(["Trying", "--", sys.executable, "-c", "print('chatter')"]) == 0
    said = capfd.readouterr()
    assert said.out.count("\n") == 1
    assert "chatter" not in said.out + said.err


def test_a_browser_of_ones_own_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """MUNIMENT_TEST_CHROMIUM wins over every browser on the machine; a wrong one is refused."""
    monkeypatch.setenv(browser.OWN_BROWSER, "/nowhere/chromium")
    assert browser.find_chromium() == Path("/nowhere/chromium")
    with pytest.raises(browser.BrowserError, match="/nowhere/chromium is not there"):
        browser.ensure_chromium()


def test_every_command_has_its_line_of_help() -> None:
    """`make` alone lists every command that docs/develop.md explains."""
    listed = subprocess.run(
        ["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    page = (ROOT / "docs" / "develop.md").read_text()
    commands = [line.split()[1] for line in listed.splitlines() if line.startswith("  make ")]
    assert {"up", "dev", "test", "test-slow", "check", "soak", "requirements"} <= set(commands)
    assert [name for name in commands if f"`make {name.rstrip('%')}" not in page] == []
