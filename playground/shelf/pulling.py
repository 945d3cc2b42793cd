"""Bringing packages onto the shelf: which version, from where, and what has to go for it. Runs in workers."""

import time
from typing import IO

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from playground.artifacts.blobs import drop_blob, put_blob
from playground.shelf.cdn import is_exact, is_name
from playground.shelf.failures import ShelfFailure
from playground.shelf.models import Derivative, Package, Source
from playground.shelf.registry import Metadata, download, fetch_metadata
from playground.shelf.tarballs import Unpacked, unpack
from playground.shelf.versions import choose_version, match_version

_PULLING = 180  # seconds after which a pull counts as abandoned


def find_version(name: str, range_: str) -> str:
    """The exact version that `range_` means now. Raises ShelfFailure.

    What somebody chose for the shelf answers open ranges, so that it needs no registry; then the registry; where that
    is out of reach, whatever is there.
    """
    if kept := _match_here(name, range_):
        return kept
    try:
        metadata = fetch_metadata(name)
        version = choose_version(metadata.versions, metadata.tags, range_)
    except ShelfFailure as failure:
        version = _nearest_here(name, range_)
        if not version:
            raise failure from None
    if not version:
        raise ShelfFailure("no_version", name)
    return version


def _nearest_here(name: str, range_: str) -> str | None:
    """Another version that is there is worth more than none."""
    here = Package.objects.filter(name=name).values_list("version", flat=True)
    return choose_version(list(here), {}, range_)


def pull_package(name: str, range_: str, source: Source = Source.PULLED) -> Package:
    """The package on the shelf, fetched if it is not there yet. Raises ShelfFailure."""
    version = find_version(name, range_)
    lock = f"shelf:pulling:{name}@{version}"
    deadline = time.monotonic() + _PULLING
    while not (package := Package.objects.filter(name=name, version=version).first()):
        if cache.add(lock, True, _PULLING):
            try:
                return _fetch(name, version, fetch_metadata(name), source)
            except ShelfFailure:
                nearest = _nearest_here(name, range_)
                if not nearest:
                    raise
                return Package.objects.get(name=name, version=nearest)
            finally:
                cache.delete(lock)
        if time.monotonic() > deadline:
            raise ShelfFailure("slow", f"{name}@{version}")
        time.sleep(0.1)
    if source != Source.PULLED and package.source == Source.PULLED:
        Package.objects.filter(pk=package.pk).update(source=source)
    return package


def upload_package(file: IO[bytes], integrity: str) -> Package:
    """A tarball as `npm pack` makes it. Raises ShelfFailure."""
    unpacked = unpack(file)
    name, version = unpacked.manifest.get("name"), unpacked.manifest.get("version")
    if not (isinstance(name, str) and isinstance(version, str) and is_name(name) and is_exact(version)):
        raise ShelfFailure("unsafe", "package.json names no package and version")
    return _store(name, version, integrity, unpacked, Source.UPLOADED)


def trim_shelf() -> None:
    """Drop what was pulled on demand and not used for longest, until the rest fits."""
    limit = settings.SHELF_MEGABYTES * 1024 * 1024
    pulled = Package.objects.filter(source=Source.PULLED)
    total = Package.objects.aggregate(bytes=Sum("size", default=0), count=Count("pk"))
    for package in pulled.order_by("used_at").iterator():
        if total["bytes"] <= limit and total["count"] <= settings.SHELF_PACKAGES:
            return
        total = {"bytes": total["bytes"] - package.size, "count": total["count"] - 1}
        drop_package(package)


def drop_package(package: Package) -> None:
    """With everything that was made from it. Blobs that something else on the shelf refers to stay."""
    blobs = {package.blob, *package.derivatives.values_list("blob", flat=True)}
    with transaction.atomic():
        package.delete()
        used = {
            *Package.objects.filter(blob__in=blobs).values_list("blob", flat=True),
            *Derivative.objects.filter(blob__in=blobs).values_list("blob", flat=True),
        }
        for blob in blobs - used:
            transaction.on_commit(lambda blob=blob: drop_blob(blob))  # type: ignore[misc]  # binds the loop's value


def _match_here(name: str, range_: str) -> str | None:
    packages = Package.objects.filter(name=name)
    if is_exact(range_):
        return range_ if packages.filter(version=range_).exists() else None
    return match_version(list(packages.kept().values_list("version", flat=True)), {}, range_)


def _fetch(name: str, version: str, metadata: Metadata, source: Source) -> Package:
    file, integrity = download(name, version, metadata)
    with file:
        unpacked = unpack(file)
    package = _store(name, version, integrity, unpacked, source)
    trim_shelf()
    return package


def _store(name: str, version: str, integrity: str, unpacked: Unpacked, source: Source) -> Package:
    fields = {
        "integrity": integrity,
        "blob": put_blob(unpacked.archive),
        "files": sorted(unpacked.files),
        "manifest": unpacked.manifest,
        "size": len(unpacked.archive),
        "source": source,
        "used_at": timezone.now(),
    }
    if old := Package.objects.filter(name=name, version=version).first():
        drop_package(old)
    return Package.objects.create(name=name, version=version, **fields)
