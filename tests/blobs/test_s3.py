"""The S3 storage keeps the contract of its socket against a real server on this machine."""

import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends

from muniment.blobs import Blobs, make_storage
from muniment.blobs.s3 import PART_BYTES, S3Storage
from muniment.core.errors import InvalidError, NotFoundError, UnavailableError
from muniment.plugins.sockets import Storage
from muniment.settings import Secret, Settings
from muniment.settings.areas import BlobSettings
from muniment.testing.storage import StorageContract
from tests.blobs.s3_server import Fault, Server, serving

_SECRET = "wJalrXUtnFEMI-never-shown"
_FAR_AHEAD = datetime(2199, 1, 1, tzinfo=UTC)

_buckets = count(1)


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    """A server for all tests of this file."""
    with serving() as server:
        yield server


@pytest.fixture
def server(running: Server) -> Iterator[Server]:
    """The server with no faults planned and nothing asked yet."""
    running.faults.clear()
    running.asked.clear()
    running.ignores_conditions_of = ""
    yield running
    running.ignores_conditions_of = ""
    assert running.faults == [], "a planned fault never came"


def open_storage(server: Server, bucket: str = "", *, prefix: str = "muniment/") -> S3Storage:
    """Open a storage over a bucket, a new one if none is named."""
    storage = S3Storage(
        bucket or f"bucket-{next(_buckets)}",
        prefix=prefix,
        endpoint_url=server.url,
        access_key=Secret("AKIAEXAMPLE"),
        secret_key=Secret(_SECRET),
    )
    if not bucket:
        storage._client.create_bucket(Bucket=storage._bucket)
        server.asked.clear()
    return storage


def open_uploads(storage: S3Storage) -> list[str]:
    """List uploads that were begun and neither finished nor aborted."""
    answer = storage._client.list_multipart_uploads(Bucket=storage._bucket)
    return [each["Key"] for each in answer.get("Uploads", ())]


def long_chunks() -> Iterator[bytes]:
    """Give content of three parts."""
    for each in range(20):
        yield bytes([each]) * (1 << 20)


class TestContract(StorageContract):
    """Every promise of the socket."""

    @pytest.fixture(autouse=True)
    def _server(self, server: Server) -> None:
        self._running = server

    def make_storage(self) -> Storage:
        made = open_storage(self._running)
        self._other = open_storage(self._running, made._bucket)
        return made

    def reopen(self, storage: Storage) -> Storage:
        assert isinstance(storage, S3Storage)
        assert storage._bucket == self._other._bucket
        return self._other


def test_objects_lie_under_the_prefix_only(server: Server) -> None:
    """Two installations share a bucket under two prefixes and never see each other."""
    one = open_storage(server, prefix="one/")
    other = open_storage(server, one._bucket, prefix="on")
    one.put_if_absent("a", (b"1",))
    assert not other.exists("a")
    other.put_if_absent("a", (b"2",))
    assert one.get("a") == b"1"
    assert list(one.names("")) == ["a"]
    one._client.put_object(Bucket=one._bucket, Key="one/not ours", Body=b"")
    assert list(one.names("")) == ["a"]


def test_listing_crosses_pages(server: Server) -> None:
    """More names than fit one answer are all listed, in order."""
    storage = open_storage(server)
    names = [f"n/{each:04}" for each in range(1003)]
    backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
    for name in names:
        backend.put_object(storage._bucket, f"muniment/{name}", b"")
    assert list(storage.names("n/")) == names


def test_a_long_object_is_sent_in_parts_and_seen_at_the_end(server: Server) -> None:
    """More than eight mebibytes go as parts, finished under the condition."""
    storage = open_storage(server)
    assert storage.put_if_absent("long", long_chunks())
    assert len([each for each in server.asked if "partNumber" in each]) == 3
    assert open_uploads(storage) == []
    server.asked.clear()
    assert not storage.put_if_absent("long", long_chunks())
    assert server.asked == ["HEAD"], "nothing is sent when the object is there"


def test_an_object_of_exactly_one_part_is_one_request(server: Server) -> None:
    """Up to the size of a part an object needs one request."""
    storage = open_storage(server)
    assert storage.put_if_absent("full", (b"x" * PART_BYTES,))
    assert server.asked == ["PUT"]
    assert len(storage.get("full")) == PART_BYTES


def test_a_long_object_that_appears_meanwhile_wins(server: Server) -> None:
    """If the name is taken while the parts travel, the last step refuses and cleans up."""
    storage = open_storage(server)
    other = open_storage(server, storage._bucket)

    def racing() -> Iterator[bytes]:
        for number, chunk in enumerate(long_chunks()):
            if number == 19:
                assert other.put_if_absent("long", (b"theirs",))
            yield chunk

    assert not storage.put_if_absent("long", racing())
    assert storage.get("long") == b"theirs"
    assert open_uploads(storage) == []


