"""The verifier as a command: one file, no installed package, three answers, four exit codes."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from muniment import verify
from muniment.ledger.rules import format_proof, inclusion_proof
from muniment.verify import Proof, TileTree, leaf_hash, main
from tests.verify.log_maker import Log, entries, policy_text, signer, witness

SOURCE = Path(verify.__file__)
FROZEN = Path(__file__).parent / "data/ledger/frozen"
VKEY = signer().key.vkey
ADA = witness("w.example/ada")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of 600 entries, with what a reader needs beside it."""
    base = tmp_path_factory.mktemp("log")
    log = Log(base / "tiles", witnesses=[ADA])
    (base / "older").write_bytes(log.append(entries(600)[:300]))
    log.append(entries(600)[300:])
    (base / "policy").write_bytes(policy_text(log.log_signer, {"Ada": ADA}))
    (base / "keys").write_text(f"# the log's key\n\n{VKEY}\n", encoding="utf-8")
    (base / "entry").write_bytes(log.all_entries[7])
    tree = TileTree(verify.FolderSource(str(base / "tiles")), 600)
    checkpoint = (base / "tiles/checkpoint").read_bytes()
    proof = Proof(7, tuple(inclusion_proof(tree.node, 7, 600)), checkpoint)
    (base / "proof").write_bytes(format_proof(proof))
    return base


def alone(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of the file in an empty folder, isolated and without site packages."""
    copy = tmp_path / "empty"
    copy.mkdir()
    shutil.copy(SOURCE, copy / "verify.py")
    command = [sys.executable, "-I", "-S", "verify.py", *arguments]
    return subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)


def test_the_file_runs_alone(folder: Path, tmp_path: Path) -> None:
    """Copied away, isolated and without any package, it verifies a log with its witness."""
    policy = str(folder / "policy")
    done = alone(tmp_path, str(folder / "tiles"), "--policy", policy, "--jobs", "2")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "Independent witness: Ada (2026-11-21T12:00:00Z)"
    assert lines[1] == f"MET: {folder / 'tiles'}"


def test_the_file_alone_names_a_changed_entry(folder: Path, tmp_path: Path) -> None:
    """Without any package, a changed entry is named and the exit code is 1."""
    shutil.copytree(folder / "tiles", tmp_path / "tiles")
    bundle = tmp_path / "tiles/tile/entries/001"
    bundle.write_bytes(bundle.read_bytes().replace(b"psn_ada", b"psn_bob", 1))
    done = alone(tmp_path, str(tmp_path / "tiles"), "--key", VKEY, "--json")
    assert (done.returncode, done.stderr) == (1, "")
    report = json.loads(done.stdout)
    assert report["answer"] == "not met"
    assert report["findings"][0]["message"] == "entry 256 is changed or missing"
    assert report["findings"][0]["index"] == 256


def test_the_file_imports_the_standard_library_only() -> None:
    """Nothing but the standard library, and one library it can do without, is imported."""
    names = set()
    for node in ast.walk(ast.parse(SOURCE.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    assert names - sys.stdlib_module_names == {"cryptography"}


def test_answers_of_years_ago_stay_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """A log, a policy and a proof kept as files verify today as on the day they were written."""
    policy = str(FROZEN / "policy")
    assert main([str(FROZEN / "log"), "--policy", policy]) == 0
    assert (
        main([str(FROZEN / "3.tlog-proof"), "--policy", policy, "--entry", str(FROZEN / "3.json")])
        == 0
    )
    assert capsys.readouterr().out.count("Independent witness: Auditor") == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["{tiles}", "--key", VKEY], 0),
        (["{tiles}", "--key-file", "{base}/keys", "--hashes-only"], 0),
        (["{tiles}", "--policy", "{base}/policy", "--own-witness", "Ada"], 0),
        (["{tiles}", "--key", VKEY, "--old", "{base}/older"], 0),
        (["{tiles}", "--key", VKEY, "--checkpoint", "{base}/older"], 0),
        (["{tiles}", "--key", VKEY, "--from", "256", "--tolerance", "0"], 0),
        (["{base}/older", "--key", VKEY], 0),
        (["{base}/proof", "--key", VKEY, "--entry", "{base}/entry"], 0),
        (["{base}/proof", "--key", VKEY, "--leaf", "{leaf}"], 0),
        (["{base}/proof", "--key", VKEY, "--leaf", "00" * 32], 1),
        (["{base}/proof", "--key", VKEY], 3),
        (["{base}/keys", "--key", VKEY], 1),
        (["{tiles}"], 3),
        (["{tiles}", "--key", signer("other.example").key.vkey], 1),
        (["http://127.0.0.1:1/log", "--key", VKEY, "--timeout", "2"], 3),
        (["{base}/nowhere", "--key", VKEY], 2),
        (["{tiles}", "--key", "nonsense"], 2),
        (["{tiles}", "--key", ADA.key.vkey], 2),
        (["{tiles}", "--policy", "{base}/keys"], 2),
        (["{tiles}", "--key-file", "{base}/nowhere"], 2),
        (["{base}/proof", "--leaf", "xyz"], 2),
        (["gopher://x/log"], 2),
    ],
)
def test_each_use_has_its_exit_code(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int
) -> None:
    """0 met, 1 not met, 2 wrong use with a sentence, 3 could not tell."""
    leaf = leaf_hash((folder / "entry").read_bytes()).hex()
    filled = [one.format(base=folder, tiles=folder / "tiles", leaf=leaf) for one in arguments]
    assert main([*filled, "--jobs", "1"]) == code
    told = capsys.readouterr()
    if code == 2:
        assert told.err.startswith("verify: ")
        assert told.out == ""
    else:
        assert told.out.splitlines()[0].split(":")[0] in {
            "No independent witness",
            "Independent witness",
        }


@pytest.mark.parametrize("arguments", [[], ["x", "--jobs", "many"], ["--nothing"]])
def test_wrong_arguments_end_with_two(arguments: list[str]) -> None:
    """What is not a command line at all ends with exit code 2."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2


def test_hostile_text_does_not_reach_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Escape sequences and direction marks in names are shown as question marks."""
    text = "evil\u009b31m\u202e.example\n5\n" + "A" * 43 + "=\n"
    (tmp_path / "checkpoint").write_bytes(
        (text + "\n\u2014 evil\u009b31m\u202e AAAAAAA=\n").encode()
    )
    assert main([str(tmp_path / "checkpoint")]) == 3
    shown = capsys.readouterr().out
    assert shown.isascii()
    assert main([str(tmp_path / "checkpoint"), "--json"]) == 3
    assert capsys.readouterr().out.isascii()
