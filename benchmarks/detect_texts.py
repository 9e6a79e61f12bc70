"""Texts with known values, written by templates that nothing else in this repository uses.

Values are made here by the schemes' own rules and not with the detector's code, so that a wrong
rule there shows here. The same seed gives the same texts.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_BODIES = (
    "Hey, quick one before lunch: {label} {value} - can you check it?",
    "{label}: {value}",
    "As agreed on the phone I am sending you the {label} ({value}). Best, the office",
    "ticket #88: customer says their {label} is {value}. They are annoyed.",
    "1) name ok 2) {label} {value} 3) waiting",
    "[agent] could you confirm the {label}?\n[client] sure, {value}",
    'level=warn msg="form rejected" field="{label}" input="{value}" attempt=2',
    "<td>{label}</td><td>{value}</td>",
    "> {label} -> {value}\n> please delete afterwards",
    "Notes of the meeting. {label} = {value}; next step open.",
)
_PLAIN = (
    "The release 4.12.0.1 went out on host web-17 after 3 retries; see commit 1f3a9bc77d20.",
    "Order 8812-4471-0023 left the warehouse, tracking 1Z999AA10123456784, 14.5 kg.",
    "GET /v2/items/99812344?page=3 HTTP/1.1 200 5123 0.004",
    "Room B12, shelf C4, part 77-1204-X; ask for the S3 and EC2 invoices of Q3.",
    "sum(x ** 2 for x in range(123456789)) == 0x7fffffff or version >= (3, 11, 7)",
    "uuid 6ba7b810-9dad-11d1-80b4-00c04fd430c8 md5 9e107d9d372bb6826bd81d3542a419d6",
    "Between 1998 and 2004 the index rose from 1,204.55 to 2,871.10 points.",
    "ISBN 978-0-306-40615-7, pages 123-456, doi 10.1000/182",
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text and the one value in it."""

    text: str
    type: str
    start: int
    end: int


def _luhn(body: str) -> str:
    total = sum(
        sum(divmod(int(d) * (2 if place % 2 == 0 else 1), 10))
        for place, d in enumerate(reversed(body))
    )
    return body + str(-total % 10)


def _digits(chance: random.Random, size: int, first: str = "123456789") -> str:
    return chance.choice(first) + "".join(chance.choice("0123456789") for _ in range(size - 1))


def _grouped(number: str, sizes: tuple[int, ...], sign: str) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(number[at : at + size])
        at += size
    return sign.join(parts)


def _card(c: random.Random) -> str:
    if c.random() < 0.25:
        amex = _luhn(c.choice(("34", "37")) + _digits(c, 12, "0123456789"))
        return _grouped(amex, (4, 6, 5), c.choice((" ", "-", "")))
    start = c.choice(("4", "51", "55", "2221", "6011", "3528"))
    number = _luhn(start + _digits(c, 15 - len(start), "0123456789"))
    return _grouped(number, (4, 4, 4, 4), c.choice((" ", "-", "", ".")))


def _iban(c: random.Random) -> str:
    country, shape = c.choice((("DE", "n18"), ("NL", "a4n10"), ("ES", "n20"), ("FR", "n23")))
    body = _digits(c, 18, "0123456789") if shape == "n18" else ""
    body = body or {
        "a4n10": "".join(c.choice("ABNRIG") for _ in range(4)) + _digits(c, 10, "0123456789"),
        "n20": _digits(c, 20, "0123456789"),
        "n23": _digits(c, 23, "0123456789"),
    }.get(shape, "")
    plain = "".join(str(int(x, 36)) for x in body + country + "00")
    number = f"{country}{98 - int(plain) % 97:02d}{body}"
    return (
        number if c.random() < 0.5 else " ".join(number[i : i + 4] for i in range(0, 40, 4)).strip()
    )


def _weighted(c: random.Random, size: int, rule: Callable[[str], bool], first: str) -> str:
    while True:
        number = _digits(c, size, first)
        if rule(number):
            return number


def _sum(number: str, weights: tuple[int, ...]) -> int:
    return sum(int(d) * w for d, w in zip(number, weights, strict=True))


def _ssn(c: random.Random) -> str:
    area = c.choice([n for n in range(101, 899) if n != 666])
    return c.choice(("{}-{:02d}-{:04d}", "{} {:02d} {:04d}")).format(
        area, c.randint(1, 99), c.randint(1, 9999)
    )