@pytest.mark.parametrize("query", ["partNumber", "uploadId"])
def test_a_long_object_that_fails_is_aborted(server: Server, query: str) -> None:
    """A refusal while parts travel or at the end leaves no object and no open upload."""
    storage = open_storage(server)
    method = "PUT" if query == "partNumber" else "POST"
    server.faults.append(Fault(method, "403 Forbidden", "AccessDenied"))
    if query == "uploadId":
        server.faults[0] = replace(server.faults[0], query=query)
    with pytest.raises(UnavailableError, match="AccessDenied"):
        storage.put_if_absent("long", long_chunks())
    assert not storage.exists("long")
    assert open_uploads(storage) == []


def test_a_broken_source_aborts_the_upload(server: Server) -> None:
    """If the source fails between parts its error is told and nothing stays."""

    def source() -> Iterator[bytes]:
        yield bytes(2 * PART_BYTES)
        yield bytes(PART_BYTES)
        raise ConnectionResetError

    storage = open_storage(server)
    with pytest.raises(ConnectionResetError):
        storage.put_if_absent("long", source())
    assert open_uploads(storage) == []


_LOST = Fault("PUT", "500 Internal Server Error", "InternalError", carried_out=True)


def test_a_put_whose_answer_was_lost_is_known_as_ours(server: Server) -> None:
    """Repeated after a lost answer, a put that had worked is told as written."""
    storage = open_storage(server)
    server.faults.append(_LOST)
    assert storage.put_if_absent("a", (b"ours",))
    assert server.asked == ["PUT", "PUT", "HEAD"]
    assert storage.get("a") == b"ours"


def test_a_swap_whose_answer_was_lost_is_known_as_ours(server: Server) -> None:
    """Repeated after a lost answer, a swap that had worked is told as done."""
    storage = open_storage(server)
    storage.compare_and_swap("head", None, b"one")
    server.faults.append(_LOST)
    assert storage.compare_and_swap("head", b"one", b"two")
    assert storage.get("head") == b"two"


def test_a_long_put_whose_answer_was_lost_is_known_as_ours(server: Server) -> None:
    """Repeated after a lost answer, finishing an upload that had worked is told as written."""
    storage = open_storage(server)
    server.faults.append(replace(_LOST, method="POST", query="uploadId"))
    server.faults.append(
        Fault("POST", "412 Precondition Failed", "PreconditionFailed", query="uploadId")
    )
    assert storage.put_if_absent("long", long_chunks())
    assert b"".join(storage.stream("long")) == b"".join(long_chunks())


def test_a_swap_that_cannot_be_told_is_not_guessed(server: Server) -> None:
    """If the answer was lost and the object then holds another's bytes, nobody is told a lie."""
    storage = open_storage(server)
    storage.compare_and_swap("head", None, b"one")
    server.faults.append(Fault("PUT", "500 Internal Server Error", "InternalError"))
    server.faults.append(Fault("PUT", "412 Precondition Failed", "PreconditionFailed"))
    with pytest.raises(UnavailableError, match=r"cannot be told .* Read the object again"):
        storage.compare_and_swap("head", b"one", b"two")


def test_a_refused_put_of_what_is_not_there_is_no_false_success(server: Server) -> None:
    """A conflict (409) does not pass for *exists already* unless the object is there."""
    storage = open_storage(server)
    conflict = Fault("PUT", "409 Conflict", "ConditionalRequestConflict")
    server.faults.append(conflict)
    with pytest.raises(UnavailableError, match=r"under way.* Try again"):
        storage.put_if_absent("a", (b"x",))
    storage.put_if_absent("a", (b"x",))
    server.faults.append(conflict)
    assert not storage.put_if_absent("a", (b"x",))
    server.faults.append(conflict)
    assert not storage.compare_and_swap("a", b"x", b"y")


def test_passing_failures_are_tried_again(server: Server) -> None:
    """A server that is busy for a moment costs nothing but the moment."""
    storage = open_storage(server)
    server.faults.extend(
        [
            Fault("PUT", "503 Slow Down", "SlowDown"),
            Fault("GET", "500 Internal Server Error", "InternalError"),
        ]
    )
    assert storage.put_if_absent("a", (b"x",))
    assert storage.get("a") == b"x"


def test_a_failure_that_lasts_is_told_after_few_tries(server: Server) -> None:
    """After four tries the caller is told, with the server's word and the remedy."""
    storage = open_storage(server)
    server.faults.extend([Fault("PUT", "503 Slow Down", "SlowDown")] * 4)
    with pytest.raises(UnavailableError, match=r"SlowDown, 503.* Try again later"):
        storage.put_if_absent("a", (b"x",))
    assert len(server.asked) == 4


