"""Commands about files of models."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from muniment import registry
from muniment.cli.registry.artefacts import write_whole
from muniment.core.errors import InvalidError
from tests.cli.registry.left import Left
from tests.registry.rules.scanning.files import Evil, safetensors_file
from tests.registry.signed import a_key, public_of
from tests.server.registered import KEY

SAFE = safetensors_file({"a": {"dtype": "U8", "shape": [2], "data_offsets": [0, 2]}}, b"ab")


def test_files_are_kept_scanned_signed_and_taken_out(left: Left) -> None:
    """From the disk to the vault and back, with exit codes that a pipeline can use."""
    with left.inside() as house:
        house.live()
    good, bad = left.folder / "good.safetensors", left.folder / "bad.pkl"
    good.write_bytes(SAFE)
    bad.write_bytes(pickle.dumps(Evil()))
    said = left.said("artefact", "add", KEY, str(good), str(bad))
    digests = [word for word in said.split() if word.startswith("sha256:")]
    assert "met: Nothing unsafe" in said
    assert "pickle.dangerous_import" in said
    assert left("artefact", "scan", KEY, digests[0]) == 0
    sarif = left.folder / "found.sarif"
    assert left("artefact", "scan", KEY, digests[1], "--sarif", str(sarif)) == 1
    assert json.loads(sarif.read_text())["runs"][0]["results"][0]["level"] == "error"
    left.capsys.readouterr()
    assert left("artefact", "scan", KEY, digests[1], "--json") == 1
    assert json.loads(left.capsys.readouterr().out)["verdict"] == "not_met"
    assert {each["name"] for each in left.json("artefact", "list", KEY)} == {good.name, bad.name}
    assert "good.safetensors" in left.said("artefact", "list", KEY)
    out = left.folder / "out"
    left.said("artefact", "get", KEY, digests[0], "--out", str(out))
    assert out.read_bytes() == SAFE
    assert left("artefact", "add", KEY, str(good), "--digest", "sha256:" + "0" * 64) == 2
    assert left("artefact", "add", KEY, str(left.folder / "none")) == 2
    assert left("artefact", "get", KEY, "sha256:" + "0" * 64, "--out", str(out)) == 4


def test_a_signature_is_made_here_and_checked(left: Left) -> None:
    """By a key that counts it is right; of an unknown key one cannot tell."""
    with left.inside() as house:
        house.live()
    key = a_key()
    private = left.file("k.pem", key.decode())
    model, signature = left.file("m.bin", "weights"), str(left.folder / "m.sig")
    assert "1 files" in left.said("artefact", "sign", model, "--key", private, "--out", signature)
    assert left("artefact", "verify", KEY, signature) == 3
    with left.inside() as house, house.house.database.work(house.who("compliance").actor) as work:
        signer = registry.trust_signer(work, "Us", public_of(key), reason="ours")
    assert left("artefact", "verify", KEY, signature) == 0
    assert [each["id"] for each in left.json("artefact", "signers")] == [signer.id]
    assert "Us" in left.said("artefact", "signers")
    assert left("artefact", "sign", model, "--key", model, "--out", signature) == 2


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """What breaks off half-way leaves the older file and no other."""
    out = tmp_path / "out"
    out.write_text("older")

    def broken() -> object:
        yield b"half"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_whole(out, broken())  # type: ignore[arg-type]  # a generator is an iterator
    assert out.read_text() == "older"
    assert [each.name for each in tmp_path.iterdir()] == ["out"]
    with pytest.raises(InvalidError):
        write_whole(tmp_path / "none" / "out", iter(()))
