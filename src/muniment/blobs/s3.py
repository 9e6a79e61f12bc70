"""Objects in a bucket of S3 or of a server that speaks its protocol.

Whoever writes first is decided by the server, by conditional writes; a server that ignores the
condition is refused at the start. A write repeated after a lost answer finds its own token on the
object, so that a success is never told as a loss. Imported only when named: it needs boto3.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, Final, Self

from botocore.exceptions import BotoCoreError, ClientError

from muniment.blobs.names import is_lawful_name, require_floor, require_name, require_prefix
from muniment.blobs.s3_client import (
    bucket_missing,
    error_code,
    is_missing,
    is_refused,
    make_client,
    s3_errors_told,
    was_retried,
)
from muniment.core.errors import InvalidError, NotFoundError, UnavailableError
from muniment.settings import Secret, Settings

PART_BYTES: Final = 8 * 1024 * 1024
_MAX_PARTS: Final = 10_000
_MAX_PREFIX_CHARACTERS: Final = 300
_PIECE_BYTES: Final = 1 << 20
_TOKEN: Final = "muniment-write"  # noqa: S105 the name of a metadata field
_NO_SECRET: Final = Secret("")
_PROBE: Final = "muniment-probe"
# S3 cuts the time of a write down to the second.
_CLOCK_GRAIN: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class _Head:
    etag: str
    written_at: datetime
    token: str


class S3Storage:
    """Keeps objects in one bucket, under one prefix."""

    def __init__(
        self,
        bucket: str,
        *,
        prefix: str = "",
        endpoint_url: str = "",
        region: str = "us-east-1",
        access_key: Secret = _NO_SECRET,
        secret_key: Secret = _NO_SECRET,
        ca_file: Path | None = None,
        proxy_url: str = "",
    ) -> None:
        if not bucket:
            raise InvalidError(
                "no bucket is named", field="blobs.s3_bucket", remedy="Give the bucket's name."
            )
        if len(prefix) > _MAX_PREFIX_CHARACTERS:
            raise InvalidError(
                f"the prefix is longer than {_MAX_PREFIX_CHARACTERS} characters",
                field="blobs.s3_prefix",
                remedy="Shorten it; S3 allows 1024 bytes for the whole key.",
            )
        self._bucket = bucket
        self._prefix = prefix
        self._client: Any = make_client(
            endpoint_url=endpoint_url,
            region=region,
            access_key=access_key,
            secret_key=secret_key,
            ca_file=ca_file,
            proxy_url=proxy_url,
        )

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Make the storage that the settings describe, and see that its server keeps conditions."""
        blobs = settings.blobs
        storage = cls(
            blobs.s3_bucket,
            prefix=blobs.s3_prefix,
            endpoint_url=blobs.s3_endpoint_url,
            region=blobs.s3_region,
            access_key=blobs.s3_access_key,
            secret_key=blobs.s3_secret_key,
            ca_file=settings.network.ca_file,
            proxy_url=settings.network.proxy_url,
        )
        storage.require_conditional_writes()
        return storage

    def require_conditional_writes(self) -> None:
        """Refuse a server that would overwrite what must not be overwritten."""
        self.put_if_absent(_PROBE, (b"",))
        # All three are asked to fail; a server that does not know conditions lets them through.
        again = self.put_if_absent(_PROBE, (b"",))
        with s3_errors_told(self._bucket, _PROBE):
            swapped = self._put(_PROBE, b"", IfMatch='"00000000000000000000000000000000"')
        in_parts = self._put_parts(_PROBE, iter((b"x",)))
        if again or swapped or in_parts:
            raise InvalidError(
                "this server ignores conditional writes (If-None-Match, If-Match)",
                field="blobs.s3_endpoint_url",
                remedy="Use S3 itself or a release of your server that keeps them.",
            )

    def put_if_absent(self, name: str, chunks: Iterable[bytes]) -> bool:
        """Write an object unless one of that name exists; tell whether it was written."""
        require_name(name)
        parts = _parts(chunks)
        first = next(parts, b"")
        second = next(parts, None)
        if second is None:
            with s3_errors_told(self._bucket, name):
                return self._put(name, first, IfNoneMatch="*") or self._taken(name)
        if self.exists(name):
            return False
        return self._put_parts(name, chain((first, second), parts)) or self._taken(name)

    def get(self, name: str) -> bytes:
        """Read a whole object, or raise `NotFoundError`."""
        return b"".join(self.stream(name))

    def stream(self, name: str) -> Iterator[bytes]:
        """Read an object piece by piece, or raise `NotFoundError` before the first piece."""
        body, _ = self._open(name)
        with body:
            while True:
                with s3_errors_told(self._bucket, name):
                    piece = body.read(_PIECE_BYTES)
                if not piece:
                    return
                yield piece

    def exists(self, name: str) -> bool:
        """Tell whether there is such an object."""
        return self._head(name) is not None

    def delete(self, name: str, *, written_before: datetime) -> bool:
        """Remove an object older than the floor; a younger one is left; tell what happened."""
        floor = require_floor(written_before)
        head = self._head(name)
        if head is None or head.written_at + _CLOCK_GRAIN > floor:
            return False
        with s3_errors_told(self._bucket, name):
            try:
                self._client.delete_object(
                    Bucket=self._bucket, Key=self._key(name), IfMatch=head.etag
                )
            except ClientError as error:
                if is_refused(error) or is_missing(error):
                    return False  # it was replaced or removed since we looked
                raise
        return True

    def compare_and_swap(self, name: str, expected: bytes | None, replacement: bytes) -> bool:
        """Replace a small object only if it still holds `expected` (None: does not exist)."""
        require_name(name)
        condition = {"IfNoneMatch": "*"}
        if expected is not None:
            try:
                held, etag = self._read(name)
            except NotFoundError:
                return False
            if held != expected:
                return False
            condition = {"IfMatch": etag}
        with s3_errors_told(self._bucket, name):
            return self._put(name, replacement, **condition)

    def names(self, prefix: str) -> Iterator[str]:
        """List names that begin so, in order."""
        wanted = self._prefix + require_prefix(prefix)
        pages = iter(
            self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=wanted
            )
        )
        while True:
            with s3_errors_told(self._bucket, prefix):
                page = next(pages, None)
            if page is None:
                return
            keys = (each["Key"] for each in page.get("Contents", ()))
            yield from filter(is_lawful_name, (key[len(self._prefix) :] for key in keys))

    def _key(self, name: str) -> str:
        return self._prefix + require_name(name)

    def _open(self, name: str) -> tuple[Any, str]:
        key = self._key(name)
        with s3_errors_told(self._bucket, name):
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
        return answer["Body"], answer["ETag"]

    def _read(self, name: str) -> tuple[bytes, str]:
        body, etag = self._open(name)
        with body, s3_errors_told(self._bucket, name):
            return body.read(), etag

    def _head(self, name: str) -> _Head | None:
        key = self._key(name)
        with s3_errors_told(self._bucket, name):
            try:
                answer = self._client.head_object(Bucket=self._bucket, Key=key)
            except ClientError as error:
                if not is_missing(error):
                    raise
                self._require_bucket()
                return None
        written_at = answer["LastModified"].astimezone(UTC)
        return _Head(answer["ETag"], written_at, answer.get("Metadata", {}).get(_TOKEN, ""))

    def _require_bucket(self) -> None:
        # The answer to HEAD has no body, so it cannot tell a missing object from a missing bucket;
        # "there is no such object" must not be said of a bucket that has gone.
        try:
            self._client.head_bucket(Bucket=self._bucket)
        except ClientError as error:
            if is_missing(error):
                raise bucket_missing(self._bucket) from error
            raise

    def _put(self, name: str, data: bytes, **condition: str) -> bool:
        """Write in one request; tell whether the condition held."""
        token = secrets.token_hex(16)
        try:
            self._client.put_object(
                Bucket=self._bucket,
                Key=self._key(name),
                Body=data,
                Metadata={_TOKEN: token},
                **condition,
            )
        except ClientError as error:
            if not is_refused(error) and not (is_missing(error) and "IfMatch" in condition):
                raise
            return was_retried(error) and self._is_mine(name, token, error, condition)
        return True

    def _is_mine(self, name: str, token: str, error: ClientError, condition: object) -> bool:
        """Settle a refusal that came after a repeat: was it our own first try that stood there?"""
        head = self._head(name)
        if head is not None and head.token == token:
            return True
        if condition == {"IfNoneMatch": "*"}:
            return False
        raise UnavailableError(
            "an answer was lost and the object has changed since: it cannot be told whether "
            "this write ever stood",
            subject=name,
            remedy="Read the object again and decide anew.",
        ) from error

    def _taken(self, name: str) -> bool:
        """Answer for a write that was not made: only an object that is there excuses it."""
        if self.exists(name):
            return False
        raise UnavailableError(
            "another write or removal of this object was under way",
            subject=name,
            remedy="Try again.",
        )

    def _put_parts(self, name: str, parts: Iterator[bytes]) -> bool:
        """Write in many requests, seen by nobody until the last; tell whether it was absent."""
        key = self._key(name)
        token = secrets.token_hex(16)
        with s3_errors_told(self._bucket, name):
            upload = self._client.create_multipart_upload(
                Bucket=self._bucket, Key=key, Metadata={_TOKEN: token}
            )["UploadId"]
        done = False
        try:
            etags = self._send_parts(name, upload, parts)
            with s3_errors_told(self._bucket, name):
                done = self._complete(name, upload, etags, token)
        finally:
            if not done:
                # What cannot be aborted now costs space, not truth; buckets have a rule for it.
                with suppress(ClientError, BotoCoreError):
                    self._client.abort_multipart_upload(
                        Bucket=self._bucket, Key=key, UploadId=upload
                    )
        return done

    def _send_parts(self, name: str, upload: str, parts: Iterator[bytes]) -> list[dict[str, Any]]:
        sent = []
        for number, part in enumerate(parts, start=1):
            if number > _MAX_PARTS:
                raise InvalidError(
                    f"the object is larger than {_MAX_PARTS * PART_BYTES} bytes",
                    field="chunks",
                    remedy="Cut it into several objects.",
                )
            with s3_errors_told(self._bucket, name):
                answer = self._client.upload_part(
                    Bucket=self._bucket,
                    Key=self._key(name),
                    UploadId=upload,
                    PartNumber=number,
                    Body=part,
                )
            sent.append({"PartNumber": number, "ETag": answer["ETag"]})
        return sent

    def _complete(self, name: str, upload: str, sent: list[dict[str, Any]], token: str) -> bool:
        try:
            self._client.complete_multipart_upload(
                Bucket=self._bucket,
                Key=self._key(name),
                UploadId=upload,
                MultipartUpload={"Parts": sent},
                IfNoneMatch="*",
            )
        except ClientError as error:
            lost = error_code(error) == "NoSuchUpload"
            if not is_refused(error) and not lost:
                raise
            head = self._head(name) if was_retried(error) else None
            if head is not None and head.token == token:
                return True
            if lost:
                raise
            return False
        return True


def _parts(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Gather pieces of any size into parts of one size; never an empty one."""
    gathered = bytearray()
    for chunk in chunks:
        gathered += chunk
        while len(gathered) >= PART_BYTES:
            yield bytes(gathered[:PART_BYTES])
            del gathered[:PART_BYTES]
    if gathered:
        yield bytes(gathered)