def test_a_refusal_names_the_remedy_and_no_secret(server: Server) -> None:
    """Without access every verb says what to check, and neither key appears anywhere."""
    storage = open_storage(server)
    denied = "403 Forbidden"
    for method, verb in (
        ("PUT", lambda: storage.put_if_absent("a", (b"x",))),
        ("GET", lambda: storage.get("a")),
        ("HEAD", lambda: storage.exists("a")),
        ("GET", lambda: list(storage.names(""))),
        ("HEAD", lambda: storage.delete("a", written_before=_FAR_AHEAD)),
    ):
        server.faults.append(Fault(method, denied, "SignatureDoesNotMatch"))
        with pytest.raises(UnavailableError, match=r"refuses access.*Check blobs\.s3") as caught:
            verb()
        written = "".join(traceback.format_exception(caught.value))
        assert _SECRET not in written
        assert "AKIAEXAMPLE" not in written


def test_a_missing_bucket_is_not_an_empty_one(server: Server) -> None:
    """Where there is no bucket every verb says so; nothing is merely *not found*."""
    storage = open_storage(server, "never-made")
    for verb in (
        lambda: storage.put_if_absent("a", (b"x",)),
        lambda: storage.put_if_absent("a", long_chunks()),
        lambda: storage.get("a"),
        lambda: storage.exists("a"),
        lambda: list(storage.names("")),
        lambda: storage.delete("a", written_before=_FAR_AHEAD),
        lambda: storage.compare_and_swap("a", b"x", b"y"),
    ):
        with pytest.raises(InvalidError, match=r"s3_bucket: there is no bucket never-made"):
            verb()


def test_an_object_is_old_only_by_whole_seconds(server: Server) -> None:
    """S3 tells the time of a write to the second, so the doubtful second counts as young."""
    storage = open_storage(server)
    storage.put_if_absent("a", (b"x",))
    head = storage._head("a")
    assert head is not None
    assert not storage.delete("a", written_before=head.written_at + timedelta(milliseconds=999))
    assert storage.delete("a", written_before=head.written_at + timedelta(seconds=1))


def test_what_was_replaced_since_we_looked_is_not_deleted(server: Server) -> None:
    """A delete is bound to the object it judged."""
    storage = open_storage(server)
    storage.put_if_absent("a", (b"x",))
    server.faults.append(Fault("DELETE", "412 Precondition Failed", "PreconditionFailed"))
    assert not storage.delete("a", written_before=_FAR_AHEAD)


def settings_for(server: Server, bucket: str) -> Settings:
    """Give settings that name this server."""
    blobs = BlobSettings(
        storage="s3",
        s3_bucket=bucket,
        s3_endpoint_url=server.url,
        s3_access_key=Secret("AKIAEXAMPLE"),
        s3_secret_key=Secret(_SECRET),
    )
    return Settings(blobs=blobs)


def test_the_settings_open_it_by_name(server: Server) -> None:
    """Named in the settings, the storage is loaded as a plug-in, tried and used for content."""
    bucket = open_storage(server)._bucket
    for _ in range(2):
        storage, plugin = make_storage(settings_for(server, bucket))
        assert plugin.target == "muniment.blobs.s3:S3Storage"
        assert plugin.distribution == "muniment"
    digest, size = Blobs(storage).put_stream(long_chunks())
    assert size == 20 << 20
    assert b"".join(Blobs(storage).stream(digest)) == b"".join(long_chunks())


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_server_that_ignores_conditions_stops_the_start(server: Server, method: str) -> None:
    """A server that would overwrite, at once or in parts, is refused before we rely on it."""
    bucket = open_storage(server)._bucket
    server.ignores_conditions_of = method
    with pytest.raises(InvalidError, match="ignores conditional writes"):
        make_storage(settings_for(server, bucket))


def test_a_missing_bucket_stops_the_start(server: Server) -> None:
    """Settings that name no bucket, or one that is not there, are refused at the start."""
    with pytest.raises(InvalidError, match=r"s3_bucket: there is no bucket never-made"):
        make_storage(settings_for(server, "never-made"))
    with pytest.raises(InvalidError, match=r"s3_bucket: no bucket is named"):
        make_storage(settings_for(server, ""))


def test_a_missing_object_is_named(server: Server) -> None:
    """Reading what is not there names it by our name, not by the bucket's key."""
    with pytest.raises(NotFoundError) as caught:
        open_storage(server).get("a/b")
    assert caught.value.subject == "a/b"
