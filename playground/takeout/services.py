"""What may be taken home by whom, made once and kept with the version's renditions."""

import asyncio
import hashlib
import json
import re
from pathlib import Path

from asgiref.sync import sync_to_async

from playground.artifacts.addresses import public_url
from playground.artifacts.blobs import put_blob, read_blob
from playground.artifacts.models import Version
from playground.artifacts.network import cut_hosts
from playground.host.models import Rendition
from playground.host.snapshots import snapshot_of
from playground.takeout.inlining import Takeaway, make_document

REVISION = 1  # to be counted up when the same version would become another file
_BOOT = Path(__file__).parent / "scripts" / "boot.js"
_turn = asyncio.Semaphore(2)  # a file takes memory of several times its size


async def make_page(version: Version) -> Takeaway:
    """The version as one HTML file. Raises PlaygroundError where it would get too large, or is not ready."""
    hosts = await sync_to_async(cut_hosts)(version.artifact.allowed_hosts)
    about = f"{version.artifact.title}, version {version.number} of {public_url(version.artifact.get_absolute_url())}"
    key = _key(version, about, hosts)
    kept = await sync_to_async(_load)(key)
    if kept is None:
        async with _turn:
            kept = await make_document(snapshot_of(version), about, hosts)
        if kept.is_whole:
            await sync_to_async(_keep)(key, version, kept)
    return kept


def file_name(version: Version, end: str) -> str:
    """Made of the title; plain, so that it is the same on every system."""
    words = re.sub(r"[^\w-]+", "-", version.artifact.title, flags=re.UNICODE).strip("-_").lower()[:60]
    return f"{words or 'page'}-v{version.number}.{end}"


def _key(version: Version, about: str, hosts: list[str]) -> str:
    blobs = {path: file["blob"] for path, file in version.files.items()}
    boot = _BOOT.read_text(encoding="utf-8")
    parts = ["takeout", REVISION, boot, version.pk, blobs, version.entry, version.pins, about, hosts]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _load(key: str) -> Takeaway | None:
    kept = Rendition.objects.filter(pk=key).first()
    if kept is None:
        return None
    return Takeaway(read_blob(kept.forms[""]), json.loads(read_blob(kept.forms["outside"])), is_whole=True)


def _keep(key: str, version: Version, made: Takeaway) -> None:
    forms = {"": put_blob(made.html), "outside": put_blob(json.dumps(made.outside).encode())}
    Rendition.objects.get_or_create(pk=key, defaults={"version": version, "forms": forms})
