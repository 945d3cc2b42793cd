import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playground.host.snapshots import Snapshot
from playground.takeout.inlining.markup import Inliner
from playground.takeout.inlining.store import make_store
from playground.takeout.sources import PAGE, PRELUDE, Sources

_BOOT = Path(__file__).parent.parent / "scripts" / "boot.js"


@dataclass(frozen=True, slots=True)
class Takeaway:
    html: bytes
    outside: list[str]  # what could not be taken along: addresses and hosts on the internet, other pages
    is_whole: bool  # whether another attempt would give the same


async def make_document(snapshot: Snapshot, about: str, hosts: list[str]) -> Takeaway:
    """`about` is a line for whoever reads the file's source; `hosts` are those that the page may reach besides.

    Raises PlaygroundError where the file would get too large, or where a library is still on its way.
    """
    sources = Sources(snapshot)
    await sources.prepare()
    inliner = Inliner(sources)
    page = await inliner.inline(await sources.page())
    store = await make_store(sources, inliner.modules, page)
    await inliner.modules.add_aliases()
    modules = [
        {"names": module.names, "mime": module.resource.mime, "text": module.text}
        for module in inliner.modules.by_name.values()
    ]
    outside = _find_outside(sources, inliner.folders, hosts)
    pack: dict[str, object] = {"page": PAGE, "entry": snapshot.entry, "files": store, "modules": modules}
    html = page.replace(PRELUDE, _head(about, outside, pack), 1)
    return Takeaway(html.encode(errors="surrogateescape"), outside, sources.is_whole)


def _find_outside(sources: Sources, folders: set[str], hosts: list[str]) -> list[str]:
    entry = sources.snapshot.entry
    pages = [path for path in sources.snapshot.files if path.endswith((".html", ".htm")) and path != entry]
    lost = {address for address in [*sources.lost.values(), *sources.prefixes] if address not in folders}
    addresses = {_shorten(address) for address in lost}
    return sorted(address for address in addresses if address) + hosts + pages


def _shorten(address: str) -> str:
    """Empty for the mere host of a CDN, which pages name to be connected beforehand."""
    parts = urlsplit(address)
    if not parts.hostname:
        return address
    return f"{parts.hostname}{parts.path}" if parts.path.strip("/") else ""


def _head(about: str, outside: list[str], pack: dict[str, object]) -> str:
    lines = [about, "Libraries, fonts and files are inside: it opens without a network."]
    if outside:
        lines.append("Not inside, as it could not be taken along:")
        lines += [f"  {item}" for item in outside]
    comment = "\n".join(lines).replace("--", "‐‐").replace(">", "›")
    text = json.dumps(pack, ensure_ascii=False, sort_keys=True, separators=(",", ":")).replace("<", "\\u003c")
    boot = _BOOT.read_text(encoding="utf-8").strip()
    return f'<meta charset="utf-8">\n<!--\n{comment}\n-->\n<script>{boot}({text});</script>'
