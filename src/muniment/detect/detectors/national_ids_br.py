"""Numbers of people and firms in Brazil."""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern, Sheet, Words
from muniment.detect.rules.check_digits import weighted
from muniment.detect.rules.shapes import checked

_CPF: Final = Words(en="cpf|brazilian id", pt="cpf|cadastro de pessoa|pessoa fisica|contribuinte")
_CNPJ: Final = Words(en="cnpj", pt="cnpj|empresa|pessoa juridica|razao social")
_RG: Final = Words(pt="rg|registro geral|identidade|carteira de identidade")
_CNH: Final = Words(pt="cnh|carteira de habilitacao|habilitacao|motorista|carteira de motorista")
_PIS: Final = Words(pt="pis|pasep|nis|nit|pis pasep")
_pii = partial(Pattern, family=Family.PII)


def _check(total: int) -> int:
    rest = total % 11
    return 0 if rest < 2 else 11 - rest


def _is_cpf(number: str) -> bool:
    first = _check(weighted(number[:9], range(10, 1, -1)))
    second = _check(weighted(number[:10], range(11, 1, -1)))
    return len(set(number)) > 1 and number[9:] == f"{first}{second}"


def _is_cnpj(number: str) -> bool:
    weights = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
    first = _check(weighted(number[:12], weights[1:]))
    second = _check(weighted(number[:13], weights))
    return len(set(number)) > 1 and number[12:] == f"{first}{second}"


def _is_pis(number: str) -> bool:
    return _check(weighted(number[:10], (3, 2, 9, 8, 7, 6, 5, 4, 3, 2))) == int(number[10])


PATTERNS: Final = (
    _pii(
        id="br-cpf",
        type="BR_CPF",
        regex=r"\b\d{3}[ .\-\n]?\d{3}[ .\-\n]?\d{3}[ .\-/\n]?\d{2}\b",
        score=0.95,
        context=_CPF,
        context_score=1.0,
        validator=checked(_is_cpf, "both check digits right", together=0.6),
    ),
    _pii(
        id="br-cnpj",
        type="BR_CNPJ",
        family=Family.FINANCIAL,
        regex=r"\b\d{2}[ .]?\d{3}[ .]?\d{3}[ /]?\d{4}[ \-]?\d{2}\b",
        score=0.95,
        context=_CNPJ,
        context_score=1.0,
        validator=checked(_is_cnpj, "both check digits right", together=0.6),
    ),
    _pii(
        id="br-rg",
        type="BR_RG",
        regex=r"\b\d{1,2}\.\d{3}\.\d{3}-[0-9Xx]\b",
        score=0.3,
        context=_RG,
        context_score=0.95,
    ),
    _pii(
        id="br-cnh",
        type="BR_CNH",
        regex=r"\b\d{11}\b",
        score=0.05,
        context=_CNH,
        context_score=0.9,
    ),
    _pii(
        id="br-pis",
        type="BR_PIS",
        regex=r"\b\d{3}[.]?\d{5}[.]?\d{2}[\-]?\d\b",
        score=0.3,
        context=_PIS,
        context_score=0.98,
        validator=checked(_is_pis, "check digit right"),
    ),
)
SHEETS: Final = (
    Sheet(
        type="BR_CPF",
        family=Family.PII,
        title="Brazilian taxpayer numbers (CPF)",
        finds="Eleven digits with two right check digits, together or split.",
        limits="One in a hundred random numbers passes.",
        examples=("529.982.247-25",),
        near_misses=("529.982.247-26",),
    ),
    Sheet(
        type="BR_CNPJ",
        family=Family.FINANCIAL,
        title="Brazilian firms (CNPJ)",
        finds="Fourteen digits with two right check digits.",
        limits="The form with letters, announced for 2026, is not found.",
        examples=("11.222.333/0001-81",),
        near_misses=("11.222.333/0001-82",),
    ),
    Sheet(
        type="BR_RG",
        family=Family.PII,
        title="Brazilian identity cards (RG)",
        finds="The printed form beside *RG*.",
        limits="States differ; the check is not computed.",
        examples=("RG 12.345.678-9",),
        near_misses=("versão 12.345.678-9",),
    ),
    Sheet(
        type="BR_CNH",
        family=Family.PII,
        title="Brazilian driving licences (CNH)",
        finds="Eleven digits beside *CNH*.",
        limits="The word decides.",
        examples=("CNH 12345678900",),
        near_misses=("pedido 12345678900",),
    ),
    Sheet(
        type="BR_PIS",
        family=Family.PII,
        title="Brazilian social numbers (PIS)",
        finds="Eleven digits with a right check digit beside *PIS*.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("PIS 120.12345.67-2",),
        near_misses=("PIS 120.12345.67-3",),
    ),
)
