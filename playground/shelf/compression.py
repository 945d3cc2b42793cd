"""Compressed forms of what is served: made once, kept as blobs."""

import hashlib

from django.db import IntegrityError, transaction

from playground.artifacts.blobs import put_blob
from playground.artifacts.compression import compress
from playground.shelf.archives import read_kept
from playground.shelf.models import Derivative, Package


def compressed(package: Package, content: bytes, encoding: str) -> bytes:
    digest = hashlib.sha256(content).hexdigest()
    key = hashlib.sha256(f"{encoding}:{package.pk}:{digest}".encode()).hexdigest()
    kept = Derivative.objects.filter(key=key).values_list("blob", flat=True).first()
    if kept:
        return read_kept(kept)
    packed = compress(content, encoding)
    try:
        with transaction.atomic():
            Derivative.objects.create(package=package, key=key, blob=put_blob(packed), size=len(packed))
    except IntegrityError:  # another request was faster, or the package is gone
        pass
    return packed
