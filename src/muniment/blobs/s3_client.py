"""How we speak to S3: a client with limits, and what its errors mean to the person running this.

Address, proxy, trust, retries and timeouts come from the settings and never from the environment;
only where no key is set does the machine's own role count. No message carries a key, a signature or
a proxy's password.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
from botocore.httpsession import get_cert_path
from botocore.loaders import Loader, create_loader

from muniment.core.errors import InvalidError, NotFoundError, UnavailableError
from muniment.settings import Secret

_ATTEMPTS: Final = 4
_CONNECT_SECONDS: Final = 5
_READ_SECONDS: Final = 60
_CONNECTIONS: Final = 32
_MISSING: Final = ("NoSuchKey", "NotFound", "404")
_REFUSED: Final = ("PreconditionFailed", "ConditionalRequestConflict", "412", "409")
_DENIED_STATUS: Final = (401, 403)
_NOT_IMPLEMENTED_STATUS: Final = 501
_ACCESS_REMEDY: Final = (
    "Check blobs.s3_access_key and blobs.s3_secret_key, the region and the machine's clock, and "
    "allow s3:ListBucket, GetObject, PutObject, DeleteObject and AbortMultipartUpload."
)


def make_client(
    *,
    endpoint_url: str,
    region: str,
    access_key: Secret,
    secret_key: Secret,
    ca_file: Path | None,
    proxy_url: str,
) -> Any:  # noqa: ANN401 boto3 makes its classes while it runs
    """Make a client that gives up in time and trusts what the settings say."""
    bundle = trust_bundle(ca_file) if ca_file else None
    try:
        client = _session().client(
            "s3",
            endpoint_url=endpoint_url or None,
            region_name=region,
            aws_access_key_id=access_key.reveal() or None,
            aws_secret_access_key=secret_key.reveal() or None,
            verify=str(bundle) if bundle else True,
            config=_config(endpoint_url, proxy_url),
        )
    except (BotoCoreError, ValueError) as error:
        raise InvalidError(
            f"the settings of S3 cannot be used ({type(error).__name__})",
            field="blobs",
            remedy="Check blobs.s3_endpoint_url, blobs.s3_region and that both keys are set.",
        ) from error
    if bundle:
        weakref.finalize(client, bundle.unlink, missing_ok=True)
    return client


def _session() -> boto3.session.Session:
    """Begin with what the environment says; the service's description is read once, it is long."""
    core = botocore.session.get_session()
    core.register_component("data_loader", _loader())
    return boto3.session.Session(botocore_session=core)


@cache
def _loader() -> Loader:
    return create_loader()


def _config(endpoint_url: str, proxy_url: str) -> Config:
    return Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        max_pool_connections=_CONNECTIONS,
        retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
        # {} and not None: None would make botocore ask the environment.
        proxies={"http": proxy_url, "https": proxy_url} if proxy_url else {},
        ignore_configured_endpoint_urls=True,
        # The signature covers the body, which every server checks; the newer checksum trailers
        # are refused by some.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={
            "addressing_style": "path" if endpoint_url else "auto",
            "payload_signing_enabled": True,
        },
    )


def trust_bundle(ca_file: Path) -> Path:
    """Add a private authority to the usual ones; botocore can only read one file."""
    try:
        own = ca_file.read_bytes()
    except OSError as error:
        raise InvalidError(
            f"{ca_file} cannot be read: {error.strerror}",
            field="network.ca_file",
            remedy="Give a readable PEM file.",
        ) from error
    usual = Path(get_cert_path(True)).read_bytes()
    handle, path = tempfile.mkstemp(prefix="muniment-trust-", suffix=".pem")
    with os.fdopen(handle, "wb") as bundle:
        bundle.write(usual + b"\n" + own)
    return Path(path)


def error_code(error: ClientError) -> str:
    """Give S3's own word for an error."""
    return str(error.response.get("Error", {}).get("Code", ""))


def is_missing(error: ClientError) -> bool:
    """Tell whether there is no such object."""
    return error_code(error) in _MISSING


def is_refused(error: ClientError) -> bool:
    """Tell whether the condition of a write did not hold."""
    return error_code(error) in _REFUSED


def was_retried(error: ClientError) -> bool:
    """Tell whether the request had been sent before, so that it may refuse itself."""
    return int(error.response.get("ResponseMetadata", {}).get("RetryAttempts", 0)) > 0


def bucket_missing(bucket: str) -> InvalidError:
    """Say that the bucket is not there."""
    return InvalidError(
        f"there is no bucket {bucket}",
        field="blobs.s3_bucket",
        remedy="Create it, or correct the name, the region or blobs.s3_endpoint_url.",
    )


@contextmanager
def s3_errors_told(bucket: str, name: str) -> Iterator[None]:
    """Turn what S3 or the way to it answers into an error that says what to do."""
    try:
        yield
    except ClientError as error:
        raise _explained(error, bucket, name) from error
    except NoCredentialsError as error:
        raise InvalidError(
            "no credentials for S3 were found",
            field="blobs.s3_access_key",
            remedy="Set both keys, or run on a machine whose role may use the bucket.",
        ) from error
    except BotoCoreError as error:
        raise UnavailableError(
            f"S3 cannot be reached ({type(error).__name__})",
            subject=name,
            remedy="Check blobs.s3_endpoint_url, network.proxy_url and network.ca_file, "
            "then try again.",
        ) from error


def _explained(error: ClientError, bucket: str, name: str) -> Exception:
    code = error_code(error)
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code == "NoSuchBucket":
        return bucket_missing(bucket)
    if is_missing(error):
        return NotFoundError(f"there is no object {name}", subject=name)
    if status in _DENIED_STATUS:
        return UnavailableError(
            f"S3 refuses access to the bucket {bucket} ({code})",
            subject=name,
            remedy=_ACCESS_REMEDY,
        )
    if status == _NOT_IMPLEMENTED_STATUS:
        return InvalidError(
            f"this server does not know what we ask ({code})",
            field="blobs.s3_endpoint_url",
            remedy="Use S3 itself or a release of your server that knows conditional writes.",
        )
    return UnavailableError(
        f"S3 answered with an error ({code}, {status})", subject=name, remedy="Try again later."
    )
