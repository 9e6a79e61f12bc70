"""Bytes that stay: content by fingerprint over a storage that a plug-in gives (disk, S3, yours).

Nouns: Blobs; DiskStorage (S3Storage stands in `muniment.blobs.s3` and needs the extra `s3`).
Verbs: make_storage (from the settings), require_name and require_prefix (for storages' authors).
Floor: machinery, above settings. Durable when a write returns; checked on every read.
"""

from muniment.blobs.content import Blobs, blob_name
from muniment.blobs.disk import DiskStorage
from muniment.blobs.names import require_floor, require_name, require_prefix
from muniment.blobs.open import make_storage

__all__ = [
    "Blobs",
    "DiskStorage",
    "blob_name",
    "make_storage",
    "require_floor",
    "require_name",
    "require_prefix",
]
