"""What scripts may ask for while they run, by address."""

import re
from base64 import b64encode
from typing import Any
from urllib.parse import unquote, urljoin

from agents.paths import clean_path
from playground.takeout.inlining.modules import Modules
from playground.takeout.sources import PAGE, Resource, Sources, local_url

_WORKER = re.compile(r"\bnew\s+(?:Shared)?Worker\(\s*(?:new\s+URL\(\s*)?[\"'`]([^\"'`$]+)[\"'`]")
_IMPORTS = re.compile(r"^\s*(?:import|export)\b", re.MULTILINE)


async def make_store(sources: Sources, modules: Modules, page: str) -> dict[str, Any]:
    """All files of the version but the page itself, and the libraries named elsewhere than in tags and imports."""
    urls = [local_url(path) for path in sources.snapshot.files if path != sources.snapshot.entry or not _is_page(path)]
    for url in sorted(set(sources.asked) - sources.used):
        if sources.is_module(url):
            await modules.name(url)
        else:
            urls.append(url)
    urls += sorted(modules.beside)
    found = [resource for url in dict.fromkeys(urls) if (resource := await sources.find(url))]
    workers = _find_workers(sources, [page, *(resource.text for resource in found if resource.is_text)])
    store = {}
    for resource in found:
        store[resource.url] = _entry(resource)
        if resource.url in workers and _IMPORTS.search(resource.text):
            store[resource.url]["bundle"] = await modules.bundle(resource)
    return store


def _is_page(path: str) -> bool:
    return path.endswith((".html", ".htm"))


def _find_workers(sources: Sources, texts: list[str]) -> set[str]:
    """Names are tried from the page and from each folder: which script a name stands in is not known here."""
    names = {name for text in texts for name in _WORKER.findall(text)}
    bases = {sources.entry, *(local_url(path) for path in sources.snapshot.files)}
    return {urljoin(base, name) for base in bases for name in names}


def _entry(resource: Resource) -> dict[str, Any]:
    entry: dict[str, Any] = {"mime": resource.mime}
    if resource.url.startswith(PAGE):
        entry["path"] = clean_path(unquote(resource.url.removeprefix(PAGE)))
    try:
        return entry | ({"text": resource.body.decode()} if resource.is_text else {"data": _encode(resource)})
    except UnicodeDecodeError:
        return entry | {"data": _encode(resource)}


def _encode(resource: Resource) -> str:
    return b64encode(resource.body).decode()
