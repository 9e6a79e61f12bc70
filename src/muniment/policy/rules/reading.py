"""Reads policy files: every rule named, explained and valid by the schema, or problems with places.

All problems of all files are told at once. A rule must carry `@id` and `@reason`; a forbid that can
be cured carries `@remedy`, which a permit cannot. Templates are refused: what is judged stands in
the file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import cedarpy
from cedarpy import pst

from muniment.core.errors import InvalidError
from muniment.policy.models import NAMESPACE, Bundle, Problem, Remedy, Rule, Source, bundle_digest
from muniment.policy.rules.splitting import Piece, pieces, place, where_word, where_wrong

MAX_FILE_BYTES: Final = 1024 * 1024
MAX_RULES: Final = 5_000
_ID: Final = re.compile(r"[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*\Z")
_MAX_ID_CHARS: Final = 100
_QUOTED: Final = re.compile(r"`([^`]+)`")
_NO_GRAMMAR: Final = ("unexpected", "invalid token")
_OWN_NAME: Final = re.compile(r"policy[0-9]+\Z")


def read_bundle(
    sources: Iterable[Source], schema: str, *, validated: bool = False
) -> tuple[Bundle | None, tuple[Problem, ...]]:
    """Read policy files under a schema; give the rules, or every problem there is.

    Files that were validated under this very schema before, as their digest proves, are only read.
    """
    files = tuple(sorted(sources, key=lambda each: each.name))
    found: list[Rule] = []
    problems: list[Problem] = []
    for source in files:
        rules, wrong = _read_file(source, schema, validated=validated)
        found += rules
        problems += wrong
    problems += _repeated(found)
    if len(found) > MAX_RULES:
        says = f"there are {len(found):,} rules"
        problems.append(Problem(files[0].name, 1, 1, says, f"Keep {MAX_RULES:,} at most."))
    if problems:
        return None, tuple(sorted(problems, key=lambda each: (each.source, each.line)))
    return Bundle(files, tuple(found), bundle_digest(files, schema)), ()


def _read_file(source: Source, schema: str, *, validated: bool) -> tuple[list[Rule], list[Problem]]:
    size = len(source.text.encode("utf-8", "replace"))
    if size > MAX_FILE_BYTES:
        says = f"the file has {size:,} bytes"
        return [], [Problem(source.name, 1, 1, says, f"Split it; {MAX_FILE_BYTES:,} at most.")]
    at_once = _read_at_once(source, schema, validated=validated)
    if at_once is not None:
        return at_once, []
    rules: list[Rule] = []
    problems: list[Problem] = []
    for piece in pieces(source.text):
        parsed, wrong = _parse(source, piece)
        if parsed is None:
            problems += wrong
            continue
        wrong = [*_unfit(source, piece, parsed), *_invalid(source, piece, schema)]
        problems += wrong
        if not wrong:
            rules.append(_rule(source, piece, parsed))
    return rules, problems


def _read_at_once(source: Source, schema: str, *, validated: bool) -> list[Rule] | None:
    """Read a file that is right in one go; nothing, if each policy must be looked at by itself."""
    try:
        parsed = cedarpy.policies_to_pst(source.text)
    except ValueError:
        return None
    found = parsed.static_policies
    cut = tuple(pieces(source.text))
    if parsed.templates or len(cut) != len(found) or any(name not in found for name in _own(cut)):
        return None
    if not validated and cedarpy.validate_policies(source.text, schema).errors:
        return None
    both = [(piece, found[name]) for name, piece in zip(_own(cut), cut, strict=True)]
    if any(_unfit(source, piece, tree) for piece, tree in both):
        return None
    return [_rule(source, piece, tree) for piece, tree in both]


def _own(cut: Sequence[Piece]) -> list[str]:
    """Name policies as Cedar does, by their place in the text."""
    return [f"policy{number}" for number in range(len(cut))]


def _parse(source: Source, piece: Piece) -> tuple[pst.Template | None, list[Problem]]:
    said = _failure(piece.text)
    if said:
        line, column = place(source.text, piece.start + _where(piece.text, said))
        return None, [Problem(source.name, line, column, f"{said}.", "Mend the policy.")]
    try:
        tree = cedarpy.policies_to_pst(piece.text)
    except ValueError as error:
        line, column = place(source.text, piece.start)
        return None, [Problem(source.name, line, column, f"{error}.", "Write it more simply.")]
    if tree.templates or not tree.static_policies:
        line, column = place(source.text, piece.start)
        says = "a template is judged only when it is linked."
        return None, [Problem(source.name, line, column, says, "Name the principal and resource.")]
    return next(iter(tree.static_policies.values())), []


def _where(text: str, said: str) -> int:
    """Find the place: what is no grammar at all by trying, what is named by its name."""
    if said.startswith(_NO_GRAMMAR):
        found = where_wrong(text, _failure)
        token = _QUOTED.search(said)  # the parser reads on a little before it complains
        return found if token is None else text.rfind(token[1], 0, found + len(token[1]))
    return where_word(text, said.replace("`", " ").split()[-1].lstrip("@"))


def _failure(text: str) -> str:
    try:
        cedarpy.PolicySet.from_str(text)
    except ValueError as error:
        return str(error)
    return ""


def _unfit(source: Source, piece: Piece, parsed: pst.Template) -> list[Problem]:
    """Check what a rule says of itself."""
    notes = parsed.annotations
    named = notes.get("id", "")

    def problem(word: str, says: str, remedy: str) -> Problem:
        line, column = place(source.text, piece.start + where_word(piece.text, word))
        return Problem(source.name, line, column, says, remedy, named)

    found: list[Problem] = []
    if not named:
        found.append(problem("", "it has no @id.", 'Give it one: @id("area.what-it-does").'))
    elif len(named) > _MAX_ID_CHARS or not _ID.match(named):
        says = f"{named[:40]!r} is not an id."
        found.append(problem("id", says, "Use small letters, digits, dots and hyphens."))
    if not notes.get("reason", "").strip():
        remedy = 'Say why it is there: @reason("…"); people read it when it decides.'
        found.append(problem("", "it gives no @reason.", remedy))
    if "remedy" in notes:
        if parsed.effect == "permit":
            says = "a permit needs no remedy."
            found.append(problem("remedy", says, "Take it away, or write a forbid."))
        try:
            Remedy.read(notes["remedy"])
        except InvalidError as error:
            found.append(problem("remedy", f"{error.message}.", error.remedy))
    return found


def _invalid(source: Source, piece: Piece, schema: str) -> list[Problem]:
    """Check a rule against the schema."""
    result = cedarpy.validate_policies(piece.text, schema)
    found = []
    for error in result.errors:
        words = [word for word in _QUOTED.findall(error.error) if not _OWN_NAME.match(word)]
        spot = next((at for word in words if (at := where_word(piece.text, word))), 0)
        line, column = place(source.text, piece.start + spot)
        says = re.sub(r"\A(for policy `policy[0-9]+`, )", "", error.error)
        remedy = "The schema, schema.cedarschema beside the rules, lists what can be named."
        found.append(Problem(source.name, line, column, f"{says}.", remedy))
    return found


def _rule(source: Source, piece: Piece, parsed: pst.Template) -> Rule:
    notes = parsed.annotations
    controls = tuple(part.strip() for part in notes.get("control", "").split(",") if part.strip())
    return Rule(
        id=notes["id"],
        effect=parsed.effect,
        reason=notes["reason"].strip(),
        controls=controls,
        remedy=Remedy.read(notes["remedy"]) if "remedy" in notes else None,
        actions=_actions(parsed.action),
        resources=_types(parsed.resource),
        source=source.name,
        line=place(source.text, piece.start)[0],
        text=piece.text,
    )


def _actions(constraint: pst.ActionConstraint) -> frozenset[str] | None:
    match constraint:
        case pst.ActionEq(entity):
            return frozenset({entity.id})
        case pst.ActionIn(entities):
            return frozenset(each.id for each in entities)
        case _:
            return None


def _types(constraint: pst.PrincipalOrResourceConstraint) -> frozenset[str] | None:
    match constraint:
        case pst.ScopeEq(pst.EntityUid(kind, _)):
            return frozenset({_short(kind)})
        case pst.ScopeIs(kind) | pst.ScopeIsIn(kind, _):
            return frozenset({_short(kind)})
        case _:
            return None


def _short(kind: pst.EntityType) -> str:
    return str(kind).removeprefix(f"{NAMESPACE}::")


def _repeated(rules: Sequence[Rule]) -> list[Problem]:
    counted = Counter(each.id for each in rules)
    return [
        Problem(
            each.source,
            each.line,
            1,
            "another rule has this id too.",
            "Give each rule an id of its own.",
            each.id,
        )
        for each in rules
        if counted[each.id] > 1
    ]
