"""What is known of a model's files, as one answer to a change, and as SARIF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from muniment.core import sarif
from muniment.registry.models import Danger, Fact, Kept, Scan, Severity, Verdict

_LEVELS: Final = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}
RULES: Final = {
    "pickle.dangerous_import": "A pickle may run a program when it is loaded.",
    "pickle.hidden_import": "A pickle imports a name that is put together while it is loaded.",
    "pickle.unknown_import": "A pickle imports a name that is not known to be harmless.",
    "numpy.objects": "An array of objects is a pickle.",
    "keras.lambda": "A Lambda layer carries a program.",
    "template.program": "A template reaches for more than what it is given.",
    "onnx.operator": "Operators come from a library of their own.",
    "onnx.traversal": "A tensor is read from a file outside of the model's folder.",
    "zip.bomb": "An archive unpacks to far more than it holds.",
    "zip.polyglot": "A file is an archive and something else.",
    "zip.hidden": "Bytes of an archive belong to no entry.",
    "zip.overlap": "Entries of an archive share their bytes.",
    "zip.differs": "The list of an archive and its entries differ.",
    "zip.traversal": "An entry leads out of the archive.",
    "zip.name": "Entries share a name, or a name is cut.",
    "zip.link": "An entry is a link to elsewhere.",
    "archive.nested": "Archives lie too deep inside each other.",
    "file.program": "A program lies beside the model.",
}


def scan_answer(files: Sequence[Kept], reported: Fact | None) -> tuple[Verdict, str]:
    """Answer whether every file was found safe; a report from outside stands in for no scan."""
    known = [each for each in files if each.scan is not None]
    return _answer([each.scan_answer for each in known], len(files), reported, "found safe")


def signature_answer(files: Sequence[Kept], reported: Fact | None) -> tuple[Verdict, str]:
    """Answer whether every file is signed by a key that counts."""
    known = [each for each in files if each.signature is not None]
    return _answer([each.signed for each in known], len(files), reported, "signed")


def _answer(
    answers: Sequence[tuple[Verdict, str]], count: int, reported: Fact | None, done: str
) -> tuple[Verdict, str]:
    wrong = [says for verdict, says in answers if verdict == "not_met"]
    if wrong:
        return "not_met", wrong[0]
    if reported is not None and reported.verdict == "not_met":
        return "not_met", reported.says
    unsure = [says for verdict, says in answers if verdict == "could_not_tell"]
    if unsure:
        return "could_not_tell", unsure[0]
    if len(answers) == count:
        return "met", f"{count} of {count} files are {done}."
    if reported is not None:
        return reported.verdict, reported.says
    says = f"{len(answers)} of {count} files are {done}; of the others nothing is known."
    return "could_not_tell", says


def as_sarif(scans: Sequence[tuple[str, Scan]], *, version: str) -> dict[str, Any]:
    """Write what scans of files found as SARIF; what was not read stands there too."""
    results = [_result(name, each) for name, scan in scans for each in scan.scanned.dangers]
    used = sorted({each.rule for each in results})
    missed = [
        sarif.Missed(_inside(name, each.file), f"not looked into: {each.why}")
        for name, scan in scans
        for each in scan.scanned.unread
    ]
    rules = [sarif.Rule(each, RULES.get(each, "")) for each in used]
    return sarif.report(results, rules, version=version, missed=missed)


def _result(name: str, danger: Danger) -> sarif.Result:
    file = _inside(name, danger.file)
    where = f" ({danger.place})" if danger.place else ""
    return sarif.Result(
        rule=danger.rule,
        level=_LEVELS[danger.severity],
        says=f"{danger.severity.value}: {danger.why}{where}.",
        file=file,
        mark=[danger.rule, file, danger.place, danger.why],
        place=danger.place,
    )


def _inside(name: str, file: str) -> str:
    """Name a file within a file by the name it has here."""
    return name + file[file.index("!") :] if "!" in file else name
