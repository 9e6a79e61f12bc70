"""Who vouches: keys and policy come from the reader, never from the thing that is checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.ledger.rules import format_note, format_proof, inclusion_proof
from muniment.verify import (
    Checkpoint,
    FolderSource,
    Note,
    Options,
    Proof,
    Report,
    Signature,
    TileTree,
    Trust,
    encode_base64,
    leaf_hash,
    make_key,
    open_checkpoint,
    parse_policy,
    rotation_message,
    verify_checkpoint,
    verify_folder,
    verify_proof,
)
from tests.verify.log_maker import (
    ORIGIN,
    Log,
    Signer,
    began,
    entries,
    entry,
    policy_text,
    signer,
    witness,
)

LOG = signer()
ADA, BOB, OWN = witness("w.example/ada"), witness("w.example/bob"), witness("w.example/own")


def trust(quorum: str, **witnesses: Signer) -> Trust:
    """A reader who trusts the log and asks for this quorum."""
    return Trust(policy=parse_policy(policy_text(LOG, witnesses, quorum)))


def messages(report: Report, *severities: str) -> list[str]:
    """The messages of these severities."""
    return [one.message for one in report.findings if one.severity in severities]


def make(folder: Path, *witnesses: Signer, log_signer: Signer = LOG) -> Path:
    """A small log signed and cosigned by these."""
    Log(folder, log_signer, witnesses).append(entries(5))
    return folder


def test_without_a_key_the_answer_stays_open(tmp_path: Path) -> None:
    """Hashes can be checked without a key; who signed cannot, and has its own exit code."""
    report = verify_folder(make(tmp_path))
    assert (report.answer, report.exit_code) == ("could not tell", 3)
    assert messages(report, "unsure") == [
        f"no key was given, so nobody vouches for it: the checkpoint is signed by {LOG.key}"
    ]


def test_a_foreign_checkpoint_tells_whose_it_is_and_whose_was_wanted(tmp_path: Path) -> None:
    """A checkpoint by another key is not met, naming both keys."""
    other = signer(ORIGIN, seed="somebody else")
    report = verify_folder(make(tmp_path), Trust((other.key,)))
    assert report.answer == "not met"
    assert messages(report, "fail") == [
        f"the checkpoint is signed by {LOG.key}; you trust {other.key}"
    ]


def test_a_key_must_sign_for_its_own_origin(tmp_path: Path) -> None:
    """A trusted key that signed another log's head vouches for nothing."""
    make(tmp_path)
    note, head = open_checkpoint((tmp_path / "checkpoint").read_bytes())
    text = note.text.replace(ORIGIN, "other.example/log")
    data = format_note(Note(text, (Signature(LOG.key.name, LOG.key.id, LOG.sign(text.encode())),)))
    report = verify_folder(tmp_path, Trust((LOG.key,)), Options(checkpoint=data))
    assert messages(report, "fail") == [f"{LOG.key} signed for another origin, 'other.example/log'"]
    assert head.size == 5


def test_several_keys_may_stand_for_the_same_log(tmp_path: Path) -> None:
    """A reader who knows the old and the new key accepts either."""
    newer = signer(ORIGIN, seed="newer")
    keys = (LOG.key, newer.key)
    assert verify_folder(make(tmp_path / "a"), Trust(keys)).answer == "met"
    assert verify_folder(make(tmp_path / "b", log_signer=newer), Trust(keys)).answer == "met"


def rotated_log(folder: Path, newer: Signer, signed_by: Signer) -> Path:
    """A log whose key was handed over in entry 2."""
    body = {
        "old_vkey": LOG.key.vkey,
        "new_vkey": newer.key.vkey,
        "signature": encode_base64(signed_by.sign(rotation_message(LOG.key.vkey, newer.key.vkey))),
    }
    rows = [began(), entry(1), entry(2, kind="ledger.key_rotated", body=body), entry(3)]
    Log(folder, newer).append(rows)
    return folder


def test_a_rotation_in_the_log_leads_from_the_old_key_to_the_new(tmp_path: Path) -> None:
    """A reader of the old key accepts the new one's; a reader of the new needs nothing."""
    newer = signer(ORIGIN, seed="newer")
    rotated_log(tmp_path, newer, LOG)
    for options in (Options(), Options(hashes_only=True)):
        report = verify_folder(tmp_path, Trust((LOG.key,)), options)
        assert (report.answer, report.signer) == ("met", str(newer.key))
        handed = f"an older key handed over to {newer.key} in the log itself"
        assert handed in messages(report, "note")
    assert verify_folder(tmp_path, Trust((newer.key,))).answer == "met"


def test_a_rotation_the_old_key_did_not_sign_leads_nowhere(tmp_path: Path) -> None:
    """Whoever holds only the new key cannot hand themselves the log."""
    newer = signer(ORIGIN, seed="newer")
    report = verify_folder(rotated_log(tmp_path, newer, newer), Trust((LOG.key,)))
    assert messages(report, "fail") == [
        f"the checkpoint is signed by {newer.key}; you trust {LOG.key}"
    ]


