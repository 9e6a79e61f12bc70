"""Addresses of cryptocurrencies: base58 and bech32 checks where a scheme has them."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Final

from muniment.detect.models import Checked, Family, Pattern, Sheet, Words

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_RIPPLE: Final = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
_VALUES: Final = {letter: value for value, letter in enumerate(_ALPHABET)}
_RIPPLE_VALUES: Final = {letter: value for value, letter in enumerate(_RIPPLE)}
_BECH32: Final = {letter: value for value, letter in enumerate("qpzry9x8gf2tvdw0s3jn54khce6mua7l")}
_GENERATORS: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CONSTANTS: Final = frozenset({1, 0x2BC830A3})
_WORDS: Final = Words(
    en="wallet|bitcoin|btc|ethereum|eth|crypto|address|monero|xmr|solana|sol|litecoin|ltc|usdt"
    "|usdc|coin|token|deposit|blockchain",
    de="krypto|adresse|wallet adresse",
    fr="portefeuille|adresse|crypto monnaie",
    es="billetera|cartera|direccion|monedero",
    pt="carteira|endereco",
    it="portafoglio|indirizzo",
    nl="portemonnee|adres",
)
_crypto = partial(
    Pattern, type="CRYPTO", family=Family.FINANCIAL, context=_WORDS, joins="", firm=True
)


def base58(value: str) -> Checked:
    """The last four bytes are a double SHA-256 of the rest."""
    ripple = value.startswith("r")
    values = _RIPPLE_VALUES if ripple else _VALUES
    number = 0
    for letter in value:
        if letter not in values:
            return Checked(False, "not base58")
        number = number * 58 + values[letter]
    if number.bit_length() > 25 * 8:
        return Checked(False, "too long for an address")
    data = number.to_bytes(25, "big")
    check = hashlib.sha256(hashlib.sha256(data[:-4]).digest()).digest()[:4]
    if check != data[-4:]:
        return Checked(False, "the base58 check is wrong")
    return Checked(True, "base58 check right")


def bech32(value: str) -> Checked:
    """Human part and data part give one of the two constants of the scheme."""
    plain = value.lower()
    if value not in {plain, value.upper()}:
        return Checked(False, "capitals and small letters mixed")
    human, _, data = plain.rpartition("1")
    if any(letter not in _BECH32 for letter in data):
        return Checked(False, "not bech32")
    check = 1
    expanded = [ord(x) >> 5 for x in human] + [0] + [ord(x) & 31 for x in human]
    for five in [*expanded, *(_BECH32[letter] for letter in data)]:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ five
        for bit, generator in enumerate(_GENERATORS):
            check ^= generator if top >> bit & 1 else 0
    if check not in _CONSTANTS:
        return Checked(False, "the bech32 check is wrong")
    return Checked(True, "bech32 check right")


def hexadecimal(value: str) -> Checked:
    """An Ethereum address is no run of one digit."""
    return Checked(len(set(value[2:].lower())) > 3, "40 hex digits")


PATTERNS: Final = (
    _crypto(
        id="base58-address",
        trigger=r"\b[13LMDTXr9A][1-9A-HJ-NP-Za-km-z]{24}",
        regex=r"[13LMDTXr9A][1-9A-HJ-NP-Za-km-z]{24,34}(?![A-Za-z0-9])",
        score=1.0,
        context_score=1.0,
        validator=base58,
    ),
    _crypto(
        id="bech32-address",
        trigger=r"\b(?:bc1|tb1|ltc1|BC1)[a-zA-Z0-9]{8}",
        regex=r"(?:bc1|tb1|ltc1|BC1)[a-zA-Z0-9]{8,87}",
        score=1.0,
        context_score=1.0,
        validator=bech32,
    ),
    _crypto(
        id="ethereum-address",
        trigger=r"\b0x[0-9a-fA-F]{40}\b",
        regex=r"0x[0-9a-fA-F]{40}",
        score=0.9,
        context_score=0.98,
        validator=hexadecimal,
    ),
    _crypto(
        id="monero-address",
        trigger=r"\b[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}\b",
        regex=r"[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}",
        score=0.95,
        context_score=0.98,
    ),
    _crypto(
        id="solana-address",
        trigger=r"\b[1-9A-HJ-NP-Za-km-z]{43}",
        regex=r"[1-9A-HJ-NP-Za-km-z]{43,44}(?![A-Za-z0-9])",
        score=0.1,
        context_score=0.7,
        context=Words(en="solana|sol|phantom|wallet"),
    ),
)
SHEETS: Final = (
    Sheet(
        type="CRYPTO",
        family=Family.FINANCIAL,
        title="Cryptocurrency addresses",
        finds="Bitcoin, Litecoin, Dogecoin, Tron, Dash and Ripple addresses with a right check;"
        " Ethereum and Monero addresses by form; Solana addresses beside a word for them.",
        limits="The capitals check of Ethereum addresses is not computed.",
        examples=("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",),
        near_misses=("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",),
    ),
)
