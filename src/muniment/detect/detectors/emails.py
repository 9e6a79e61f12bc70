"""E-mail addresses, judged by their form alone: no list of public suffixes is fetched."""

from __future__ import annotations

from typing import Final

from muniment.detect.models import Checked, Family, Pattern, Sheet

_LETTERS: Final = r"A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff"
_SIGNS: Final = r"\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af"
"""Chinese, Japanese and Korean; a text in them has no spaces, so such an address is all of them."""

_PARTING: Final = (".", "-")
_FILES: Final = frozenset({"png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "html", "py"})


def address(value: str) -> Checked:
    """No double dots, no hyphen at a part's end, and no name of a file."""
    name, _, domain = value.partition("@")
    start = len(name) - len(name.lstrip("._%+'-"))
    if domain.rpartition(".")[2].lower() in _FILES:
        return Checked(False, "the name of a file")
    if start == len(name) or ".." in name or name.endswith(".") or _is_no_domain(domain):
        return Checked(False, "a name or domain that cannot be")
    return Checked(True, "name and domain are possible", (start, len(value)))


def _is_no_domain(domain: str) -> bool:
    """Tell whether a part of a domain is empty, or begins or ends with a hyphen."""
    return (
        not domain
        or domain.startswith(_PARTING)
        or domain.endswith(_PARTING)
        or ".." in domain
        or ".-" in domain
        or "-." in domain
    )


PATTERNS: Final = (
    Pattern(
        id="email",
        reach=80,
        stops="@ \n",
        type="EMAIL_ADDRESS",
        family=Family.PII,
        trigger=r"[A-Za-z0-9\x80-\xff]@[A-Za-z0-9\x80-\xff]",
        regex=rf"[{_LETTERS}0-9._%+'\-]{{1,64}}@[{_LETTERS}0-9\-]{{1,63}}"
        rf"(?:\.[{_LETTERS}0-9\-]{{1,63}}){{0,8}}\.[{_LETTERS}]{{2,24}}"
        r"(?![A-Za-z0-9_]|:[A-Za-z0-9_.~\-]+/)"
        rf"|[{_SIGNS}0-9A-Za-z._\-]{{1,20}}@[{_SIGNS}0-9A-Za-z\-]{{1,20}}\.[{_SIGNS}]{{2,6}}",
        score=0.99,
        firm=True,
        validator=address,
        joins="",
    ),
)
SHEETS: Final = (
    Sheet(
        type="EMAIL_ADDRESS",
        family=Family.PII,
        title="E-mail addresses",
        finds="Addresses of the form name@domain.tld, also with letters of other alphabets.",
        limits="Addresses without a dot in the domain are not found.",
        examples=("maria.lopez@example.com",),
        near_misses=("@handle", "user@localhost"),
    ),
)
