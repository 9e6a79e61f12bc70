"""Check a Muniment ledger offline: one file, the standard library only, nothing to install.

Copy this file, run `python3 verify.py FOLDER --key VKEY`. It reads a folder of tiles, a web address
or a proof file and answers met, not met or could not tell, naming the first bad entry. Keys and
policy come from the reader and never from the thing checked; hostile input ends in an answer.
Formats: C2SP signed-note, checkpoint, tiles, proof, cosignature, policy; RFC 6962; RFC 8032.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import functools
import hashlib
import itertools
import json
import multiprocessing
import os
import queue
import re
import sys
import threading
import urllib.error
import urllib.request
import zlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol, TypeVar

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    HAS_CRYPTOGRAPHY = True
except ImportError:  # an auditor's laptop: the arithmetic below gives the same answers, slower
    HAS_CRYPTOGRAPHY = False

HASH_BYTES: Final = 32
TILE_WIDTH: Final = 256
MAX_ENTRY_BYTES: Final = 65_535
MAX_BUNDLE_BYTES: Final = TILE_WIDTH * (2 + MAX_ENTRY_BYTES)
MAX_NOTE_BYTES: Final = 1 << 20
MAX_SIGNATURES: Final = 100
MAX_SIZE: Final = (1 << 63) - 1
MAX_SAFE_INTEGER: Final = (1 << 53) - 1
ED25519: Final = 0x01
COSIGNATURE: Final = 0x04
ML_DSA_44: Final = 0x06
PROOF_HEADER: Final = "c2sp.org/tlog-proof@v1"

_T = TypeVar("_T")
_R = TypeVar("_R")


class FormatError(ValueError):
    """These bytes are not in the format they claim."""


class SourceError(Exception):
    """A part of the log could not be read, so nothing can be said about it."""


# --- Hashing (RFC 6962, section 2.1) -------------------------------------------------------------

_sha256 = hashlib.sha256
EMPTY_ROOT: Final = _sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Hash one entry."""
    return _sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two neighbours into their parent."""
    return _sha256(b"\1" + left + right).digest()


def rows_over(hashes: Sequence[bytes]) -> list[Sequence[bytes]]:
    """Give hashes and the rows of nodes over them, as far as they pair up; the hottest loop."""
    rows, sha = [hashes], _sha256
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=False)
        hashes = [sha(b"\1" + left + right).digest() for left, right in pairs]
        rows.append(hashes)
    return rows


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """Hash 1, 2, 4 … hashes up to their root."""
    return rows_over(hashes)[-1][0]


def peaks_of(hashes: Sequence[bytes]) -> list[bytes]:
    """Give the roots of the perfect trees that a row of hashes falls into, largest first."""
    peaks, start = [], 0
    for bit in range(len(hashes).bit_length() - 1, -1, -1):
        if len(hashes) >> bit & 1:
            peaks.append(perfect_root(hashes[start : start + (1 << bit)]))
            start += 1 << bit
    return peaks


def fold_peaks(peaks: Sequence[bytes]) -> bytes:
    """Join peaks, largest first, into the root of the whole tree."""
    if not peaks:
        return EMPTY_ROOT
    return functools.reduce(lambda right, left: node_hash(left, right), reversed(peaks))


# --- Proofs (RFC 6962, section 2.1.1 and 2.1.2; checked as in RFC 9162) --------------------------

NodeReader = Callable[[int, int], bytes]
"""Gives the root of the perfect tree of 2**level leaves that begins at leaf index * 2**level."""
Known = dict[int, bytes] | None


def range_root(node: NodeReader, start: int, end: int) -> bytes:
    """Give the tree hash of the leaves from start up to, not including, end."""
    peaks = []
    while start < end:
        level = (end - start).bit_length() - 1
        peaks.append(node(level, start >> level))
        start += 1 << level
    return fold_peaks(peaks)


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes, known: Known = None
) -> bool:
    """Tell whether a proof leads to the root, or to what earlier proofs of it put into `known`."""
    if not 0 <= index < size:
        return False
    level, position, last, current = 0, index, size - 1, leaf
    shown = {} if known is None else known
    path: list[tuple[int, bytes]] = []
    for sibling in proof:
        if last == 0:
            return False
        place = position << 6 | level
        if shown.get(place) == current:
            break
        path.append((place, current))
        if position == last or position & 1:
            current = _sha256(b"\1" + sibling + current).digest()
            while position and not position & 1:
                level, position, last = level + 1, position >> 1, last >> 1
        else:
            current = _sha256(b"\1" + current + sibling).digest()
        level += 1
        position >>= 1
        last >>= 1
    else:
        if last or current != root:
            return False
    shown.update(path)
    return True


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Tell whether a proof shows that the new tree begins with the old one."""
    if not 0 <= old <= new:
        return False
    if old in {0, new}:
        return not proof and old_root == (new_root if old else EMPTY_ROOT)
    path = deque(proof if old & (old - 1) else (old_root, *proof))
    if not path:
        return False
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old_hash = new_hash = path.popleft()
    for sibling in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            old_hash, new_hash = node_hash(sibling, old_hash), node_hash(sibling, new_hash)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            new_hash = node_hash(new_hash, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and old_hash == old_root and new_hash == new_root


# --- Ed25519 (RFC 8032, section 5.1.7), strict ---------------------------------------------------

_P: Final = 2**255 - 19
_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
_D: Final = -121665 * pow(121666, -1, _P) % _P
_SQRT_MINUS_1: Final = pow(2, (_P - 1) // 4, _P)
_ORDER_8_Y: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER_YS: Final = frozenset({0, 1, _P - 1, _ORDER_8_Y, _P - _ORDER_8_Y})
_Point = tuple[int, int, int, int]


def _point_add(a: _Point, b: _Point) -> _Point:
    one, two = (a[1] - a[0]) * (b[1] - b[0]) % _P, (a[1] + a[0]) * (b[1] + b[0]) % _P
    three, four = 2 * a[3] * b[3] * _D % _P, 2 * a[2] * b[2] % _P
    e, f, g, h = two - one, four - three, four + three, two + one
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _point_from(data: bytes) -> _Point | None:
    number = int.from_bytes(data, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    x_squared = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(x_squared, (_P + 3) // 8, _P)
    if (x * x - x_squared) % _P:
        x = x * _SQRT_MINUS_1 % _P
    if (x * x - x_squared) % _P or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return x, y, 1, x * y % _P


_BASE: Final = _point_from((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))


def _is_strict(data: bytes) -> bool:
    """Refuse a point written in a second way, and the eight points of small order."""
    y = int.from_bytes(data, "little") & ((1 << 255) - 1)
    return y < _P and y not in _SMALL_ORDER_YS


def ed25519_verify_pure(public: bytes, message: bytes, signature: bytes) -> bool:
    """Do the arithmetic of `ed25519_verify` in Python, for where no library is installed."""
    point = _point_from(public)
    if point is None or _BASE is None:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % _ORDER
    scalar = int.from_bytes(signature[32:], "little")
    minus = (_P - point[0], point[1], 1, _P - point[3])
    table = ((0, 1, 1, 0), _BASE, minus, _point_add(_BASE, minus))
    total: _Point = table[0]
    for bit in range(255, -1, -1):
        total = _point_add(total, total)
        if choice := (scalar >> bit & 1) | (challenge >> bit & 1) << 1:
            total = _point_add(total, table[choice])
    inverse = pow(total[2], -1, _P)
    x, y = total[0] * inverse % _P, total[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


def ed25519_verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether an Ed25519 signature is right, strictly: one spelling, no small-order points."""
    is_small = int.from_bytes(signature[32:], "little") < _ORDER
    if len(public) != 32 or len(signature) != 64 or not is_small:
        return False
    if not (_is_strict(public) and _is_strict(signature[:32])):
        return False
    if not HAS_CRYPTOGRAPHY:
        return ed25519_verify_pure(public, message, signature)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


# --- Signed notes, keys, checkpoints (C2SP) ------------------------------------------------------


def encode_base64(data: bytes) -> str:
    """Write bytes in standard base64."""
    return base64.b64encode(data).decode("ascii")


def decode_base64(text: str, what: str) -> bytes:
    """Read standard base64, refusing every second spelling of the same bytes."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error) as error:
        raise FormatError(f"{what} is not base64") from error
    if encode_base64(data) != text:
        raise FormatError(f"{what} is not base64 in its one canonical spelling")
    return data


def _decimal(text: str, what: str) -> int:
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", text) or int(text) > MAX_SIZE:
        raise FormatError(f"{what} is not a plain decimal number: {text[:40]!a}")
    return int(text)


@dataclass(frozen=True, slots=True)
class Key:
    """A public key and the name it signs under."""

    name: str
    id: bytes
    type: int
    public: bytes

    def __str__(self) -> str:
        return f"{self.name} (key id {self.id.hex()})"

    @property
    def vkey(self) -> str:
        """The key as one line of text."""
        return f"{self.name}+{self.id.hex()}+{encode_base64(bytes([self.type]) + self.public)}"


def key_id(name: str, key_type: int, public: bytes) -> bytes:
    """Give the four bytes that stand for a key in a signature line."""
    return _sha256(name.encode() + b"\n" + bytes([key_type]) + public).digest()[:4]


def make_key(name: str, public: bytes, key_type: int = ED25519) -> Key:
    """Name a public key."""
    if not _is_key_name(name):
        raise FormatError(f"a key name has no spaces and no plus sign: {name[:80]!a}")
    return Key(name, key_id(name, key_type, public), key_type, public)


def parse_vkey(text: str) -> Key:
    """Read a verifier key: name+keyid+base64."""
    name, _, rest = text.partition("+")
    hex_id, _, encoded = rest.partition("+")
    if not encoded or not re.fullmatch(r"[0-9a-f]{8}", hex_id):
        raise FormatError(f"a key looks like name+keyid+base64, not {text[:80]!a}")
    data = decode_base64(encoded, f"the key {name[:60]!a}")
    lengths = {ED25519: 32, COSIGNATURE: 32, ML_DSA_44: 1312}
    if len(data) != 1 + lengths.get(data[0] if data else 0, -2):
        raise FormatError(f"the key {name[:60]!a} is of an unknown type or length")
    key = make_key(name, data[1:], data[0])
    if key.id.hex() != hex_id:
        raise FormatError(f"the key {name[:60]!a} says id {hex_id} but is {key.id.hex()}")
    return key


def _is_key_name(name: str) -> bool:
    return re.fullmatch(r"[^\s+\x00-\x1f\ud800-\udfff]+", name) is not None


class Signature(NamedTuple):
    """One signature line: who, which key, and the bytes."""

    name: str
    key_id: bytes
    blob: bytes

    def __str__(self) -> str:
        return f"{self.name} (key id {self.key_id.hex()})"

    @property
    def line(self) -> str:
        """The line as it stands in a note."""
        return f"\u2014 {self.name} {encode_base64(self.key_id + self.blob)}\n"


class Note(NamedTuple):
    """A signed text; it says nothing until a signature has been checked."""

    text: str
    signatures: tuple[Signature, ...]


def parse_note(data: bytes) -> Note:
    """Take a signed note apart, without believing it."""
    if len(data) > MAX_NOTE_BYTES:
        raise FormatError(f"a signed note is at most {MAX_NOTE_BYTES} bytes long")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FormatError(f"line {line} of the note is not UTF-8") from error
    if bad := re.search(r"[\x00-\x09\x0b-\x1f]", text):
        line = text.count("\n", 0, bad.start()) + 1
        raise FormatError(f"line {line} of the note holds a control character")
    body, blank, rest = text.rpartition("\n\n")
    if not blank or not rest.endswith("\n"):
        raise FormatError("a signed note is text, an empty line, and signature lines")
    lines = rest[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise FormatError(f"a signed note has at most {MAX_SIGNATURES} signatures")
    numbered = enumerate(lines, body.count("\n") + 3)
    return Note(body + "\n", tuple(_parse_signature(line, number) for number, line in numbered))


def _parse_signature(line: str, number: int) -> Signature:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    if dash != "\u2014" or not _is_key_name(name):
        raise FormatError(f"line {number} of the note is not a signature line")
    blob = decode_base64(encoded, f"the signature in line {number} of the note")
    if len(blob) < 5:
        raise FormatError(f"the signature in line {number} of the note is too short")
    return Signature(name, blob[:4], blob[4:])


def cosigned_message(text: str, at_posix_s: int) -> bytes:
    """Give the bytes that a witness signs."""
    return f"cosignature/v1\ntime {at_posix_s}\n{text}".encode()


def cosigned_at(signature: Signature) -> int:
    """Give the POSIX time inside a cosignature."""
    return int.from_bytes(signature.blob[:8], "big")


def signature_holds(key: Key, text: str, signature: Signature) -> bool:
    """Tell whether this key signed this text, directly or as a witness."""
    if key.type == ED25519:
        return ed25519_verify(key.public, text.encode(), signature.blob)
    if key.type != COSIGNATURE or len(signature.blob) != 72:
        return False
    at = cosigned_at(signature)
    message = cosigned_message(text, at)
    return at <= MAX_SIZE and ed25519_verify(key.public, message, signature.blob[8:])


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: whose, how many entries, and the root over all of them."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint note."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() or not all(lines):
        raise FormatError("a checkpoint has at least three lines, none of them empty")
    root = decode_base64(lines[2], "line 3 of the checkpoint, the root,")
    if len(root) != HASH_BYTES:
        raise FormatError("line 3 of the checkpoint, the root, is not 32 bytes long")
    size = _decimal(lines[1], "line 2 of the checkpoint, the size,")
    return Checkpoint(lines[0], size, root, tuple(lines[3:]))


def format_checkpoint(checkpoint: Checkpoint) -> str:
    """Write the text of a checkpoint, ready to be signed."""
    root = encode_base64(checkpoint.root)
    lines = (checkpoint.origin, str(checkpoint.size), root, *checkpoint.extensions)
    return "".join(line + "\n" for line in lines)


def open_checkpoint(data: bytes) -> tuple[Note, Checkpoint]:
    """Read a checkpoint file, without believing it."""
    note = parse_note(data)
    return note, parse_checkpoint(note.text)


def rotation_message(old_vkey: str, new_vkey: str) -> bytes:
    """Give the bytes that an old log key signs to hand over to a new one."""
    return f"muniment key rotation\n{old_vkey}\n{new_vkey}\n".encode()


# --- Tiles, bundles and proof files (C2SP tlog-tiles, tlog-proof) --------------------------------


def tile_path(level: int | str, number: int, width: int = TILE_WIDTH) -> str:
    """Give the path of a tile, or of a bundle with the level "entries"."""
    parts = [f"{number % 1000:03d}"]
    while number := number // 1000:
        parts.append(f"x{number % 1000:03d}")
    partial = "" if width == TILE_WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(reversed(parts))}{partial}"


def parse_tile_path(path: str) -> tuple[int | str, int, int]:
    """Read level, number and width back from a path."""
    found = re.fullmatch(
        r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,6})([0-9]{3})"
        r"(?:\.p/([1-9][0-9]{0,2}))?",
        path,
    )
    if found:
        level = found[1] if found[1] == "entries" else int(found[1])
        number = int((found[2] + found[3]).replace("x", "").replace("/", ""))
        width = int(found[4] or TILE_WIDTH)
        if tile_path(level, number, width) == path:
            return level, number, width
    raise FormatError(f"no tile has the path {path[:80]!a}")


def edge_tiles(size: int) -> list[tuple[int, int, int]]:
    """List the partial tiles of a tree of this size as (level, number, width), lowest first."""
    edge, level = [], 0
    while size:
        if width := size % TILE_WIDTH:
            edge.append((level, size // TILE_WIDTH, width))
        size, level = size // TILE_WIDTH, level + 1
    return edge


def cut_entries(data: bytes) -> tuple[list[bytes], bool]:
    """Give the entries as far as they can be read, and whether the last one ended cleanly."""
    entries: list[bytes] = []
    add, at, end = entries.append, 0, len(data)
    while at + 1 < end:  # with as few steps as can be: this runs once for each entry
        begin = at + 2
        at = begin + data[at] * 256 + data[at + 1]
        add(data[begin:at])
    if at > end:
        entries.pop()
    return entries, at == end


def parse_bundle(data: bytes) -> list[bytes]:
    """Read all entries of a bundle."""
    entries, clean = cut_entries(data)
    if not clean or len(entries) > TILE_WIDTH:
        raise FormatError(f"the bundle cannot be read past its entry {len(entries)}")
    return entries


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof file: where an entry is, how it leads to the root, and the signed head."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None


def parse_proof(data: bytes) -> Proof:
    """Read a proof file, without believing it."""
    head, blank, checkpoint = data.partition(b"\n\n")
    if not blank or len(data) > 2 * MAX_NOTE_BYTES:
        raise FormatError("a proof file is a head, an empty line and a checkpoint")
    try:
        lines = deque(head.decode("ascii").split("\n"))
    except UnicodeDecodeError as error:
        raise FormatError("the head of a proof file is plain ASCII") from error
    if lines.popleft() != PROOF_HEADER or not lines:
        raise FormatError(f"a proof file begins with {PROOF_HEADER}")
    extra = None
    if lines[0].startswith("extra "):
        extra = decode_base64(lines.popleft()[6:], "the extra line of the proof")
    if not lines or not lines[0].startswith("index "):
        raise FormatError("a proof file says index and a number")
    index = _decimal(lines.popleft()[6:], "the index of the proof")
    hashes = tuple(decode_base64(line, f"line {line[:60]!a} of the proof") for line in lines)
    if len(hashes) > 63 or any(len(one) != HASH_BYTES for one in hashes):
        raise FormatError("a proof has at most 63 hashes of 32 bytes")
    return Proof(index, hashes, checkpoint, extra)


# --- Policy (C2SP tlog-policy) -------------------------------------------------------------------


class Group(NamedTuple):
    """Some witnesses or groups, and how many of them it takes."""

    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Whom the reader trusts: logs, named witnesses, and how many of them are enough."""

    logs: tuple[Key, ...] = ()
    witnesses: Mapping[str, Key] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = "none"
    urls: Mapping[str, str] = field(default_factory=dict)

    def is_met(self, cosigned: Iterable[str]) -> bool:
        """Tell whether these witnesses, by their names here, are enough."""
        seen = set(cosigned) | {"none"}
        for name, group in self.groups.items():  # in the order of definition, members first
            if sum(member in seen for member in group.members) >= group.needed:
                seen.add(name)
        return self.quorum in seen


class _PolicyReader:
    def __init__(self) -> None:
        self.logs: list[Key] = []
        self.witnesses: dict[str, Key] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: list[str] = []
        self.urls: dict[str, str] = {}
        self._grouped: set[str] = set()

    def read(self, line: str) -> None:
        if re.search(r"[\x00-\x08\x0a-\x1f\x7f]", line):
            raise FormatError("there is a control character in it")
        words = [word for word in re.split(r"[ \t]+", line) if word]
        verbs: dict[str, Callable[..., None]]
        verbs = {"log": self._log, "witness": self._witness, "group": self._group}
        if not words or words[0].startswith("#"):
            return
        if words[0] == "quorum" and len(words) == 2 and not self.quorum:
            if words[1] != "none" and not self._is_defined(words[1]):
                raise FormatError(f"the quorum names {words[1]!a} before it is defined")
            self.quorum.append(words[1])
        elif words[0] in verbs:
            verbs[words[0]](*words[1:])
        else:
            raise FormatError("this is not a policy line, or a second quorum")

    def _is_defined(self, name: str) -> bool:
        return name in self.witnesses or name in self.groups

    def _define(self, name: str) -> None:
        if self._is_defined(name) or name == "none":
            raise FormatError(f"the name {name!a} is taken")

    @staticmethod
    def _key(vkey: str, types: set[int], others: Iterable[Key]) -> Key:
        key = parse_vkey(vkey)
        if key.type not in types:
            raise FormatError(f"{key} is not a key for this role")
        if any(key.public == other.public for other in others):
            raise FormatError(f"{key} is listed twice")
        return key

    def _log(self, vkey: str = "", url: str = "", *more: str) -> None:
        if not vkey or more:
            raise FormatError("a log line is: log <vkey> [<url>]")
        key = self._key(vkey, {ED25519}, self.logs)
        self.logs.append(key)
        self.urls[key.vkey] = url

    def _witness(self, name: str = "", vkey: str = "", url: str = "", *more: str) -> None:
        if not vkey or more:
            raise FormatError("a witness line is: witness <name> <vkey> [<url>]")
        self._define(name)
        self.witnesses[name] = self._key(vkey, {COSIGNATURE, ML_DSA_44}, self.witnesses.values())
        self.urls[name] = url

    def _group(self, name: str = "", threshold: str = "", *members: str) -> None:
        if not members:
            raise FormatError("a group line is: group <name> <k|any|all> <members…>")
        self._define(name)
        for member in members:
            if not self._is_defined(member) or member in self._grouped:
                raise FormatError(f"{member!a} is not defined yet, or already in a group")
            self._grouped.add(member)
        word = {"any": 1, "all": len(members)}
        needed = word.get(threshold) or _decimal(threshold, "the group's threshold")
        if not 1 <= needed <= len(members):
            raise FormatError(f"the group {name!a} needs between 1 and {len(members)} members")
        self.groups[name] = Group(needed, members)


def parse_policy(data: bytes) -> Policy:
    """Read a policy file, naming the line that is wrong."""
    reader = _PolicyReader()
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), 1):
        try:
            reader.read(line)
        except FormatError as error:
            raise FormatError(f"policy line {number}: {error}") from error
    if not reader.quorum:
        raise FormatError("the policy has no quorum line; write `quorum none` if none is needed")
    logs, quorum = tuple(reader.logs), reader.quorum[0]
    return Policy(logs, reader.witnesses, reader.groups, quorum, reader.urls)


# --- Where the log is read from ------------------------------------------------------------------


class Source(Protocol):
    """Somewhere a tile tree can be read from; a value that may travel to another process."""

    def read(self, path: str, max_bytes: int) -> bytes | None:
        """Give at most one byte more than the limit; None means it is not there."""
        ...

    def widths(self, stem: str) -> list[int]:
        """List the partial widths that lie beside a tile, where that can be known."""
        ...


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # a pipe in the folder must not hang


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A tile tree on disk."""

    root: str

    def read(self, path: str, max_bytes: int) -> bytes | None:
        name = f"{self.root}/{path}"
        try:
            with open(name, "rb", opener=_open_without_waiting) as file:
                return file.read(max_bytes + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise SourceError(f"{path} cannot be read: {error.strerror}") from error

    def widths(self, stem: str) -> list[int]:
        folder = Path(f"{self.root}/{stem}.p")
        try:
            names = [one.name for one in folder.iterdir()] if folder.is_dir() else []
        except OSError as error:
            raise SourceError(f"{stem}.p cannot be listed: {error.strerror}") from error
        return sorted(int(name) for name in names if re.fullmatch(r"[1-9][0-9]{0,2}", name))


_GZIP_OVERHEAD_BYTES: Final = 65_536  # hashes do not compress, so gzip makes them longer


_PATIENCE: Final = 4  # one answer may take so many times the wait for its next byte


@dataclass(frozen=True, slots=True)
class UrlSource:
    """A tile tree on the web."""

    prefix: str
    timeout_s: float = 30.0

    def read(self, path: str, max_bytes: int) -> bytes | None:
        told: queue.SimpleQueue[bytes | SourceError | None] = queue.SimpleQueue()

        def fetch() -> None:  # in a thread: a server that dribbles must not keep us for ever
            try:
                told.put(self._fetch(path, max_bytes))
            except SourceError as error:
                told.put(error)

        threading.Thread(target=fetch, daemon=True).start()
        try:
            found = told.get(timeout=_PATIENCE * self.timeout_s)
        except queue.Empty:
            found = SourceError(f"{path} cannot be fetched: it comes too slowly")
        if isinstance(found, SourceError):
            raise found
        return found

    def _fetch(self, path: str, max_bytes: int) -> bytes | None:
        opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(),
            urllib.request.HTTPHandler(),
            urllib.request.HTTPSHandler(),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPRedirectHandler(),
            urllib.request.HTTPErrorProcessor(),
        ):  # no file and no ftp: a redirect must not reach the reader's own disk
            opener.add_handler(handler)
        headers = {"Accept-Encoding": "gzip, identity", "User-Agent": "muniment-verify"}
        request = urllib.request.Request(f"{self.prefix}/{path}", headers=headers)  # noqa: S310
        try:
            with opener.open(request, timeout=self.timeout_s) as answer:
                data: bytes = answer.read(max_bytes + _GZIP_OVERHEAD_BYTES)
                if answer.headers.get("Content-Encoding") == "gzip":
                    data = zlib.decompressobj(31).decompress(data, max_bytes + 1)
                return data[: max_bytes + 1]
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in {404, 410}:
                return None
            raise SourceError(f"{path}: the server answered {error.code}") from error
        except (OSError, HTTPException, zlib.error, ValueError) as error:
            raise SourceError(f"{path} cannot be fetched: {error}") from error

    def widths(self, stem: str) -> list[int]:  # noqa: ARG002 the web has no listing
        return []


def _read_at_least(
    source: Source, level: int | str, number: int, width: int
) -> tuple[bytes, int] | None:
    """Read a tile or bundle of this width, or a wider one if that is what is kept."""
    max_bytes = MAX_BUNDLE_BYTES if level == "entries" else HASH_BYTES * TILE_WIDTH
    path = functools.partial(tile_path, level, number)
    for looks_around in (False, True):  # listing a folder costs more than opening a file
        for kept in source.widths(path()) if looks_around else sorted({width, TILE_WIDTH}):
            if width <= kept <= TILE_WIDTH:
                data = source.read(path(kept), max_bytes)
                if data is not None:
                    return data, kept
    return None


_MISSING: Final = "is missing"
_KEEP_TILES: Final = 512


class Row(NamedTuple):
    """The hashes of a tile (or of the entries in a bundle) as found, and what is odd about it."""

    hashes: list[bytes | None]
    flaw: str = ""


def _read_tile(source: Source, level: int, number: int, width: int) -> Row:
    found = _read_at_least(source, level, number, width)
    if found is None:
        return Row([None] * width, _MISSING)
    data, kept = found
    hashes: list[bytes | None] = [
        data[i : i + HASH_BYTES] for i in range(0, min(len(data), width * HASH_BYTES), HASH_BYTES)
    ]
    if hashes and len(hashes[-1] or b"") < HASH_BYTES:
        hashes[-1] = None
    flaw = "" if len(data) == kept * HASH_BYTES else f"does not hold exactly {kept} hashes"
    return Row(hashes + [None] * (width - len(hashes)), flaw)


def _entries_of(found: tuple[bytes, int] | None, width: int) -> tuple[list[bytes], str]:
    if found is None:
        return [], _MISSING
    data, kept = found
    entries, clean = cut_entries(data)
    flaw = ""
    if not clean or len(entries) != kept:
        flaw = f"holds {len(entries)} readable entries, not {kept}"
    return entries[:width], flaw


@dataclass(slots=True)
class TileTree:
    """The nodes of a log's tree, read from its tiles, for roots and proofs at any size."""

    source: Source
    size: int
    _tiles: dict[tuple[int, int], list[Sequence[bytes]]] = field(default_factory=dict)

    def node(self, level: int, index: int) -> bytes:
        """Give the root of the perfect tree of 2**level leaves, the index-th of its kind."""
        tile_level, height = divmod(level, 8)
        first = index << height
        rows = self.rows(tile_level, first >> 8)
        return rows[height][(first & 255) >> height]

    def root(self, size: int) -> bytes:
        """Give the root the log had when it was this long."""
        return range_root(self.node, 0, size)

    def rows(self, level: int, number: int) -> list[Sequence[bytes]]:
        """Give the hashes of a tile, and the rows above them up to its root."""
        rows = self._tiles.get((level, number))
        if rows is None:
            if len(self._tiles) >= _KEEP_TILES:
                self._tiles.pop(next(iter(self._tiles)))
            rows = self._tiles[level, number] = self._load(level, number)
        return rows

    def _load(self, level: int, number: int) -> list[Sequence[bytes]]:
        width = min(TILE_WIDTH, (self.size >> 8 * level) - number * TILE_WIDTH)
        tile = _read_tile(self.source, level, number, width) if width > 0 else Row([None])
        row = [one for one in tile.hashes if one is not None]
        if None in tile.hashes:
            raise SourceError(f"{tile_path(level, number)} {tile.flaw or 'is past the end'}")
        return rows_over(row)


# --- What is found -------------------------------------------------------------------------------

MET: Final = "met"
NOT_MET: Final = "not met"
COULD_NOT_TELL: Final = "could not tell"
EXIT_CODES: Final = {MET: 0, NOT_MET: 1, COULD_NOT_TELL: 3}
_MAX_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a reader should know."""

    severity: str  # "fail": a promise is broken; "unsure": not checked; "look": a person should
    code: str
    message: str
    index: int | None = None


class _Findings:
    """Collects findings, and keeps a flood of one sort from hiding the others."""

    def __init__(self) -> None:
        self._rows: list[Finding] = []
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, severity: str, code: str, message: str, index: int | None = None) -> None:
        self._counts[severity, code] += 1
        if self._counts[severity, code] <= _MAX_SHOWN:
            self._rows.append(Finding(severity, code, message, index))

    fail = functools.partialmethod(add, "fail")
    unsure = functools.partialmethod(add, "unsure")
    look = functools.partialmethod(add, "look")
    note = functools.partialmethod(add, "note")

    def has(self, severity: str, *, but: str = "") -> bool:
        return any(one == severity and code != but for one, code in self._counts)

    def rows(self) -> tuple[Finding, ...]:
        more = [
            Finding(severity, code, f"and {count - _MAX_SHOWN} more of the same sort")
            for (severity, code), count in self._counts.items()
            if count > _MAX_SHOWN
        ]
        order = ["fail", "unsure", "look", "note"]
        return tuple(sorted(self._rows + more, key=lambda one: order.index(one.severity)))

    def answer(self) -> str:
        return NOT_MET if self.has("fail") else COULD_NOT_TELL if self.has("unsure") else MET


def _spans(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Group rising numbers into stretches without a hole."""
    for _, group in itertools.groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        stretch = [number for _, number in group]
        yield stretch[0], stretch[-1]


def _entries_text(first: int, last: int) -> str:
    several = f"entries {first} to {last}" if last > first else "no entry"
    return f"entry {first}" if first == last else several


# --- One entry, read exactly ---------------------------------------------------------------------

_AT_TEXT: Final = re.compile(r"[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}\.[0-9]{6}Z")


def parse_at(text: object) -> float | None:
    """Read a time in the one form an entry uses, as POSIX seconds."""
    if not isinstance(text, str) or not _AT_TEXT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return None


def _is_time(text: object) -> bool:
    return parse_at(text) is not None


def format_at(posix_s: float) -> str:
    """Write POSIX seconds for a person."""
    return datetime.fromtimestamp(posix_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_KIND: Final = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


def _is_text(value: object) -> bool:
    return type(value) is str and value != ""


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 1


def _is_named(value: dict[str, Any]) -> bool:
    return _is_text(value.get("kind")) and _is_text(value.get("id"))


def _is_hex(value: object) -> bool:
    return type(value) is str and re.fullmatch(r"[0-9a-f]+", value) is not None


_AT_WORDS: Final = "must look like 2026-11-20T14:27:03.118000Z"
_TEXTS_OF_CONTENT: Final = ("kid", "commit", "ct_sha256")
_Rule = tuple[tuple[type, ...], Callable[[Any], bool], str]
_ENTRY_RULES: Final[dict[str, _Rule]] = {  # the types allowed, a further check, the words
    "v": ((int,), _is_count, "must be an integer of at least 1"),
    "kind": ((str,), lambda kind: bool(_KIND.fullmatch(kind)), "must look like room.verb_past"),
    "id": ((str,), _is_text, "must be a text"),
    "at": ((str,), _is_time, _AT_WORDS),
    "actor": ((dict,), _is_named, "must have a kind and an id"),
    "subject": (
        (dict, type(None)),
        lambda subject: subject is None or _is_named(subject),
        "must be null or have a kind and an id",
    ),
    "body": ((dict,), lambda _: True, "must be an object"),
    "producer": ((str,), _is_text, "must be a text"),
    "seq": ((int,), _is_count, "must be an integer of at least 1"),
    "changes": (
        (dict,),
        lambda tables: all(
            type(rows) is dict and all(one is None or _is_hex(one) for one in rows.values())
            for rows in tables.values()
        ),
        "must map tables to keys to a hex digest or null",
    ),
    "content": (
        (list,),
        lambda values: all(
            type(one) is dict
            and all(_is_text(one.get(name)) for name in _TEXTS_OF_CONTENT)
            and type(one.get("ct_len")) is int
            for one in values
        ),
        "must list kid, commit, ct_sha256 and ct_len",
    ),
    "flags": ((list,), lambda flags: all(map(_is_text, flags)), "must be a list of texts"),
    "happened_at": ((str,), _is_time, _AT_WORDS),
}
ENTRY_MEMBERS: Final = frozenset(_ENTRY_RULES)
ENTRY_REQUIRED: Final = ENTRY_MEMBERS - {"changes", "content", "flags", "happened_at"}


def entry_problem(entry: Mapping[str, object]) -> tuple[str, str] | None:
    """Name the first member of an entry that is missing or of the wrong shape, and why."""
    for name, value in entry.items():
        if name in _ENTRY_RULES:
            types, check, words = _ENTRY_RULES[name]
            if type(value) not in types or not check(value):
                return name, words
    if not entry.keys() >= ENTRY_REQUIRED:
        return min(ENTRY_REQUIRED - entry.keys()), "is missing"
    return None


def _parse_integer(digits: str) -> int:
    if len(digits) > 15 and not (len(digits) < 18 and abs(int(digits)) <= MAX_SAFE_INTEGER):
        raise FormatError("an integer lies outside \u00b1(2^53-1)")
    return int(digits)


def _refuse_number(text: str) -> float:
    raise FormatError(f"{text[:40]} is not an integer")


_decode_json = json.JSONDecoder(
    parse_int=_parse_integer, parse_float=_refuse_number, parse_constant=_refuse_number
).decode
_encode_json = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode


def parse_entry(data: bytes) -> dict[str, Any]:
    """Read an entry, refusing anything but a canonical JSON object."""
    try:
        text = data.decode("utf-8")
        value = _decode_json(text)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise FormatError("it is not JSON") from error
    if type(value) is not dict:
        raise FormatError("it is not a JSON object")
    if _encode_json(value) != text:
        raise FormatError("its JSON is not in canonical form")
    if not text.isascii() and not _has_ascii_keys(value):
        raise FormatError("a key in it is not ASCII")
    return value


def _has_ascii_keys(value: object) -> bool:
    if isinstance(value, dict):
        return all(key.isascii() and _has_ascii_keys(inner) for key, inner in value.items())
    return not isinstance(value, list) or all(map(_has_ascii_keys, value))


# --- Many entries, read fast ---------------------------------------------------------------------
#
# Most entries look like one read before, with other values: from each sound entry a pattern is
# learnt, and whole bundles are matched at once. What does not match, or holds an escape, a control
# character or anything beyond ASCII, is read exactly: only the time depends on what was learnt.

_SOME: Final = rb'"[^"]++"'
_NAMED: Final = rb'\{"id":%b,"kind":%b\}' % (_SOME, _SOME)
_ACTOR: Final = rb'\{(?:"credential":%b,)?(?:"grant":%b,)?"id":%b,"kind":%b\}' % ((_SOME,) * 4)
_SCALARS: Final = {
    str: rb'"[^"]*+"',
    int: rb"(?:0|-?[1-9][0-9]{0,14}+)",
    bool: rb"(?:true|false)",
    type(None): rb"null",
}
_KEPT = rb'\{"commit":"[^"]++","ct_len":(?:0|[1-9]\d{,14}+),"ct_sha256":"[^"]++","kid":"[^"]++"\}'
_FAST_ENTRY: Final = (
    rb'(?s:..)(\{"actor":' + _ACTOR + rb',"at":"([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3])'
    rb':[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z)","body":%b,'
    rb'(?:"changes":\{"[^"]*+":\{"[^"]*+":(?:"[0-9a-f]++"|null)\}\},)?'
    rb'(?:"content":\[(?:' + _KEPT + rb"(?:," + _KEPT + rb')*+)?\],)?"id":' + _SOME + rb',"kind":'
    rb'"[a-z][a-z0-9_]*+\.[a-z][a-z0-9_]*+",("producer":"[^"]++","seq":[1-9][0-9]{0,14}+)'
    rb',"subject":(?:null|' + _NAMED + rb'),"v":1\})'
)
_LETTERS: Final = bytes(range(32, 128)).replace(b"\\", b"")
_SEQ: Final = b',"seq":'
_MOST_SHAPES, _LONGEST_SHAPE = 200, 80

Told = tuple[bytes, bytes, bytes]
"""What an entry tells: its bytes, when, and its place in its producer's sequence."""


def _shape(value: object, before: bytes = b"") -> list[bytes]:
    """Describe the canonical text of a value by patterns in a row."""
    if isinstance(value, dict):
        keys = [re.escape(_encode_json(key).encode()) + b":" for key in value]
        inner, ends = list(value.values()), (rb"\{", rb"\}")
    elif isinstance(value, list):
        keys, inner, ends = [b""] * len(value), value, (rb"\[", rb"\]")
    else:
        return [before + _SCALARS[type(value)]]
    parts = [_shape(one, b"," * (n > 0) + keys[n]) for n, one in enumerate(inner)]
    return [before + ends[0], *itertools.chain(*parts), ends[1]]


def _any_of(shapes: Iterable[Sequence[bytes]]) -> bytes:
    """Join shapes into one pattern that looks at what they begin with only once."""
    branches: dict[bytes, list[Sequence[bytes]]] = {}
    for shape in filter(None, shapes):
        branches.setdefault(shape[0], []).append(shape[1:])
    parts = [first + _any_of(rest) for first, rest in branches.items()]
    return parts[0] if len(parts) == 1 else b"(?:%b)" % b"|".join(parts) if parts else b""


def _is_plain(data: bytes) -> bool:
    """Tell whether every text in it means exactly its own letters."""
    return not data.translate(None, _LETTERS)


@functools.lru_cache(4096)
def _is_day(text: bytes) -> bool:
    return parse_at(text.decode() + "T00:00:00.000000Z") is not None


class FastReader:
    """Reads entries by the shapes it has learnt in this process."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[bytes, ...], None] = {}
        self._pattern: re.Pattern[bytes] | None = None

    def learn(self, entry: Mapping[str, Any]) -> None:
        """Remember what a sound entry looks like."""
        shape = tuple(_shape(entry["body"]))
        is_new = len(shape) <= _LONGEST_SHAPE and shape not in self._shapes
        if is_new and len(self._shapes) < _MOST_SHAPES:
            self._shapes[shape] = self._pattern = None

    def _known(self) -> re.Pattern[bytes]:
        if self._pattern is None:
            shapes = list(self._shapes) or [(rb"\{", rb"\}")]
            self._pattern = re.compile(_FAST_ENTRY.replace(b"%b", _any_of(shapes)))
        return self._pattern

    def rows(self, data: bytes, entries: Sequence[bytes]) -> list[Told] | None:
        """Read all entries of a bundle, or nothing if any of them needs to be read exactly."""
        rows: list[Told] = self._known().findall(data)[: len(entries)]
        if not rows or [row[0] for row in rows] != entries or not _is_plain(b"".join(entries)):
            return None
        return rows if all(map(_is_day, {at[:10] for _, at, _ in rows})) else None


_fast: Final = FastReader()


def _seconds(at: bytes) -> float:
    return datetime.fromisoformat(at.decode()).timestamp()


_SPECIAL: Final = re.compile(rb'"kind":"ledger\.(?:began|checkpoint_signed|heartbeat)"')
_SMALLEST_SILENCE_S: Final = 3.0  # three heartbeats of the shortest interval, one second


@dataclass(slots=True)
class Seen:
    """What one process saw in some bundles, as little of it as the whole needs."""

    first_index: int
    unit_count: int = 0
    is_sound: bool = True  # every hash fits
    roots: list[bytes | None] = field(default_factory=list)  # of each full bundle's entries
    odd: dict[int, tuple[Row, Row]] = field(default_factory=dict)  # below and stored: look closer
    rotations: list[bytes] = field(default_factory=list)
    times: list[tuple[int, int, float, float]] = field(default_factory=list)  # of each bundle
    problems: list[tuple[str, int, str]] = field(default_factory=list)
    runs: dict[bytes, list[list[int]]] = field(default_factory=dict)
    special: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    silences: list[tuple[float, float, int]] = field(default_factory=list)
    extra: dict[str, int] = field(default_factory=dict)
    flags: Counter[str] = field(default_factory=Counter)
    earliest: float = 0.0
    latest: float = 0.0

    def read(self, index: int, data: bytes) -> Told:
        """Read one entry, exactly if need be, and keep what is odd about it."""
        if rows := _fast.rows(b"--" + data, [data]):
            return rows[0]
        entry: dict[str, Any] = {}
        try:
            entry = parse_entry(data)
            problem = " ".join(entry_problem(entry) or ())
        except FormatError as error:
            problem = str(error)
        is_newer = _is_count(entry.get("v")) and entry["v"] != 1
        if is_newer:
            self.problems.append(("unsure", index, "is of a version newer than this verifier"))
        elif problem:
            self.problems.append(("fail", index, f"is malformed: {problem}"))
        else:
            self._keep_odd(index, entry)
        at = "" if is_newer or problem else entry["at"]
        producer, seq, place = entry.get("producer"), entry.get("seq"), ""
        if _is_text(producer) and _is_count(seq):
            place = f'"producer":{_encode_json(producer)},"seq":{seq}'
        return data, at.encode(), place.encode()

    def _keep_odd(self, index: int, entry: dict[str, Any]) -> None:
        _fast.learn(entry)
        self.flags.update(entry.get("flags", ()))
        for name in entry.keys() - ENTRY_MEMBERS:
            self.extra.setdefault(name, index)

    def take(self, first: int, rows: Sequence[Told]) -> None:
        """Keep what the rows of a bundle tell together."""
        entries, times, places = zip(*rows, strict=True)
        if _SPECIAL.search(b"".join(entries)):
            for index, (entry, at, _) in enumerate(rows, first):
                if at and _SPECIAL.search(entry):
                    self.special.append((index, parse_entry(entry)))
        self._take_times(first, times)
        self._take_places(first, places)

    def _take_times(self, first: int, at: Sequence[bytes]) -> None:
        sound = at if all(at) else [one for one in at if one]
        if not sound:
            return
        low, high = _seconds(min(sound)), _seconds(max(sound))
        self.times.append((first, len(at), low, high))
        self.earliest = self.earliest or _seconds(sound[0])
        if high - (self.latest or low) > _SMALLEST_SILENCE_S:
            for index, now in enumerate([_seconds(one) if one else 0.0 for one in at], first):
                if self.latest and now - self.latest > _SMALLEST_SILENCE_S:
                    self.silences.append((self.latest, now, index))
                self.latest = max(self.latest, now)
        self.latest = max(self.latest, high)

    def _take_places(self, first: int, places: Sequence[bytes]) -> None:
        producer, _, number = places[0].rpartition(_SEQ)
        begin, count = int(number or 0), len(places)
        if places == tuple([b"%b%b%d" % (producer, _SEQ, begin + n) for n in range(count)]):
            self._run(producer, begin, begin + count - 1, first)
            return
        for index, place in enumerate(places, first):
            producer, _, number = place.rpartition(_SEQ)
            self._run(producer, int(number or 0), int(number or 0), index)

    def _run(self, producer: bytes, begin: int, end: int, index: int) -> None:
        if not producer:
            return  # it was no entry, and is named already
        runs = self.runs.setdefault(producer, [])
        if runs and runs[-1][1] + 1 == begin:
            runs[-1][1] = end
        else:
            runs.append([begin, end, index])


# --- Some bundles: what one process checks -------------------------------------------------------

_UNITS_PER_TASK: Final = TILE_WIDTH // 2


class Stretch(NamedTuple):
    """Some bundles in a row, as one process gets them to check."""

    source: Source
    size: int
    first_unit: int
    last_unit: int
    reads_entries: bool


def _check_stretch(stretch: Stretch) -> Seen:
    """Hash every entry of some bundles, compare with the tiles beside them, and read each."""
    source, sha = stretch.source, _sha256
    seen = Seen(stretch.first_unit * TILE_WIDTH, stretch.last_unit - stretch.first_unit)
    for number in range(stretch.first_unit, stretch.last_unit):
        first = number * TILE_WIDTH
        width = min(TILE_WIDTH, stretch.size - first)
        found = _read_at_least(source, "entries", number, width)
        entries, flaw = _entries_of(found, width)
        leaves = [sha(b"\0" + entry).digest() for entry in entries]
        stored = _read_at_least(source, 0, number, width)
        is_wrong = (
            flaw != ""
            or stored is None
            or len(stored[0]) != stored[1] * HASH_BYTES
            or not stored[0].startswith(b"".join(leaves))
        )
        if is_wrong or width < TILE_WIDTH:
            below: list[bytes | None] = [*leaves, *[None] * (width - len(leaves))]
            seen.odd[number] = Row(below, flaw), _read_tile(source, 0, number, width)
            seen.is_sound &= not is_wrong
        if width == TILE_WIDTH:
            seen.roots.append(perfect_root(leaves) if len(leaves) == TILE_WIDTH else None)
        if found and b"ledger.key_rotated" in found[0]:
            seen.rotations += [one for one in entries if b'"kind":"ledger.key_rotated"' in one]
        if found and stretch.reads_entries and seen.is_sound:
            rows = _fast.rows(found[0], entries)
            rows = rows or [seen.read(n, entry) for n, entry in enumerate(entries, first)]
            seen.take(first, rows)
    return seen


def _in_processes(work: Callable[[_T], _R], tasks: Iterator[_T], jobs: int) -> Iterator[_R]:
    """Run tasks in several processes and give the results in order, a few tasks ahead."""
    head = list(itertools.islice(tasks, 2))
    tasks = itertools.chain(head, tasks)
    if jobs <= 1 or len(head) <= 1:
        yield from map(work, tasks)
        return
    # Forking is quickest and safe only while nobody else runs in this process.
    quick = "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1
    context = multiprocessing.get_context("fork" if quick else "spawn")
    waiting: deque[Future[_R]] = deque()
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        try:
            for task in tasks:
                waiting.append(pool.submit(work, task))
                if len(waiting) > 2 * jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            raise SourceError("a checking process died; try --jobs 1") from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


# --- Naming what was changed ---------------------------------------------------------------------


def _settle(
    stored: list[bytes | None], below: list[bytes | None], leads_home: Callable[[list[bytes]], bool]
) -> list[bytes] | None:
    """Find the true hashes: those stored, those computed from below, or a mixture of the two."""
    first = [s or b for s, b in zip(stored, below, strict=True)]
    second = [b or s for s, b in zip(stored, below, strict=True)]
    if None in first:
        return None
    differing = [k for k, pair in enumerate(zip(first, second, strict=True)) if len(set(pair)) > 1]
    few = differing if len(differing) <= 8 else []
    mixtures = (itertools.combinations(few, count) for count in range(len(few) + 1))
    for choice in itertools.chain(*mixtures, [differing]):
        mixed = [one for one in first if one is not None]
        for k in choice:
            mixed[k] = second[k] or b""
        if leads_home(mixed):
            return mixed
    return None


@dataclass(slots=True)
class _TreeCheck:
    """Follows the signed root down through the tiles to the entries, naming what is wrong."""

    source: Source
    size: int
    root: bytes
    first: int
    out: _Findings
    seen: list[Seen] = field(default_factory=list)
    rotations: list[bytes] = field(default_factory=list)
    is_sound: bool = True
    _odd: dict[int, tuple[Row, Row]] = field(default_factory=dict)
    _below: list[list[bytes | None]] = field(default_factory=list)
    _true: dict[tuple[int, int], list[bytes | None]] = field(default_factory=dict)

    def run(self, jobs: int, *, reads_entries: bool) -> None:
        """Check everything; findings tell what was wrong."""
        self._below = [[], [None] * (self.first // TILE_WIDTH)]
        for done in _in_processes(_check_stretch, self._stretches(reads_entries), jobs):
            self.is_sound &= done.is_sound
            self._odd.update(done.odd)
            self._below[1] += done.roots
            self.seen.append(done)
            self.rotations += done.rotations
            gone = [n for n, rows in self._odd.items() if {one.flaw for one in rows} == {_MISSING}]
            if len(done.odd) == done.unit_count > 1 and set(gone) >= done.odd.keys():
                first = min(gone) * TILE_WIDTH
                what = f"{_entries_text(first, self.size - 1)} are missing, tiles and all"
                self.out.fail("missing", what, first)
                return
        self._hash_upwards()
        self._check_edge()
        for level in range(len(self._below) - 1, 0, -1):
            for number in range(len(self._below[level]) // TILE_WIDTH):
                self._check_full(level, number)
        for number in sorted(self._suspects()):
            self._check_full(0, number)

    def _stretches(self, reads_entries: bool) -> Iterator[Stretch]:  # noqa: FBT001
        """Cut the log into pieces of work; what entries say is read while all hashes hold."""
        end, start = -(-self.size // TILE_WIDTH), self.first // TILE_WIDTH
        while start < end:
            stop = min(end, (start // _UNITS_PER_TASK + 1) * _UNITS_PER_TASK)
            yield Stretch(self.source, self.size, start, stop, reads_entries and self.is_sound)
            start = stop

    def _hash_upwards(self) -> None:
        while len(self._below[-1]) >= TILE_WIDTH:
            row = self._below[-1]
            above: list[bytes | None] = []
            for start in range(0, len(row) - TILE_WIDTH + 1, TILE_WIDTH):
                tile = [one for one in row[start : start + TILE_WIDTH] if one is not None]
                above.append(perfect_root(tile) if len(tile) == TILE_WIDTH else None)
            self._below.append(above)

    def _beneath(self, level: int, number: int, width: int) -> Row:
        if level == 0:
            if number in self._odd:
                return self._odd[number][0]
            return _read_tile(self.source, 0, number, width)  # equal to its entries, so one read
        start = number * TILE_WIDTH
        return Row(self._below[level][start : start + width])

    def _stored(self, level: int, number: int, width: int) -> Row:
        if level == 0 and number in self._odd:
            return self._odd[number][1]
        return _read_tile(self.source, level, number, width)

    def _check_edge(self) -> None:
        """Check the partial tiles, which together make the signed root."""
        edge = edge_tiles(self.size)
        stored = [self._stored(*one) for one in edge]
        below = [self._beneath(*one) for one in edge]
        widths = [width for _, _, width in edge]
        settled = _settle(
            [one for row in stored for one in row.hashes],
            [one for row in below for one in row.hashes],
            lambda hashes: self._edge_root(hashes, widths) == self.root,
        )
        if settled is None and all(None not in row.hashes for row in stored):
            found = self._edge_root([h for row in stored for h in row.hashes if h], widths)
            what = f"the tiles lead to the root {encode_base64(found)}, the checkpoint says"
            what += f" {encode_base64(self.root)}: the log was rewritten, or line 3 of the"
            self.out.fail("root", f"{what} checkpoint was changed")
        for (level, number, width), is_stored, is_below in zip(edge, stored, below, strict=True):
            true = settled[:width] if settled else None
            settled = settled[width:] if settled else None
            self._name(level, number, is_stored, is_below, true)

    @staticmethod
    def _edge_root(hashes: list[bytes], widths: list[int]) -> bytes:
        peaks: list[bytes] = []
        for width in widths:
            row, hashes = hashes[:width], hashes[width:]
            peaks = peaks_of(row) + peaks
        return fold_peaks(peaks)

    def _check_full(self, level: int, number: int) -> None:
        if (number + 1) << 8 * (level + 1) <= self.first:
            return  # pruned
        parent = self._true.get((level + 1, number // TILE_WIDTH))
        wanted = parent[number % TILE_WIDTH] if parent else None
        stored = self._stored(level, number, TILE_WIDTH)
        below = self._beneath(level, number, TILE_WIDTH)
        true = _settle(stored.hashes, below.hashes, lambda row: perfect_root(row) == wanted)
        self._name(level, number, stored, below, true)

    def _suspects(self) -> set[int]:
        """Give the full bundles that their own tile or a tile above does not agree with."""
        suspects = {n for n in self._odd if (n + 1) * TILE_WIDTH <= self.size}
        for (level, number), true in self._true.items():
            if level == 1:
                computed = self._below[1][number * TILE_WIDTH :]
                pairs = enumerate(zip(true, computed, strict=False), number * TILE_WIDTH)
                suspects |= {n for n, (a, b) in pairs if a != b and n >= self.first // TILE_WIDTH}
        return suspects

    def _name(
        self, level: int, number: int, stored: Row, below: Row, true: list[bytes] | None
    ) -> None:
        """Say which hashes of a tile, or which entries under it, are not what they were."""
        tile = f"tile {level}/{number}"
        width = len(stored.hashes)
        known = [s or b for s, b in zip(stored.hashes, below.hashes, strict=True)]
        self._true[level, number] = list(true) if true else known
        if stored.flaw:
            self.out.fail("tile", f"{tile} {stored.flaw}", number)
        if level == 0 and below.flaw:
            first = number * TILE_WIDTH
            what = f"bundle {number} ({_entries_text(first, first + width - 1)}) {below.flaw}"
            self.out.fail("bundle", what, first)
        if true is None:
            self._name_unsettled(level, number, stored, below)
            return
        span = 1 << 8 * level
        for k, hash_found in enumerate(stored.hashes):
            if hash_found not in {true[k], None}:
                first = (number * TILE_WIDTH + k) * span
                under = _entries_text(first, first + span - 1)
                sound = f"; {under} under it: sound" if below.hashes[k] == true[k] else ""
                self.out.fail("tile", f"{tile} hash {k} is wrong{sound}", first)
        if level == 0:
            changed = [k for k in range(width) if below.hashes[k] != true[k]]
            for first, last in _spans([number * TILE_WIDTH + k for k in changed]):
                verb = "is" if first == last else "are"
                what = f"{_entries_text(first, last)} {verb} changed or missing"
                self.out.fail("entry", what, first)

    def _name_unsettled(self, level: int, number: int, stored: Row, below: Row) -> None:
        pairs = zip(stored.hashes, below.hashes, strict=True)
        differing = [k for k, (s, b) in enumerate(pairs) if s and b and s != b]
        span = 1 << 8 * level
        start = number * TILE_WIDTH
        for first, last in _spans(differing):
            under = _entries_text((start + first) * span, (start + last + 1) * span - 1)
            what = f"tile {level}/{number} hash {first} to {last} disagree with {under} under it"
            self.out.fail("entry", what, (start + first) * span)
        if not differing and (level, number) not in {(e[0], e[1]) for e in edge_tiles(self.size)}:
            under = _entries_text(start * span, (start + len(stored.hashes)) * span - 1)
            what = f"{under}: changed together with tile {level}/{number} over them"
            self.out.fail("entry", what, start * span)


# --- All entries together: order and time --------------------------------------------------------


@dataclass(slots=True)
class _OrderCheck:
    """Reads what the stretches saw, forward: producers without a gap, time, silence."""

    tree: TileTree
    first: int
    tolerance_s: float
    out: _Findings
    _runs: dict[bytes, list[list[int]]] = field(default_factory=dict)
    _unbound: deque[tuple[int, int, float, float]] = field(default_factory=deque)
    _bound_to: int = 0  # the entries before it lie under a checkpoint that bounds their time
    _reread: tuple[int, list[tuple[int, float]]] = (-1, [])
    _last_checkpoint: tuple[int, float] | None = None
    _latest: float = 0.0
    _heartbeats: list[tuple[int, float]] = field(default_factory=list)
    _extra: dict[str, int] = field(default_factory=dict)
    _flags: Counter[str] = field(default_factory=Counter)

    def run(self, stretches: Sequence[Seen], not_after: float | None) -> None:
        """Judge everything; `not_after` is when a witness saw this very checkpoint."""
        if stretches and self.first == 0:
            self._check_beginning(stretches[0])
        for seen in stretches:
            self._take(seen)
        self._bound(self.tree.size, not_after, "the witness's cosignature")
        self._check_producers()
        for name, index in self._extra.items():
            self.out.note("extra", f"entry {index} has an unknown member {name!a}", index)
        for flag, count in self._flags.items():
            self.out.look("flag", f"{count} entries carry the flag {flag!a}")

    def _take(self, seen: Seen) -> None:
        for severity, index, problem in seen.problems:
            self.out.add(severity, "form", f"entry {index} {problem}", index)
        for producer, runs in seen.runs.items():
            self._runs.setdefault(producer, []).extend(runs)
        self._extra = {**seen.extra, **self._extra}
        self._flags.update(seen.flags)
        self._unbound.extend(seen.times)
        for index, entry in seen.special:
            body = entry["body"]
            if entry["kind"] == "ledger.heartbeat" and _is_count(body.get("interval_s")):
                self._heartbeats.append((index, float(body["interval_s"])))
            if entry["kind"] == "ledger.checkpoint_signed":
                self._take_checkpoint(index, body)
        self._check_silence(seen)

    def _check_beginning(self, seen: Seen) -> None:
        index, entry = seen.special[0] if seen.special else (-1, {})
        if index != 0 or entry["kind"] != "ledger.began":
            self.out.look("beginning", "entry 0 does not say how this log began", 0)
            return
        body = entry["body"]
        before = body.get("predecessor")
        then = f"; it continues {before!a}" if before else "; it names no predecessor"
        what = f"the log began at {entry['at']} as {body.get('origin')!a} (installation"
        what += f" {body.get('installation')!a}, build {body.get('build')!a}){then}"
        self.out.note("beginning", f"{what}; it holds nothing of the time before", 0)

    def _take_checkpoint(self, index: int, body: dict[str, Any]) -> None:
        size, root, at = body.get("size"), body.get("root"), parse_at(body.get("signed_at"))
        before = self._last_checkpoint[0] if self._last_checkpoint else 0
        if type(size) is not int or not before < size <= index or not at or not _is_hex(root):
            what = f"entry {index} records a checkpoint that cannot be one"
            self.out.fail("checkpoint", what, index)
            return
        if size >= self.first and self.tree.root(size).hex() != root:
            what = f"entry {index} records another root for the first {size} entries than they have"
            self.out.fail("checkpoint", what, index)
        self._bound(size, at, f"the checkpoint recorded in entry {index}")
        self._last_checkpoint = (size, at)

    def _bound(self, size: int, not_after: float | None, by: str) -> None:
        """Judge the times of the entries before this size that were not judged yet."""
        low = (self._last_checkpoint[1] if self._last_checkpoint else 0.0) - self.tolerance_s
        high = (not_after or float("inf")) + self.tolerance_s
        outside: list[tuple[int, float]] = []
        while self._unbound and self._unbound[0][0] < size:
            first, count, lowest, highest = self._unbound[0]
            if lowest < low or highest > high:
                times = self._times(first // TILE_WIDTH)
                outside += [(n, at) for n, at in times if self._bound_to <= n < size]
            if first + count > size:
                break  # the rest of this bundle lies under a later checkpoint
            self._unbound.popleft()
        self._bound_to = max(self._bound_to, size)
        for first, last in _spans(n for n, at in outside if at < low):
            since = format_at(low + self.tolerance_s)
            what = f"{_entries_text(first, last)} backdated: the log had passed {since} by then"
            self.out.look("backdated", what, first)
        for first, last in _spans(n for n, at in outside if at > high):
            what = f"{_entries_text(first, last)} postdated: {by} is earlier"
            self.out.look("postdated", what, first)

    def _times(self, number: int) -> list[tuple[int, float]]:
        """Read again when the entries of one bundle say they were made."""
        if self._reread[0] != number:
            first = number * TILE_WIDTH
            width = min(TILE_WIDTH, self.tree.size - first)
            found = _read_at_least(self.tree.source, "entries", number, width)
            seen, (entries, _) = Seen(first), _entries_of(found, width)
            at = [seen.read(n, entry)[1] for n, entry in enumerate(entries, first)]
            self._reread = number, [(n, _seconds(one)) for n, one in enumerate(at, first) if one]
        return self._reread[1]

    def _check_silence(self, seen: Seen) -> None:
        silences, latest = list(seen.silences), self._latest
        if latest and seen.earliest - latest > _SMALLEST_SILENCE_S:
            silences.insert(0, (latest, seen.earliest, seen.first_index))
        self._latest = max(latest, seen.latest)
        beats = deque(self._heartbeats)
        interval = float("inf")
        for since, until, index in silences:
            while beats and beats[0][0] < index:
                interval = beats.popleft()[1]
            since = max(since, latest)  # noqa: PLW2901 the process that saw it knew only its part
            if until - since > 3 * interval:
                span = f"{format_at(since)} to {format_at(until)}"
                self.out.look("outage", f"silence from {span}, before entry {index}", index)
        self._heartbeats = self._heartbeats[-1:]

    def _check_producers(self) -> None:
        for name, runs in sorted(self._runs.items()):
            producer = json.loads(b"{%b}" % name)["producer"]
            runs.sort()
            last = runs[0][0] - 1 if self.first else 0
            for first, end, index in runs:
                if first > last + 1:
                    missing = f"{last + 1} to {first - 1}" if first - last > 2 else str(last + 1)
                    what = f"producer {producer!a}: number {missing} is missing before entry"
                    self.out.fail("gap", f"{what} {index}", index)
                elif first <= last:
                    what = f"producer {producer!a}: number {first} occurs again in entry {index}"
                    self.out.fail("repeat", what, index)
                last = max(last, end)


# --- Who vouches for the checkpoint --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trust:
    """What the reader brings along: keys, a policy, and which witnesses are the operator's own."""

    keys: tuple[Key, ...] = ()
    policy: Policy | None = None
    own_witnesses: frozenset[str] = frozenset()

    def log_keys(self) -> tuple[Key, ...]:
        """All keys that may sign for the log."""
        return (*self.keys, *(self.policy.logs if self.policy else ()))


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A witness whose cosignature was checked."""

    holder: str
    key: str
    at: str
    is_own: bool


class Vouched(NamedTuple):
    """Who signed a checkpoint, as far as the reader's keys can tell."""

    signer: Key | None
    witnesses: tuple[Witnessed, ...]
    not_after: float | None
    bad_lines: tuple[int, ...]


def _judge_signatures(note: Note, trust: Trust, out: _Findings) -> Vouched:
    """Check each signature by a key the reader knows, and leave the others alone."""
    logs = {(key.name, key.id): key for key in trust.log_keys()}
    named = trust.policy.witnesses if trust.policy else {}
    holders = {(key.name, key.id): (who, key) for who, key in named.items()}
    signer: Key | None = None
    witnesses: dict[str, tuple[int, Witnessed]] = {}
    bad: list[int] = []
    for line, one in enumerate(note.signatures, note.text.count("\n") + 2):
        who, key = holders.get((one.name, one.key_id), ("", None))
        key = logs.get((one.name, one.key_id), key)
        if key is None or key.type == ML_DSA_44:
            what = (
                "is of a type unknown to this verifier" if key else "is by a key you did not name"
            )
            out.note("unknown key", f"the signature in line {line}, {one}, {what}")
        elif not signature_holds(key, note.text, one):
            bad.append(line)
        elif who:
            at, is_own = cosigned_at(one), bool({who, key.name} & trust.own_witnesses)
            when = format_at(at) if at < 1 << 37 else f"POSIX second {at}"
            witnesses[who] = at, Witnessed(who, str(key), when, is_own)
        else:
            signer = key
    if trust.policy and not trust.policy.is_met(witnesses):
        seen = ", ".join(witnesses) or "none of them"
        asked = f"your policy asks for {trust.policy.quorum!a}"
        out.fail("quorum", f"the checkpoint lacks witnesses: {asked}; cosigned: {seen}")
    earliest = min((at for at, _ in witnesses.values()), default=None)
    return Vouched(signer, tuple(w for _, w in witnesses.values()), earliest, tuple(bad))


def _repairs(
    checkpoint: Checkpoint, tree: TileTree, names: Iterable[str]
) -> Iterator[tuple[int, Checkpoint]]:
    size, rest = checkpoint.size, (checkpoint.root, checkpoint.extensions)
    for name in names:
        yield 1, Checkpoint(name, size, *rest)
    digits = str(size)
    for place, digit in itertools.product(range(len(digits)), "0123456789"):
        other = int(digits[:place] + digit + digits[place + 1 :])
        yield 2, Checkpoint(checkpoint.origin, other, *rest)
    try:
        root = tree.root(size) if size < 1 << 48 else b""
    except SourceError:
        return
    yield 3, Checkpoint(checkpoint.origin, size, root, checkpoint.extensions)


def _rotated_to(data: bytes, trusted: Iterable[Key]) -> list[Key]:
    try:
        body = parse_entry(data)["body"]
        old, new = body["old_vkey"], body["new_vkey"]
        signature = decode_base64(body["signature"], "the signature of the rotation")
        key = parse_vkey(new)
    except (FormatError, KeyError, TypeError, AttributeError):
        return []
    message = rotation_message(old, new)
    is_ours = any(
        one.vkey == old and one.name == key.name and ed25519_verify(one.public, message, signature)
        for one in trusted
    )
    return [key] if is_ours and key.type == ED25519 else []


# --- The whole judgement -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Options:
    """How much to check, and against what."""

    checkpoint: bytes | None = None  # instead of the one beside the tiles
    older: Mapping[str, bytes] = field(default_factory=dict)  # checkpoints the reader kept
    first_index: int = 0  # entries before it were pruned
    hashes_only: bool = False
    jobs: int = 1
    tolerance_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked and what came of it."""

    target: str
    answer: str
    opening: str
    findings: tuple[Finding, ...]
    checked: str = ""
    origin: str = ""
    size: int = 0
    root: str = ""
    signer: str = ""
    witnesses: tuple[Witnessed, ...] = ()
    has_independent_witness: bool = False

    @property
    def exit_code(self) -> int:
        """Give 0 for met, 1 for not met, 3 for could not tell."""
        return EXIT_CODES[self.answer]

    def as_json(self) -> str:
        """Write the report for machines."""
        return json.dumps(asdict(self), ensure_ascii=True, indent=1)

    def as_text(self) -> str:
        """Write the report for people."""
        lines = [self.opening, f"{self.answer.upper()}: {self.target}"]
        if self.origin:
            lines.append(f"log {self.origin}, {self.size} entries, root {self.root}")
        if self.signer:
            lines.append(f"signed by {self.signer}")
        lines += [f"cosigned by {w.holder}, {w.key}, at {w.at}" for w in self.witnesses]
        lines += [f"checked: {self.checked}"] if self.checked else []
        lines += [f"[{one.severity}] {one.message}" for one in self.findings]
        return "".join(c if c.isprintable() or c == "\n" else "?" for c in "\n".join(lines)) + "\n"


def _opening(witnesses: Sequence[Witnessed]) -> tuple[str, bool]:
    others = [one for one in witnesses if not one.is_own]
    if others:
        return "Independent witness: " + ", ".join(f"{w.holder} ({w.at})" for w in others), True
    why = "nobody you named has cosigned this checkpoint"
    if witnesses:
        why = "every cosignature here is by a witness of the operator's own"
    return f"No independent witness: {why}; keep a checkpoint yourself", False


@dataclass(slots=True)
class _Judge:
    """Carries what is known while a checkpoint is being judged."""

    target: str
    trust: Trust
    options: Options = Options()
    out: _Findings = field(default_factory=_Findings)
    note: Note = field(default_factory=lambda: Note("", ()))
    checkpoint: Checkpoint | None = None
    vouched: Vouched = field(default_factory=lambda: Vouched(None, (), None, ()))
    checked: str = ""

    def report(self) -> Report:
        opening, has_independent = _opening(self.vouched.witnesses)
        head = self.checkpoint or Checkpoint("", 0, b"")
        vouched = self.vouched
        found = (self.target, self.out.answer(), opening, self.out.rows(), self.checked)
        log = (head.origin, head.size, encode_base64(head.root))
        return Report(*found, *log, str(vouched.signer or ""), vouched.witnesses, has_independent)

    def open(self, data: bytes | None) -> Checkpoint | None:
        """Read the checkpoint, or say why not."""
        if data is None:
            self.out.unsure("checkpoint", "there is no checkpoint to check against")
            return None
        try:
            self.note, self.checkpoint = open_checkpoint(data)
        except FormatError as error:
            self.out.fail("checkpoint", f"the checkpoint cannot be read: {error}")
        return self.checkpoint

    def judge_signatures(self, checkpoint: Checkpoint) -> None:
        """Say who signed, and whether it is a key the reader trusts with this log."""
        out, origin = self.out, checkpoint.origin
        vouched = self.vouched = _judge_signatures(self.note, self.trust, out)
        wanted = ", ".join(map(str, self.trust.log_keys()))
        seen = f"the checkpoint is signed by {', '.join(map(str, self.note.signatures))}"
        for line in vouched.bad_lines:
            out.fail("signature", f"the signature in line {line} of the checkpoint does not hold")
        if vouched.signer and vouched.signer.name != origin:
            out.fail("origin", f"{vouched.signer} signed for another origin, {origin!a}")
        elif not wanted:
            out.unsure("no key", f"no key was given, so nobody vouches for it: {seen}")
        elif not vouched.signer and not vouched.bad_lines:
            out.fail("foreign key", f"{seen}; you trust {wanted}")

    def judge_log(self, source: Source, checkpoint: Checkpoint) -> None:
        """Check everything under a checkpoint, hashes first."""
        checkpoint = self._put_right(source, checkpoint)
        tree = TileTree(source, checkpoint.size)
        first = min(max(self.options.first_index, 0), checkpoint.size)
        tiles = _TreeCheck(source, checkpoint.size, checkpoint.root, first, self.out)
        tiles.run(self.options.jobs, reads_entries=not self.options.hashes_only)
        is_sound = not self.out.has("fail", but="changed line")
        if is_sound:
            self._follow_rotations(tiles.rotations)
        self.judge_signatures(checkpoint)
        self.checked = f"every hash of {_entries_text(first, checkpoint.size - 1)}"
        if not is_sound:
            self.checked += "; their content was not read, because the hashes do not hold"
            return
        if isinstance(source, FolderSource):
            _check_leftovers(source, checkpoint.size, self.out)
        self._compare_older(tree, checkpoint, first)
        if not self.options.hashes_only:
            self.checked += ", and the form, order and time of each"
            order = _OrderCheck(tree, first, self.options.tolerance_s, self.out)
            order.run(tiles.seen, self.vouched.not_after)
        if first:
            what = f"entries before {first} were not looked at: the log is pruned there"
            self.out.note("pruned", what)

    def _put_right(self, source: Source, checkpoint: Checkpoint) -> Checkpoint:
        """If one changed line broke the signature, name it and go on with what was signed."""
        keys = {(key.name, key.id): key for key in self.trust.log_keys()}
        known = [
            (keys[s.name, s.key_id], s) for s in self.note.signatures if (s.name, s.key_id) in keys
        ]
        if any(signature_holds(key, self.note.text, one) for key, one in known):
            return checkpoint
        tree = TileTree(source, checkpoint.size)
        for line, candidate in _repairs(checkpoint, tree, [key.name for key, _ in known]):
            text = format_checkpoint(candidate)
            if any(signature_holds(key, text, one) for key, one in known):
                was, said = (t.split("\n")[line - 1] for t in (text, self.note.text))
                what = f"line {line} of the checkpoint was changed from {was!a} to {said!a}"
                self.out.fail("changed line", what)
                self.note, self.checkpoint = Note(text, self.note.signatures), candidate
                return candidate
        return checkpoint

    def _follow_rotations(self, rotations: Iterable[bytes]) -> None:
        """Follow the rotations recorded in the log from the keys the reader trusts."""
        keys = self.trust.log_keys()
        known = {(key.name, key.id) for key in keys}
        if not keys or any((s.name, s.key_id) in known for s in self.note.signatures):
            return
        newer: list[Key] = []
        for entry in rotations:
            newer += _rotated_to(entry, (*keys, *newer))
        self.trust = Trust((*self.trust.keys, *newer), self.trust.policy, self.trust.own_witnesses)
        for key in newer:
            self.out.note("rotation", f"an older key handed over to {key} in the log itself")

    def _compare_older(self, tree: TileTree, checkpoint: Checkpoint, first: int) -> None:
        opened = []
        for name, data in self.options.older.items():
            try:
                opened.append((*open_checkpoint(data), name))
            except FormatError as error:
                self.out.unsure("older", f"{name} cannot be read: {error}")
        agreed = 0
        for note, old, name in sorted(opened, key=lambda one: one[1].size):
            if not _judge_signatures(note, Trust(self.trust.log_keys()), _Findings()).signer:
                self.out.unsure("older", f"{name} is not signed by a key you trust")
            if old.origin != checkpoint.origin:
                self.out.fail("older", f"{name} is about another log, {old.origin!a}")
            elif old.size > checkpoint.size:
                cut = _entries_text(checkpoint.size, old.size - 1)
                self.out.fail("older", f"{cut} were cut off: {name} has them", checkpoint.size)
            elif old.size < first:
                self.out.unsure("older", f"{name} is older than the pruned part")
            elif tree.root(old.size) == old.root:
                agreed = old.size
                self.out.note("older", f"{name} ({old.size} entries): nothing rewritten since")
            else:
                span = _entries_text(agreed, old.size - 1)
                what = f"history was rewritten since {name}: the first change lies in {span}"
                self.out.fail("older", what, agreed)


def _check_leftovers(source: FolderSource, size: int, out: _Findings) -> None:
    """Compare partial tiles and bundles of older checkpoints with what they grew into."""
    for folder, _, names in os.walk(f"{source.root}/tile"):
        if folder.endswith(".p"):
            for name in names:
                path = f"{folder}/{name}"[len(source.root) + 1 :]
                try:
                    level, number, width = parse_tile_path(path)
                except FormatError:
                    out.note("stray file", f"{path!a} is not part of a log")
                else:
                    _check_leftover(source, size, (level, number, width), out)


def _check_leftover(
    source: FolderSource, size: int, which: tuple[int | str, int, int], out: _Findings
) -> None:
    level, number, width = which
    height = 0 if level == "entries" else int(level)
    current = min(TILE_WIDTH, (size >> 8 * height) - number * TILE_WIDTH)
    kept = source.read(tile_path(level, number, width), MAX_BUNDLE_BYTES)
    best = _read_at_least(source, level, number, current) if current > 0 else None
    if width == current or kept is None or best is None:
        return
    old, is_clean = _pieces(level, kept)
    new, count = _pieces(level, best[0])[0], min(width, best[1])
    place = next((k for k in range(count) if old[k : k + 1] != new[k : k + 1]), None)
    if place is None:
        if is_clean and len(old) == width:
            return
        place = min(len(old), width - 1)
    first = number * TILE_WIDTH + place << 8 * height
    what = f"hash {place} of the older {tile_path(level, number, width)} was changed"
    if level == "entries":
        what = f"an older copy of entry {first} in {tile_path(level, number, width)} was changed"
    out.fail("leftover", what, first)


def _pieces(level: int | str, data: bytes) -> tuple[list[bytes], bool]:
    """Cut a tile or bundle into hashes or entries, and tell whether nothing is left over."""
    if level == "entries":
        return cut_entries(data)
    starts = range(0, len(data), HASH_BYTES)
    return [data[n : n + HASH_BYTES] for n in starts], len(data) % HASH_BYTES == 0


def _verify_log(
    source: Source, target: str, trust: Trust | None, options: Options | None
) -> Report:
    judge = _Judge(target, trust or Trust(), options or Options())
    try:
        data = judge.options.checkpoint
        if data is None:
            data = source.read("checkpoint", MAX_NOTE_BYTES)
        checkpoint = judge.open(data)
        if checkpoint:
            judge.judge_log(source, checkpoint)
    except SourceError as error:
        judge.out.unsure("source", str(error))
    return judge.report()


def verify_folder(
    path: str | Path, trust: Trust | None = None, options: Options | None = None
) -> Report:
    """Check a log kept as a folder of tiles."""
    return _verify_log(FolderSource(str(path)), str(path), trust, options)


def verify_url(
    prefix: str, trust: Trust | None = None, options: Options | None = None, timeout_s: float = 30.0
) -> Report:
    """Check a log served on the web."""
    if not re.match(r"https?://[^/]", prefix):
        raise FormatError(f"a log's address begins with http:// or https://, not {prefix[:40]!a}")
    source = UrlSource(prefix.rstrip("/"), timeout_s)
    return _verify_log(source, prefix, trust, options)


def verify_proof(
    data: bytes,
    trust: Trust | None = None,
    *,
    entry: bytes | None = None,
    leaf: bytes | None = None,
    target: str = "proof",
) -> Report:
    """Check a proof file for an entry, given the entry itself or its leaf hash."""
    judge = _Judge(target, trust or Trust())
    try:
        proof = parse_proof(data)
    except FormatError as error:
        judge.out.fail("proof", f"the proof cannot be read: {error}")
        return judge.report()
    checkpoint = judge.open(proof.checkpoint)
    if checkpoint is None:
        return judge.report()
    judge.judge_signatures(checkpoint)
    judge.checked = f"the proof for entry {proof.index}"
    leaf = leaf_hash(entry) if entry is not None else leaf
    index, size = proof.index, checkpoint.size
    if leaf is None:
        what = "neither the entry nor its hash was given, so the proof proves nothing yet"
        judge.out.unsure("proof", what)
    elif not verify_inclusion(leaf, index, size, proof.hashes, checkpoint.root):
        what = f"this is not entry {index} of the {size} under the checkpoint's root"
        judge.out.fail("proof", what, index)
    return judge.report()


def verify_certificate(data: bytes, trust: Trust | None = None, target: str = "") -> Report:
    """Check a certificate of an erasure: each entry's proof, and that it says what they say."""
    judge = _Judge(target, trust or Trust())
    try:
        given = json.loads(data)
        shown = {
            one["role"]: (one["entry"].encode(), one["proof"].encode()) for one in given["entries"]
        }
        entries = {role: parse_entry(entry) for role, (entry, _) in shown.items()}
        done, asked = entries["destruction"], entries["request"]
        body, keys = done["body"], ",".join(json.dumps(key) for key in sorted(given["keys"]))
        is_whole = (
            len(shown) == len(given["entries"])
            and body == given["erasure"]
            and done["at"] == given["destroyed_at"]
            and body["request"] == asked["id"]
            and body["keys_digest"] == f"sha256:{_sha256(f'[{keys}]'.encode()).hexdigest()}"
            and body["approval"] == entries.get("approval", {"id": ""})["id"]
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        judge.out.fail("certificate", "this is no certificate that can be read")
        return judge.report()
    if not is_whole:
        judge.out.fail("certificate", "it does not say what its own entries say")
    for role, (entry, proof) in shown.items():
        report = verify_proof(proof, trust, entry=entry)
        for one in report.findings:
            judge.out.add(one.severity, f"{role} {one.code}", f"{role}: {one.message}", one.index)
    judge.checked = f"{len(shown)} entries with their proofs; {len(given['keys'])} keys destroyed"
    found = judge.report()
    return replace(
        report, target=target, answer=found.answer, findings=found.findings, checked=judge.checked
    )


def verify_checkpoint(data: bytes, trust: Trust | None = None, target: str = "") -> Report:
    """Check only who signed a checkpoint."""
    judge = _Judge(target, trust or Trust())
    checkpoint = judge.open(data)
    if checkpoint:
        judge.judge_signatures(checkpoint)
        judge.checked = "only the signatures; give a folder or an address to check the log"
    return judge.report()


# --- Command line --------------------------------------------------------------------------------


def _arguments() -> argparse.ArgumentParser:
    what = "Check a Muniment ledger offline. Exit code: 0 met, 1 not met, 2 wrong use, 3 unsure."
    parser = argparse.ArgumentParser(prog="verify", description=what)
    add = parser.add_argument
    add("target", help="a log's folder or address, a .tlog-proof, a certificate or a checkpoint")
    add("--key", action="append", default=[], help="a log key you trust (name+id+base64)")
    add("--key-file", action="append", default=[], help="a file of such keys, one per line")
    add("--policy", help="a policy file: logs, witnesses and the quorum you ask for")
    add("--own-witness", action="append", default=[], help="a witness the operator runs itself")
    add("--checkpoint", help="check against this checkpoint instead of the log's latest")
    add("--old", action="append", default=[], help="an older checkpoint you kept")
    add("--entry", help="for a proof: the file holding the entry")
    add("--leaf", help="for a proof: the entry's leaf hash in hex")
    add("--from", dest="first", type=int, default=0, help="entries before this index were pruned")
    add("--hashes-only", action="store_true", help="do not read what the entries say")
    add("--jobs", type=int, default=os.cpu_count() or 1, help="processes to use")
    add("--tolerance", type=float, default=300.0, help="seconds an entry's time may be off")
    add("--timeout", type=float, default=30.0, help="seconds to wait for a server")
    add("--json", action="store_true", help="answer for machines")
    return parser


def _file(path: str, max_bytes: int = 2 * MAX_NOTE_BYTES) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(max_bytes + 1)


def _trust(given: argparse.Namespace) -> Trust:
    texts = list(given.key)
    for path in given.key_file:
        lines = _file(path).decode("utf-8", "replace").splitlines()
        texts += [line for line in map(str.strip, lines) if line and not line.startswith("#")]
    keys = tuple(map(parse_vkey, texts))
    if any(key.type != ED25519 for key in keys):
        raise FormatError("a log's key is of type Ed25519; witness keys go into a policy file")
    policy = parse_policy(_file(given.policy)) if given.policy else None
    return Trust(keys, policy, frozenset(given.own_witness))


def _run(given: argparse.Namespace) -> Report:
    trust, target = _trust(given), str(given.target)
    older = {path: _file(path) for path in given.old}
    checkpoint = _file(given.checkpoint) if given.checkpoint else None
    options = Options(
        checkpoint, older, given.first, given.hashes_only, given.jobs, given.tolerance
    )
    if "://" in target:
        return verify_url(target, trust, options, timeout_s=given.timeout)
    if Path(target).is_dir():
        return verify_folder(target, trust, options)
    data = _file(target)
    if data.startswith(b"{"):
        return verify_certificate(data, trust, target)
    if data.startswith(PROOF_HEADER.encode()):
        entry = _file(given.entry) if given.entry else None
        leaf = bytes.fromhex(given.leaf) if given.leaf else None
        return verify_proof(data, trust, entry=entry, leaf=leaf, target=target)
    return verify_checkpoint(data, trust, target)


def main(argv: Sequence[str] | None = None) -> int:
    """Check what the arguments name and give the exit code."""
    given = _arguments().parse_args(argv)
    try:
        report = _run(given)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"verify: {error}\n")
        return 2
    sys.stdout.write(report.as_json() + "\n" if given.json else report.as_text())
    return report.exit_code


if __name__ == "__main__":
    sys.exit(main())
