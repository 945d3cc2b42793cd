"""The npm registry, or a company's mirror of it. Called by workers; the only place that speaks with it."""

import base64
import hashlib
import json
import tempfile
import zlib
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import quote, urlsplit

import httpx2
from django.conf import settings
from django.core.cache import cache

from playground.shelf.failures import ShelfFailure
from playground.shelf.tarballs import MAX_DOWNLOAD

PUBLIC = "registry.npmjs.org"
OFF = "off"
MAX_METADATA = 64 * 1024 * 1024
_TIMEOUT = httpx2.Timeout(20, connect=5)
_KEEP = 15 * 60  # seconds
_KEEP_MISSING = 5 * 60
_KEEP_UNREACHABLE = 30
_ABBREVIATED = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a package: its versions, each with the address of its tarball and its checksum."""

    versions: dict[str, tuple[str, str]]
    tags: dict[str, str]


def fetch_metadata(name: str) -> Metadata:
    """From the cache, for a while. Raises ShelfFailure: no_package, unreachable."""
    key = f"shelf:metadata:{name}"
    if kept := cache.get(key):
        if isinstance(kept, str):
            raise ShelfFailure(kept, name)
        return Metadata(**json.loads(zlib.decompress(kept)))
    if cache.get("shelf:unreachable"):
        raise ShelfFailure("unreachable", name)
    try:
        metadata = _trim(json.loads(_get(_address(name))))
    except ShelfFailure as failure:
        if failure.code == "no_package":
            cache.set(key, failure.code, _KEEP_MISSING)
        raise
    except ValueError as error:
        raise ShelfFailure("unreachable", f"{name}: the answer is no JSON") from error
    packed = zlib.compress(json.dumps({"versions": metadata.versions, "tags": metadata.tags}).encode())
    cache.set(key, packed, _KEEP)
    return metadata


def download(name: str, version: str, metadata: Metadata) -> tuple[IO[bytes], str]:
    """The verified tarball as an open temporary file, and its checksum. Raises ShelfFailure."""
    address, integrity = metadata.versions[version]
    file = tempfile.SpooledTemporaryFile(max_size=16 * 1024 * 1024)  # noqa: SIM115 - the caller closes it
    try:
        _download_into(file, _own_address(address))
        verify(file, integrity)
    except BaseException:
        file.close()
        raise
    return file, integrity


def verify(file: IO[bytes], integrity: str) -> None:
    """`integrity` as npm writes it, `sha512-…`. A file without any checksum is not taken."""
    file.seek(0)
    method, _, expected = _strongest(integrity).partition("-")
    if method not in ("sha512", "sha384", "sha256", "sha1"):
        raise ShelfFailure("damaged", "there is no checksum")
    digest = hashlib.new(method, usedforsecurity=False)
    while chunk := file.read(256 * 1024):
        digest.update(chunk)
    if base64.b64encode(digest.digest()).decode() != expected.partition("?")[0]:
        raise ShelfFailure("damaged")
    file.seek(0)


def _strongest(integrity: str) -> str:
    order = ("sha512", "sha384", "sha256", "sha1")
    words = sorted(integrity.split(), key=lambda word: order.index(m) if (m := word.partition("-")[0]) in order else 9)
    return words[0] if words else ""


def _trim(packument: Any) -> Metadata:
    versions = {}
    for version, details in packument.get("versions", {}).items():
        dist = details.get("dist", {})
        integrity = dist.get("integrity") or _from_shasum(dist.get("shasum", ""))
        if dist.get("tarball") and integrity:
            versions[version] = (dist["tarball"], integrity)
    return Metadata(versions, packument.get("dist-tags", {}))


def _from_shasum(shasum: str) -> str:
    try:
        return f"sha1-{base64.b64encode(bytes.fromhex(shasum)).decode()}" if shasum else ""
    except ValueError:
        return ""


def _address(name: str) -> str:
    return f"{_registry()}/{quote(name, safe='@')}"


def _registry() -> str:
    address = settings.NPM_REGISTRY.rstrip("/")
    if address in ("", OFF):
        raise ShelfFailure("unreachable", "no registry is set")
    return str(address)


def _own_address(tarball: str) -> str:
    """A mirror may hand on the public registry's addresses, which need not be reachable from here."""
    parts, own = urlsplit(tarball), _registry()
    return f"{own}{parts.path}" if parts.hostname == PUBLIC and urlsplit(own).hostname != PUBLIC else tarball


def _get(address: str) -> bytes:
    with tempfile.SpooledTemporaryFile(max_size=MAX_METADATA) as file:
        _stream(address, file, MAX_METADATA)
        file.seek(0)
        return file.read()


def _download_into(file: IO[bytes], address: str) -> None:
    _stream(address, file, MAX_DOWNLOAD)


def _stream(address: str, file: IO[bytes], limit: int) -> None:
    try:
        with (
            httpx2.Client(timeout=_TIMEOUT, follow_redirects=True, max_redirects=5) as client,
            client.stream("GET", address, headers={"Accept": _ABBREVIATED}) as response,
        ):
            _check(response)
            for chunk in response.iter_bytes(256 * 1024):
                file.write(chunk)
                if file.tell() > limit:
                    raise ShelfFailure("too_large", address)
    except httpx2.HTTPError as error:
        cache.set("shelf:unreachable", True, _KEEP_UNREACHABLE)
        raise ShelfFailure("unreachable", str(error)) from error


def _check(response: httpx2.Response) -> None:
    if response.status_code in (404, 410):
        raise ShelfFailure("no_package")
    if response.status_code != 200:
        raise ShelfFailure("unreachable", f"the registry answered {response.status_code}")