def _nhs(c: random.Random) -> str:
    number = _weighted(c, 10, lambda n: _sum(n, (10, 9, 8, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0, "4679")
    return _grouped(number, (3, 3, 4), c.choice((" ", "-", "")))


def _bsn(c: random.Random) -> str:
    return _weighted(c, 9, lambda n: _sum(n, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0, "12")


def _nif(c: random.Random) -> str:
    number = c.randint(10_000_000, 99_999_999)
    return f"{number}{c.choice(('', '-'))}{'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23]}"


def _cpf(c: random.Random) -> str:
    body = _digits(c, 9, "0123456789")
    for first in (10, 11):
        rest = sum(int(d) * (first - place) for place, d in enumerate(body)) % 11
        body += str(0 if rest < 2 else 11 - rest)
    return f"{body[:3]}.{body[3:6]}.{body[6:9]}-{body[9:]}" if c.random() < 0.7 else body


def _nir(c: random.Random) -> str:
    body = f"{c.choice('12')}{c.randint(40, 99)}{c.randint(1, 12):02d}{c.randint(1, 95):02d}"
    body += _digits(c, 6, "0123456789")
    number = f"{body}{97 - int(body) % 97:02d}"
    return _grouped(number, (1, 2, 2, 2, 3, 3, 2), c.choice((" ", "")))


def _tfn(c: random.Random) -> str:
    number = _weighted(c, 9, lambda n: _sum(n, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0, "123456789")
    return _grouped(number, (3, 3, 3), c.choice((" ", "")))


def _abn(c: random.Random) -> str:
    weights = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)
    number = _weighted(c, 11, lambda n: (_sum(n, weights) - 10) % 89 == 0, "123456789")
    return _grouped(number, (2, 3, 3, 3), c.choice((" ", "")))


def _nric(c: random.Random) -> str:
    body = _digits(c, 7, "0123456789")
    kind = c.choice("ST")
    rest = (_sum(body, (2, 7, 6, 5, 4, 3, 2)) + (4 if kind == "T" else 0)) % 11
    return f"{kind}{body}{'JZIHGFEDCBA'[rest]}"


def _letters(c: random.Random, size: int, alphabet: str) -> str:
    return "".join(c.choice(alphabet) for _ in range(size))


_B62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def _key(c: random.Random) -> str:
    return c.choice(
        (
            "AKIA" + _letters(c, 16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
            "ghp_" + _letters(c, 36, _B62),
            "sk_live_" + _letters(c, 24, _B62),
            "xoxb-" + _digits(c, 12) + "-" + _letters(c, 24, _B62),
            "AIza" + _letters(c, 35, _B62),
            "glpat-" + _letters(c, 20, _B62),
            "npm_" + _letters(c, 36, _B62),
        )
    )


def _email(c: random.Random) -> str:
    name = c.choice(("j.ruiz", "anna_k", "info", "o.brien+news", "t-wolf", "m1984"))
    host = c.choice(("mail.", "")) + c.choice(("kranich", "heron-lab", "x9"))
    return f"{name}@{host}.{c.choice(('eu', 'org', 'co.uk', 'museum'))}"


def _phone(c: random.Random) -> str:
    return c.choice(
        (
            f"+44 7{_digits(c, 3)} {_digits(c, 6)}",
            f"+49 {c.randint(30, 89)} {_digits(c, 7)}",
            f"({c.randint(212, 899)}) {c.randint(220, 899)}-{_digits(c, 4)}",
            f"{c.randint(212, 899)}-{c.randint(220, 899)}-{_digits(c, 4)}",
            f"0{c.choice('67')} " + " ".join(_digits(c, 2) for _ in range(4)),
            f"+1{c.randint(212, 899)}{c.randint(220, 899)}{_digits(c, 4)}",
            f"+91 {_digits(c, 5, '6789')} {_digits(c, 5)}",
        )
    )


def _birth(c: random.Random) -> str:
    return c.choice(
        (
            f"{c.randint(1, 28):02d}/{c.randint(1, 12):02d}/{c.randint(1940, 2010)}",
            f"{c.randint(1940, 2010)}-{c.randint(1, 12):02d}-{c.randint(1, 28):02d}",
            f"{c.randint(1, 28)} {c.choice(('May', 'June', 'October'))} {c.randint(1940, 2010)}",
        )
    )


def _ip(c: random.Random) -> str:
    return f"10.{c.randint(10, 255)}.{c.randint(10, 255)}.{c.randint(10, 255)}"


def _mac(c: random.Random) -> str:
    return ":".join(_letters(c, 2, "0123456789abcdef") for _ in range(6))


# Type, words a person would write before it, and how a value is made.
KINDS: tuple[tuple[str, tuple[str, ...], Callable[[random.Random], str]], ...] = (
    ("CREDIT_CARD", ("card", "Visa", "Kreditkarte", "payment", "tarjeta"), _card),
    ("IBAN_CODE", ("IBAN", "account", "Konto", "compte"), _iban),
    ("US_SSN", ("SSN", "social security number", "social"), _ssn),
    ("UK_NHS", ("NHS number", "NHS no"), _nhs),
    ("NL_BSN", ("BSN", "burgerservicenummer"), _bsn),
    ("ES_NIF", ("DNI", "NIF"), _nif),
    ("BR_CPF", ("CPF",), _cpf),
    ("FR_NIR", ("numéro de sécurité sociale", "NIR"), _nir),
    ("AU_TFN", ("TFN", "tax file number"), _tfn),
    ("AU_ABN", ("ABN",), _abn),
    ("SG_NRIC_FIN", ("NRIC",), _nric),
    ("API_KEY", ("key", "token", "credential"), _key),
    ("EMAIL_ADDRESS", ("e-mail", "mail", "correo", "address"), _email),
    ("PHONE_NUMBER", ("phone", "mobile", "Telefon", "tel"), _phone),
    ("DATE_OF_BIRTH", ("date of birth", "DOB", "born", "Geburtsdatum"), _birth),
    ("IP_ADDRESS", ("ip", "host", "client"), _ip),
    ("MAC_ADDRESS", ("mac",), _mac),
    ("MEDICAL_RECORD_NUMBER", ("MRN", "medical record number"), lambda c: _digits(c, 8)),
    ("US_PASSPORT", ("passport number", "US passport"), lambda c: _digits(c, 9)),
)  # fmt: skip


def texts(count: int, seed: int) -> Iterator[Text]:
    """Write so many texts of every type."""
    chance = random.Random(seed)
    for kind, labels, make in KINDS:
        for _ in range(count):
            body = chance.choice(_BODIES)
            label, value = chance.choice(labels), make(chance)
            text = body.format(label=label, value=value)
            if chance.random() < 0.15:
                text = json.dumps({label: value, "n": 3}, ensure_ascii=False)
            start = text.index(value)
            yield Text(text, kind, start, start + len(value))


def plain(count: int, seed: int) -> Iterator[str]:
    """Write texts with numbers that mean nothing to anybody."""
    chance = random.Random(seed)
    for _ in range(count):
        yield chance.choice(_PLAIN)