def test_a_rotation_to_another_name_leads_nowhere(tmp_path: Path) -> None:
    """A key is handed over within one log only."""
    newer = signer("other.example/log")
    report = verify_folder(rotated_log(tmp_path, newer, LOG), Trust((LOG.key,)))
    assert report.answer == "not met"


@pytest.mark.parametrize("body", [{}, {"old_vkey": 1}, {"old_vkey": "a", "new_vkey": "b"}])
def test_a_malformed_rotation_is_no_rotation(tmp_path: Path, body: dict[str, object]) -> None:
    """Whatever such an entry holds, reading it ends in an answer."""
    newer = signer(ORIGIN, seed="newer")
    Log(tmp_path, newer).append([began(), entry(1, kind="ledger.key_rotated", body=body)])
    assert verify_folder(tmp_path, Trust((LOG.key,))).answer == "not met"


def test_the_result_opens_with_who_stands_outside(tmp_path: Path) -> None:
    """The first line names the independent witness and the holder's name the reader gave."""
    report = verify_folder(make(tmp_path, ADA), trust("Ada", Ada=ADA))
    first = report.as_text().splitlines()[0]
    assert first == "Independent witness: Ada (2026-11-21T12:00:00Z)"
    assert report.has_independent_witness


def test_without_a_cosignature_the_result_says_so_first(tmp_path: Path) -> None:
    """Nobody outside has vouched: the first line says it even when all else is met."""
    report = verify_folder(make(tmp_path), Trust((LOG.key,)))
    assert report.answer == "met"
    assert report.as_text().startswith("No independent witness: nobody you named")
    assert not report.has_independent_witness


@pytest.mark.parametrize("name", ["Own", "w.example/own"])
def test_the_operators_own_witness_is_not_independent(tmp_path: Path, name: str) -> None:
    """A witness the operator runs is named by either of its names and does not count as outside."""
    base = trust("Own", Own=OWN)
    report = verify_folder(make(tmp_path, OWN), Trust((), base.policy, frozenset({name})))
    assert report.answer == "met"
    assert report.opening.startswith("No independent witness: every cosignature here")


def test_an_unmet_quorum_is_not_met(tmp_path: Path) -> None:
    """Two are asked for and one has cosigned."""
    report = verify_folder(make(tmp_path, ADA), trust("", Ada=ADA, Bob=BOB))
    assert messages(report, "fail") == [
        "the checkpoint lacks witnesses: your policy asks for 'everyone'; cosigned: Ada"
    ]


def test_a_known_key_that_fails_spoils_the_note(tmp_path: Path) -> None:
    """A wrong cosignature by a witness the reader knows is held against the checkpoint."""
    make(tmp_path, ADA, BOB)
    note, _ = open_checkpoint((tmp_path / "checkpoint").read_bytes())
    bad = Signature(BOB.key.name, BOB.key.id, note.signatures[1].blob)
    data = format_note(Note(note.text, (*note.signatures[:2], bad)))
    report = verify_folder(tmp_path, trust("Ada", Ada=ADA, Bob=BOB), Options(checkpoint=data))
    assert messages(report, "fail") == ["the signature in line 7 of the checkpoint does not hold"]


def test_signatures_by_strangers_are_ignored_and_mentioned(tmp_path: Path) -> None:
    """An unknown signature says nothing for or against, even under a known name."""
    make(tmp_path, ADA)
    note, _ = open_checkpoint((tmp_path / "checkpoint").read_bytes())
    alike = Signature(LOG.key.name, b"\1\2\3\4", b"anything")
    data = format_note(Note(note.text, (alike, *note.signatures)))
    report = verify_folder(tmp_path, Trust((LOG.key,)), Options(checkpoint=data))
    assert report.answer == "met"
    assert len([one for one in report.findings if one.code == "unknown key"]) == 2


def test_a_post_quantum_cosignature_is_told_as_unchecked(tmp_path: Path) -> None:
    """A witness key of a type not supported yet is accepted in a policy and counts for nobody."""
    make(tmp_path)
    key = make_key("pq.example/w", bytes(1312), 6)
    policy = parse_policy(f"log {LOG.key.vkey}\nwitness Q {key.vkey}\nquorum Q\n".encode())
    note, _ = open_checkpoint((tmp_path / "checkpoint").read_bytes())
    line = Signature(key.name, key.id, bytes(2428))
    data = format_note(Note(note.text, (*note.signatures, line)))
    report = verify_folder(tmp_path, Trust(policy=policy), Options(checkpoint=data))
    assert report.answer == "not met"
    assert any("unknown to this verifier" in one for one in messages(report, "note"))


