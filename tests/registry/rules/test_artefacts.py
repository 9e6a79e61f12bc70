"""Tests of the answers about files, and of their SARIF."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from muniment.registry import Fact, Kept, Scan, Scanned, Severity, Signature, Verdict
from muniment.registry.rules import artefacts
from tests.registry.making import AT
from tests.registry.rules.scanning.files import Evil, archive, scanned, torch_file

SCHEMA = json.loads((Path(__file__).parents[2] / "data" / "sarif-2.1.0.json").read_text())
DIGEST = "sha256:" + "a" * 64


def kept(found: Scanned | None, signed: Verdict = "met") -> Kept:
    """Make a file with a scan and a signature."""
    scan = Scan("scn_1", "sys_1", DIGEST, "s", found, "per_1", AT) if found else None
    signature = Signature("sig_1", "sys_1", DIGEST, DIGEST, signed, "says", {}, "per_1", AT)
    return Kept("m.bin", DIGEST, None, scan, signature, (signed, "says"))


def fact(verdict: Verdict) -> Fact:
    """Make a report from outside."""
    return Fact("fct_1", "sys_1", DIGEST, "artefact_scan", verdict, "reported", "per_1", AT)


GOOD, BAD, ODD = Scanned("safetensors"), scanned(torch_file(Evil())), scanned(b"\0\1")


@pytest.mark.parametrize(
    ("files", "reported", "wanted"),
    [
        ((GOOD, GOOD), None, "met"),
        ((GOOD, BAD), fact("met"), "not_met"),
        ((GOOD, ODD), fact("met"), "could_not_tell"),
        ((GOOD, None), None, "could_not_tell"),
        ((GOOD, None), fact("met"), "met"),
        ((GOOD, GOOD), fact("not_met"), "not_met"),
        ((None,), fact("could_not_tell"), "could_not_tell"),
    ],
)
def test_one_answer_for_all_files(
    files: tuple[Scanned | None, ...], reported: Fact | None, wanted: Verdict
) -> None:
    """The worst counts; a report from outside fills a gap and never outdoes what was found here."""
    found = artefacts.scan_answer([kept(each) for each in files], reported)
    assert found[0] == wanted


def test_signatures_are_answered_alike() -> None:
    """Every file must be signed."""
    assert artefacts.signature_answer([kept(GOOD)], None) == ("met", "1 of 1 files are signed.")
    both = [kept(GOOD), kept(GOOD, "could_not_tell")]
    assert artefacts.signature_answer(both, None)[0] == "could_not_tell"


def test_the_sarif_is_lawful_and_the_same_each_time() -> None:
    """It passes the official schema, names files within files, and tells what was not read."""
    inner = archive({"a/data.pkl": torch_file(Evil()), "b": b"\0\1", "../c": b"x"})
    scan = Scan("scn_1", "sys_1", DIGEST, "s", scanned(inner), "per_1", AT)
    value = artefacts.as_sarif([("m.zip", scan)], version="1.0")
    jsonschema.validate(value, SCHEMA)
    run = value["runs"][0]
    assert {each["ruleId"] for each in run["results"]} >= {
        "pickle.dangerous_import",
        "zip.traversal",
    }
    assert run["invocations"][0]["executionSuccessful"] is False
    assert value == artefacts.as_sarif([("m.zip", scan)], version="1.0")
    jsonschema.validate(artefacts.as_sarif([], version="1.0"), SCHEMA)


def test_every_rule_that_can_speak_has_a_sentence() -> None:
    """What a scan names is explained."""
    for data in (torch_file(Evil()), archive({"../c": b"x"}), b"xx" + archive({"a": b"x"})):
        assert {each.rule for each in scanned(data).dangers} <= set(artefacts.RULES)
    assert Severity.HIGH in {each.severity for each in scanned(archive({"../c": b""})).dangers}