def test_older_checkpoints_are_judged_too(tmp_path: Path) -> None:
    """A kept checkpoint must be readable, of the same log and signed by a trusted key."""
    log = Log(tmp_path)
    first = log.append(entries(3))
    log.append([entry(3), entry(4)])
    stranger = Log(tmp_path / "s", signer(ORIGIN, seed="x")).append(entries(3))
    other = Log(tmp_path / "o", signer("other.example/log")).append(entries(3))
    keys = Trust((LOG.key, signer("other.example/log").key))
    older = {"first": first, "noise": b"noise", "stranger": stranger, "other": other}
    report = verify_folder(tmp_path, keys, Options(older=older))
    assert "first (3 entries): nothing rewritten since" in messages(report, "note")
    assert messages(report, "fail") == ["other is about another log, 'other.example/log'"]
    assert len(messages(report, "unsure")) == 2


def test_an_empty_log_is_met(tmp_path: Path) -> None:
    """A log of no entries has a root too."""
    Log(tmp_path).publish()
    report = verify_folder(tmp_path, Trust((LOG.key,)))
    assert (report.answer, report.checked.split(",")[0]) == ("met", "every hash of no entry")


@pytest.mark.parametrize("size", [10**18, 2**63 - 1, 70_000])
def test_an_enormous_size_ends_in_an_answer(tmp_path: Path, size: int) -> None:
    """A checkpoint that claims more than there could be is answered at once."""
    log = Log(tmp_path)
    log.append(entries(300))
    data = format_note(log.signed(Checkpoint(ORIGIN, size, bytes(32))))
    report = verify_folder(tmp_path, Trust((LOG.key,)), Options(checkpoint=data))
    assert report.answer == "not met"
    assert any("missing" in one for one in messages(report, "fail"))


@pytest.mark.parametrize("data", [b"", b"\0" * 10, b"a\n" * 9, b"x" * 100_000_000, b"\xff\xfe"])
def test_a_garbage_checkpoint_is_not_met(tmp_path: Path, data: bytes) -> None:
    """Whatever stands in the place of the checkpoint, the answer is a sentence."""
    make(tmp_path)
    (tmp_path / "checkpoint").write_bytes(data)
    (said,) = messages(verify_folder(tmp_path, Trust((LOG.key,))), "fail")
    assert said.startswith("the checkpoint cannot be read: ")


def test_a_folder_without_a_checkpoint_cannot_be_told(tmp_path: Path) -> None:
    """Nothing to check against is neither met nor broken."""
    assert verify_folder(tmp_path, Trust((LOG.key,))).answer == "could not tell"


def test_a_folder_where_a_file_should_be_cannot_be_told(tmp_path: Path) -> None:
    """What the system refuses to read is told as unread."""
    make(tmp_path)
    (tmp_path / "checkpoint").unlink()
    (tmp_path / "checkpoint").mkdir()
    report = verify_folder(tmp_path, Trust((LOG.key,)))
    assert report.answer == "could not tell"
    assert "cannot be read" in messages(report, "unsure")[0]


def proof_of(folder: Path, index: int) -> bytes:
    """The proof file of one entry."""
    checkpoint = (folder / "checkpoint").read_bytes()
    size = open_checkpoint(checkpoint)[1].size
    tree = TileTree(FolderSource(str(folder)), size)
    return format_proof(Proof(index, tuple(inclusion_proof(tree.node, index, size)), checkpoint))


@pytest.mark.requirement("LOG-22")
def test_a_proof_file_stands_alone(tmp_path: Path) -> None:
    """Entry, proof file and key are enough; the log is not needed."""
    log = Log(tmp_path, witnesses=[ADA])
    log.append(entries(700))
    asked = trust("Ada", Ada=ADA)
    for index in (0, 255, 256, 699):
        one, proof = log.all_entries[index], proof_of(tmp_path, index)
        report = verify_proof(proof, asked, entry=one)
        assert (report.answer, report.has_independent_witness) == ("met", True)
        assert verify_proof(proof, asked, leaf=leaf_hash(one)).answer == "met"
        assert verify_proof(proof, asked, entry=one + b" ").answer == "not met"
        assert verify_proof(proof, asked).answer == "could not tell"
        assert verify_proof(proof, entry=one).answer == "could not tell"
        moved = proof.replace(f"index {index}\n".encode(), f"index {index + 1}\n".encode())
        assert verify_proof(moved, asked, entry=one).answer == "not met"
    assert verify_proof(b"noise", asked, entry=b"").answer == "not met"
    spoiled = proof_of(tmp_path, 1).replace(ORIGIN.encode(), b"", 1)
    assert verify_proof(spoiled, asked, entry=b"").answer == "not met"


def test_a_checkpoint_alone_is_checked_for_its_signatures(tmp_path: Path) -> None:
    """Given only a checkpoint, the answer is about who signed it, and says that."""
    data = (make(tmp_path) / "checkpoint").read_bytes()
    report = verify_checkpoint(data, Trust((LOG.key,)))
    assert (report.answer, report.size) == ("met", 5)
    assert "only the signatures" in report.checked
    assert verify_checkpoint(b"noise").answer == "not met"
